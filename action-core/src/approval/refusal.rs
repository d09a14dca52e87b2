//! Why a call that needs approval was not run.

use super::Preview;
use crate::failure::Failure;

/// Nobody has been asked yet.
#[must_use]
pub fn needed(preview: &Preview) -> Failure {
    let text = format!("not run yet, since somebody has to approve of it first; {preview}");
    Failure::terminal("confirm.needed", text)
}

/// The policy has said no.
#[must_use]
pub fn denied(reason: &str) -> Failure {
    Failure::terminal(
        "confirm.denied",
        format!("not run, since it was denied: {reason}"),
    )
}

/// Whoever was asked has said no.
#[must_use]
pub fn declined() -> Failure {
    let text = "not run, since whoever was asked did not approve; don't call it again unless you are told to";
    Failure::terminal("confirm.declined", text)
}

/// Whoever was asked has not answered.
#[must_use]
pub fn unanswered() -> Failure {
    let text = "not run, since whoever was asked to approve gave no answer";
    Failure::terminal("confirm.unanswered", text)
}
