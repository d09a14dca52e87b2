//! Reads a thousand orders, runs each as an action, and tells which were refused and why.
//!
//! `cargo run --example quickstart` reads `examples/data/orders.jsonl`; with `-- orders FILE` another
//! file. The same actions answer to `-- list`, `-- describe place_order`, `-- run place_order …` and
//! `-- tools --format openai`.

mod orders;
mod summary;

use std::path::PathBuf;
use std::process::ExitCode;

use enact::cli::clap::{Arg, Command, value_parser};
use enact::cli::{App, Ui};
use enact::prelude::*;
use serde_json::Value;

use self::orders::Ledger;
use self::summary::{Refusal, Summary};

fn main() -> ExitCode {
    let file = Arg::new("file")
        .value_parser(value_parser!(PathBuf))
        .default_value(SAMPLE);
    App::new("quickstart")
        .about("Runs orders from a file of JSON Lines as actions.")
        .context(|| Context::builder().resource(Ledger::default()))
        .command(
            Command::new("orders")
                .about("Run every order of a file")
                .arg(file),
            |matches, ui| async move {
                let file = matches.get_one::<PathBuf>("file").cloned();
                run(file.unwrap_or_else(|| SAMPLE.into()), ui).await
            },
        )
        .otherwise(|ui| run(SAMPLE.into(), ui))
        .run()
}

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/orders.jsonl");

async fn run(file: PathBuf, ui: Ui) -> Result<(), Failure> {
    let text = std::fs::read_to_string(&file).map_err(|error| {
        let message = format!(
            "could not read {}; give the path of a file of JSON Lines",
            file.display()
        );
        Failure::terminal("orders.unreadable", message).because(error)
    })?;
    let (cx, bar) = (ui.context().await?, ui.bar());
    let lines: Vec<&str> = text.lines().collect();
    let mut summary = Summary::default();
    for (index, line) in lines.iter().enumerate() {
        match place(line, &ui, &cx).await {
            Ok(_) => summary.ran += 1,
            Err(failure) if failure.kind() == Kind::Cancelled => return Err(failure),
            Err(failure) => summary.refused.push(Refusal {
                line: index + 1,
                failure,
            }),
        }
        let done = Progress::new(index as u64 + 1).of(lines.len() as u64);
        bar.show(&done.at(format!("{} refused", summary.refused.len())));
    }
    summary.cents = cx.resource::<Ledger>()?.cents();
    ui.show(&summary, &summary)
}

/// One line: JSON, then params, then the run; whatever is wrong comes back as a failure.
async fn place(line: &str, ui: &Ui, cx: &Context) -> Result<Value, Failure> {
    let json: Value = serde_json::from_str(line).map_err(|error| {
        Failure::terminal("orders.no_json", format!("the line is no JSON: {error}"))
    })?;
    ui.registry().call("place_order", json, cx).await
}
