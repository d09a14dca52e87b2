//! Many calls of every kind, in a process of its own: each is answered once, those that are taken back are not, and
//! memory stays as it is.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "what fails in a test stops it, and the world has more than this needs"
)]

extern crate enact_workflow as enact;

#[path = "mcp/world.rs"]
mod world;

use std::collections::HashMap;

use enact_action_core::prelude::*;
use serde_json::{Value, json};

use world::{Client, Ledger, builder};

/// How many calls are under way together.
const BATCH: u64 = 50;

/// Takes longer than it may.
#[derive(Action)]
#[action(crate = enact_action_core, effect = read, timeout = "20ms")]
struct Dawdle;

impl Run for Dawdle {
    type Output = ();
    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        cx.cancelled().await;
        std::future::pending().await
    }
}

/// What a call may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Answered,
    Panics,
    Fails,
    BreaksRules,
    Unknown,
    TooLate,
    TakenBack,
    BadJson,
}

impl Kind {
    const ALL: [Self; 8] = [
        Self::Answered,
        Self::Panics,
        Self::Fails,
        Self::BreaksRules,
        Self::Unknown,
        Self::TooLate,
        Self::TakenBack,
        Self::BadJson,
    ];

    fn call(self) -> Value {
        match self {
            Self::Panics => json!({"name": "broken"}),
            Self::Fails => json!({"name": "refund", "arguments": {"cents": 13}}),
            Self::BreaksRules => json!({"name": "add", "arguments": {"a": "x"}}),
            Self::Unknown => json!({"name": "nobody"}),
            Self::TooLate => json!({"name": "dawdle"}),
            Self::TakenBack => json!({"name": "linger"}),
            Self::Answered | Self::BadJson => json!({"name": "add", "arguments": {"a": 1, "b": 1}}),
        }
    }

    /// Whether that is what such a call is answered with.
    fn fits(self, message: &Value) -> bool {
        let text = message["result"]["content"][0]["text"].as_str();
        let says = |part: &str| text.is_some_and(|text| text.contains(part));
        match self {
            Self::Answered => text == Some("2"),
            Self::Panics => says("[panicked"),
            Self::Fails => says("[bank.away]"),
            Self::BreaksRules => says("/a"),
            Self::Unknown => message["error"]["code"] == -32602,
            Self::TooLate => says("[timeout"),
            Self::TakenBack => false,
            Self::BadJson => message["error"]["code"] == -32700,
        }
    }
}

/// How many of each were sent.
type Sent = HashMap<Kind, u64>;

async fn batch(client: &mut Client, random: &mut fastrand::Rng, sent: &mut Sent) {
    let mut open = HashMap::new();
    for _ in 0..BATCH {
        let kind = Kind::ALL[random.usize(..Kind::ALL.len())];
        *sent.entry(kind).or_default() += 1;
        let id = match kind {
            Kind::BadJson => client.send_cut("tools/call", kind.call()).await,
            _ => client.send("tools/call", kind.call()).await,
        };
        open.insert(id, kind);
        if kind == Kind::TakenBack {
            let back = json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": id}});
            client.write(&back.to_string()).await;
        }
    }
    while open.values().any(|kind| *kind != Kind::TakenBack) {
        let message = client.next().await;
        let id = message["id"].as_u64().unwrap();
        let kind = open.remove(&id);
        let kind = kind.unwrap_or_else(|| panic!("answered twice: {message}"));
        assert!(kind.fits(&message), "{kind:?}: {message}");
    }
    // Those that are taken back are never answered: one that were would not fit, in this batch or a later one.
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_calls_of_every_kind_are_answered_and_memory_stays() {
    silence_actions();
    let wanted = std::env::var("ENACT_CALLS").map_or(10_000, |told| told.parse().unwrap());
    let seed = std::env::var("ENACT_SEED")
        .map_or_else(|_| fastrand::u64(..), |told| told.parse().unwrap());
    println!("ENACT_SEED={seed}");
    let server = builder(&Ledger::default()).build().unwrap();
    let mut client = Client::of(&server).await;
    let mut random = fastrand::Rng::with_seed(seed);
    let mut sent = Sent::new();
    // What is made once is made by then.
    for _ in 0..40 {
        batch(&mut client, &mut random, &mut sent).await;
    }
    let before = resident();
    sent.clear();
    for _ in 0..wanted / BATCH {
        batch(&mut client, &mut random, &mut sent).await;
    }
    assert_eq!(sent.len(), Kind::ALL.len(), "{sent:?}");
    assert_eq!(sent.values().sum::<u64>(), wanted);
    let grown = before
        .zip(resident())
        .map(|(before, after)| after.saturating_sub(before));
    println!("grown by {grown:?} bytes over {sent:?}");
    assert!(grown.unwrap_or_default() < 6 << 20, "{grown:?}");
}
