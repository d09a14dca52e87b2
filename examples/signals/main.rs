//! Signals from a file, through a router and a durable log, to a subscriber that crashes and a partner
//! who is out: `cargo run --example signals`.

#![expect(clippy::print_stdout, reason = "it tells a story")]

mod billing;
mod kinds;
mod partner;
mod routing;

use std::path::Path;

use enact::bus::log::Log;
use enact::signal::{Envelope, Limits, json, pattern};

pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let mut words = std::env::args().skip(1);
    if let (Some(billing::WORD), Some(log), Some(orders)) =
        (words.next().as_deref(), words.next(), words.next())
    {
        return billing::process(Path::new(&log), orders.parse()?).await;
    }
    let folder = std::env::temp_dir().join(format!("enact-signals-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let told = story(&folder.join("signals.db")).await;
    std::fs::remove_dir_all(&folder)?;
    told
}

async fn story(path: &Path) -> Outcome<()> {
    let signals = read(include_str!("../data/signals.jsonl"));
    routing::show(&signals);

    let created = pattern!("order.created");
    let orders: Vec<_> = signals
        .iter()
        .filter(|signal| created.matches(signal.ty()))
        .collect();
    let (count, first) = (
        orders.len(),
        orders.first().map(|order| order.id().to_owned()),
    );
    let log = Log::open(path)?;
    log.publish_all(signals).await?;
    // One process at a time has a log.
    drop(log);
    billing::run(path, count)?;

    let log = Log::open(path)?;
    partner::tell(&log).await?;
    let trail = log.trail();
    let tree = tokio::task::spawn_blocking(move || trail.tree(&first.unwrap_or_default(), 100));
    println!("\nthe first order's story:\n{}", tree.await??);
    Ok(())
}

/// Every signal of a text, one in a line; what is none is told of, and the others go on.
fn read(text: &str) -> Vec<Envelope> {
    let mut signals = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        match json::read(line.as_bytes(), &Limits::default()) {
            Ok(signal) => signals.push(signal),
            Err(error) => println!("line {number} is no signal: {error}"),
        }
    }
    signals
}
