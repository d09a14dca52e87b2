//! A run as a timeline: one line for each of its events.

use enact::workflow::{Event, What};

/// The line of one event.
pub(crate) fn line(event: &Event) -> String {
    let what = match &event.what {
        What::RunStarted { workflow, version } => format!("began {workflow} {version}"),
        What::StepStarted { action } => format!("began {action}"),
        What::RunFinished | What::StepFinished => "answered".to_owned(),
        What::RunFailed { message, .. } | What::StepFailed { message, .. } => {
            format!("failed: {message}")
        }
        What::StepRetried { attempt, code, .. } => format!("try {attempt} failed: {code}"),
        What::StepUndone => "undone".to_owned(),
        What::BranchTaken { arm } => format!("took arm {arm}"),
        What::FanOut { items } => format!("for each of {items}"),
        other => format!("{other:?}"),
    };
    let place = if event.path.is_empty() {
        "run"
    } else {
        &event.path
    };
    format!(
        "{:>6.1} ms  {place:<16}{what}",
        event.at.as_secs_f64() * 1e3
    )
}
