//! Many calls of every kind, in a process of its own: each is answered once, those that are taken back are not, and
//! memory stays as it is.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    dead_code,
    reason = "what fails in a test stops it, and the world has more than this needs"
)]

extern crate enact_workflow as enact;

mod http;
mod kind;
mod lines;
#[path = "../mcp/world.rs"]
mod world;

use std::sync::{LazyLock, Once};

use fastrand::Rng;
use tokio::sync::{Mutex, MutexGuard};

use kind::{Kind, Sent};

/// How many calls are under way together.
const BATCH: u64 = 50;

/// A way to the server, and those who call by it.
trait Way {
    /// Makes some calls, waits for their answers, and holds each against what it deserves.
    async fn batch(&mut self, random: &mut Rng, sent: &mut Sent);
}

/// Calls until enough are made, then looks at memory.
async fn endure(mut way: impl Way, wanted: u64) {
    let _alone = alone().await;
    let seed = std::env::var("ENACT_SEED")
        .map_or_else(|_| fastrand::u64(..), |told| told.parse().unwrap());
    println!("ENACT_SEED={seed}");
    let mut random = Rng::with_seed(seed);
    let mut sent = Sent::new();
    // What is made once is made by then.
    for _ in 0..40 {
        way.batch(&mut random, &mut sent).await;
    }
    let before = resident();
    sent.clear();
    for _ in 0..wanted / BATCH {
        way.batch(&mut random, &mut sent).await;
    }
    assert_eq!(sent.len(), Kind::ALL.len(), "{sent:?}");
    assert_eq!(sent.values().sum::<u64>(), wanted);
    let grown = before
        .zip(resident())
        .map(|(before, after)| after.saturating_sub(before));
    println!("grown by {grown:?} bytes over {sent:?}");
    assert!(grown.unwrap_or_default() < 6 << 20, "{grown:?}");
}

/// How many calls are made.
fn wanted() -> u64 {
    std::env::var("ENACT_CALLS").map_or(10_000, |told| told.parse().unwrap())
}

/// One at a time: they look at the memory of the same process.
async fn alone() -> MutexGuard<'static, ()> {
    static ALONE: LazyLock<Mutex<()>> = LazyLock::new(Mutex::default);
    static SILENT: Once = Once::new();
    SILENT.call_once(silence_actions);
    ALONE.lock().await
}

/// Actions panic on the runtime's threads; what is told of that would stay in memory with what the test prints.
fn silence_actions() {
    let told = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() != Some("tokio-rt-worker") {
            told(panic);
        }
    }));
}

/// How many bytes of memory the process has, where that is told.
fn resident() -> Option<usize> {
    let told = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: usize = told.split(' ').nth(1)?.parse().ok()?;
    Some(pages * 4096)
}
