//! Signals from a file, through a router and a durable log, to a subscriber that crashes, a partner
//! who is out, and a run that one of them starts: `cargo run --example signals`.
//!
//! With `-- --db signals.db` log and journal stay in that file, and `-- trail ev-00008 --db signals.db` tells what came of
//! one signal: signals, runs and their steps, as text, with `--output json` or with `--format mermaid`.

#![expect(clippy::print_stdout, reason = "it tells a story")]

mod billing;
mod kinds;
mod parcel;
mod partner;
mod routing;

use std::path::Path;
use std::process::ExitCode;

use enact::Failure;
use enact::bus::log::Log;
use enact::cli::clap::{Arg, Command, value_parser};
use enact::cli::{App, Ui};
use enact::signal::{Envelope, Limits, json, pattern};

pub(crate) type Outcome<T> = Result<T, Failure>;

fn main() -> ExitCode {
    let orders = Arg::new("orders").value_parser(value_parser!(u64));
    App::new("signals")
        .about("Carries signals, and tells what came of them.")
        .journal("signals.db")
        .command(
            Command::new(billing::WORD)
                .hide(true)
                .args([Arg::new("log"), orders]),
            |matches, _| async move {
                let log = matches.get_one::<String>("log").cloned();
                let orders = matches.get_one::<u64>("orders").copied();
                billing::process(log.unwrap_or_default().as_ref(), orders.unwrap_or_default()).await
            },
        )
        .otherwise(all)
        .run()
}

async fn all(ui: Ui) -> Outcome<()> {
    if let Some(file) = ui.journal() {
        return story(file).await;
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
    let mut orders = signals
        .iter()
        .filter(|signal| created.matches(signal.ty()))
        .map(|order| order.id().to_owned());
    let first = orders.next().unwrap_or_default();
    let count = 1 + orders.count() as u64;
    let log = Log::open(path)?;
    log.publish_all(signals).await?;
    // One process at a time has a log.
    drop(log);
    billing::run(path, count)?;

    let log = Log::open(path)?;
    partner::tell(&log).await?;
    let (trail, id) = (log.trail(), format!("{first}-shipped"));
    let shipped = blocking(move || trail.find(&id)).await??;
    if let Some(shipped) = shipped {
        parcel::follow(path, &log, shipped.envelope().clone()).await?;
    }
    let trail = log.trail();
    let tree = blocking(move || trail.tree(&first, 100)).await??;
    println!("\nthe first order's story:\n{tree}");
    Ok(())
}

/// Asks something that blocks while it reads.
async fn blocking<T: Send + 'static>(
    ask: impl FnOnce() -> T + Send + 'static,
) -> Result<T, tokio::task::JoinError> {
    tokio::task::spawn_blocking(ask).await
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
