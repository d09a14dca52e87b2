//! `run`: one action, with what the flags say.

use std::time::Duration;

use clap::ArgMatches;
use enact_action_core::registry::Entry;
use enact_action_core::{Context, Failure};
use serde_json::Value;
use tokio::time::Instant;

use crate::approve::approve;
use crate::drive::drive;
use crate::exit::Stop;
use crate::flags;
use crate::io::Interrupts;
use crate::ui::{Output, Ui, pretty};

pub(crate) fn run(matches: &ArgMatches, interrupts: Interrupts, ui: &Ui) -> Result<(), Stop> {
    let Some((name, matches)) = matches.subcommand() else {
        return Err(Stop::Usage("the name of an action is missing".to_owned()));
    };
    let entry = super::entry(name, ui)?;
    let params = flags::params(entry, matches, ui)?;
    // Before anything is connected to, let alone run.
    entry.check(params.clone()).map_err(Failure::from)?;
    let timeout = matches.get_one::<Duration>("timeout").copied();
    let way = match (matches.get_flag("dry-run"), matches.get_flag("yes")) {
        (true, _) => Way::Dry,
        (false, true) => Way::Approved,
        (false, false) => Way::Asking,
    };
    drive(
        call(entry, params, (way, timeout), ui.clone()),
        interrupts,
        ui,
    )
}

/// What is to come of it.
#[derive(Clone, Copy)]
enum Way {
    /// What it would do is shown.
    Dry,
    /// It runs, whether it needs approval or not.
    Approved,
    /// It runs; somebody is asked where it needs approval.
    Asking,
}

async fn call(
    entry: &'static Entry,
    params: Value,
    (way, timeout): (Way, Option<Duration>),
    ui: Ui,
) -> Result<(), Failure> {
    let cx = ui.context().await?;
    let proposal = entry.propose(params, &cx)?;
    match way {
        Way::Dry => {
            let preview = proposal.preview().await?;
            return ui.show(&preview, &preview);
        }
        Way::Asking => approve(&proposal, &ui).await?,
        Way::Approved => {}
    }
    // Whoever was asked may have taken their time.
    let answer = proposal.run(&within(cx, timeout)).await;
    ui.clear_bar();
    let output = answer?;
    match (ui.output(), &output) {
        (Output::Text, Value::Null) => Ok(()),
        (Output::Text, Value::String(text)) => ui.data(text),
        _ => ui.data(&pretty(&output)?),
    }
}

fn within(cx: Context, timeout: Option<Duration>) -> Context {
    let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
    match deadline {
        Some(deadline) => cx.until(deadline),
        None => cx,
    }
}
