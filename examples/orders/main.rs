//! Fulfils a thousand orders, each as one run of a workflow, sixteen at once.
//!
//! With `-- --db orders.db` every run is recorded in that file: stop the program in any way, start
//! it again, and it goes on where it was. `-- runs`, `-- show ord-001001`, `-- timeline ord-001001 --html
//! page.html` tell of what is recorded, `-- retry`, `-- cancel`, `-- terminate` and `-- signal` ask something of a run.
//!
//! `cargo run --example orders` reads `examples/data/orders.jsonl`; with `-- one 12` it runs the
//! order of line 12 alone and tells what happens while it does. `-- graph` draws the workflow, and
//! since a workflow is an action, it answers to `-- describe order_fulfilment`,
//! `-- run order_fulfilment …` and `-- tools --format openai` as its steps do.

mod batch;
mod durable;
mod fulfilment;
mod order;
mod steps;
mod summary;
mod timeline;
mod world;

use std::process::ExitCode;

use enact::cli::clap::{Arg, Command, value_parser};
use enact::cli::{App, Ui};
use enact::prelude::*;

use self::summary::Summary;

fn main() -> ExitCode {
    let line = Arg::new("line").value_parser(value_parser!(u64).range(1..));
    App::new("orders")
        .about("Takes orders from cart to doorstep.")
        .context(world::in_memory)
        .journal("orders.db")
        .command(
            Command::new("one")
                .about("Run the order of one line, and tell what happens")
                .arg(line.required(true)),
            |matches, ui| async move {
                let line = matches.get_one::<u64>("line").copied();
                one(line.unwrap_or(1), ui).await
            },
        )
        .otherwise(all)
        .run()
}

const SAMPLE: &str = include_str!("../data/orders.jsonl");

async fn all(ui: Ui) -> Result<(), Failure> {
    let (cx, bar) = (ui.context().await?, ui.bar());
    let total = SAMPLE.lines().count() as u64;
    let show = |summary: &Summary| {
        let failed = format!("{} failed", summary.failed.orders);
        bar.show(&Progress::new(summary.orders().into()).of(total).at(failed));
    };
    let summary = match ui.journal() {
        None => batch::fulfil(SAMPLE, &cx, show).await?,
        Some(file) => durable::fulfil(SAMPLE, file, &cx, show).await?,
    };
    ui.show(&summary, &summary)
}

async fn one(line: u64, ui: Ui) -> Result<(), Failure> {
    let text = SAMPLE.lines().zip(1..).find(|(_, number)| *number == line);
    let (text, _) = text.ok_or_else(|| {
        let last = SAMPLE.lines().count();
        let message = format!("there is no line {line}; the last one is {last}");
        Failure::misconfigured("orders.no_line", message)
    })?;
    let mut run = batch::read(text)?.start(&ui.context().await?);
    while let Some(event) = run.events().next().await {
        ui.show(&event, timeline::line(&event))?;
    }
    let confirmation = run.await?;
    let (order, pieces) = (&confirmation.order, confirmation.pieces);
    ui.show(
        &confirmation,
        format!("{order}: {pieces} pieces on their way"),
    )
}
