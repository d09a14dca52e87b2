//! What is said when something did not work, and the exit that goes with it.

use std::error::Error;
use std::fmt::Write as _;

use enact_action_core::{Failure, UndoOutcome, Undone, UndoneStep};
use humantime::format_duration;

use crate::exit::{Exit, Stop};
use crate::screen::{Screen, is_closed};
use crate::style::{ERROR, styled};
use crate::ui::Output;

/// Says how a verb ended.
pub(crate) fn end(screen: &Screen, output: Output, ended: Result<(), Stop>) -> Exit {
    match ended {
        Ok(()) => Exit::Ok,
        Err(Stop::Silent(exit)) => exit,
        Err(Stop::Usage(text)) => {
            screen.note(&format!("{} {text}", error_word()));
            Exit::Usage
        }
        Err(Stop::Failed(failure)) if is_closed(&failure) => Exit::Ok,
        Err(Stop::Failed(failure)) => {
            tell(screen, output, &failure);
            Exit::of(&failure)
        }
    }
}

fn tell(screen: &Screen, output: Output, failure: &Failure) {
    let json = match output {
        Output::Json => serde_json::to_string_pretty(failure).ok(),
        Output::Text => None,
    };
    match json {
        // Where the output is closed, the exit still tells.
        Some(json) => screen.data(&json).unwrap_or_default(),
        None => screen.note(&text(failure)),
    }
}

/// The failure for people: what, why, and what came of it, each on a line of its own.
fn text(failure: &Failure) -> String {
    let mut message = failure.message().lines();
    let first = message.next().unwrap_or_default();
    let mut text = format!("{} {first} [{}]\n", error_word(), failure.code());
    let mut line = |line: &str| {
        // Writing to a String can't fail.
        let _ = writeln!(text, "  {line}");
    };
    message.for_each(&mut line);
    match failure.violations() {
        Some(violations) => violations.to_string().lines().for_each(&mut line),
        None => causes(failure)
            .iter()
            .for_each(|cause| line(&format!("because: {cause}"))),
    }
    if failure.attempts() > 1 {
        line(&format!("after {} attempts", failure.attempts()));
    }
    if let Some(wait) = failure.wait() {
        line(&format!("try again in {}", format_duration(wait)));
    }
    match failure.undone() {
        Some(Undone::Done) => line("what it had done is undone"),
        Some(Undone::Steps(steps)) => steps.iter().for_each(|step| line(&undone(step))),
        Some(Undone::Failed(undo)) => {
            line(&format!("its undo failed too: {undo} [{}]", undo.code()));
            line("look after what it left half changed");
        }
        _ => {}
    }
    text
}

fn undone(step: &UndoneStep) -> String {
    let path = &step.path;
    match &step.outcome {
        UndoOutcome::Done => format!("{path} is undone"),
        UndoOutcome::Failed(undo) => {
            format!(
                "the undo of {path} failed: {undo} [{}]; look after it",
                undo.code()
            )
        }
        _ => format!("{path} is not undone, because the undo of a later step failed"),
    }
}

/// The chain of causes, without those that say again what was just said.
fn causes(failure: &Failure) -> Vec<String> {
    let first: Option<&(dyn Error + 'static)> = failure.source();
    let mut causes = vec![failure.message().to_owned()];
    for cause in std::iter::successors(first, |&cause| cause.source()) {
        causes.push(cause.to_string());
    }
    causes.dedup();
    causes.split_off(1)
}

fn error_word() -> String {
    styled(ERROR, "error:")
}
