//! The tools JSON of a model vendor.

use std::fmt::Write as _;

use enact_action_core::tool::{Dialect, ToolError};
use enact_action_core::{Failure, Registry};
use serde_json::Value;

/// The vendors' formats.
pub(crate) fn formats() -> [&'static str; 6] {
    Dialect::ALL.map(Dialect::name)
}

/// The JSON array of the registry's actions in that vendor's format.
pub(crate) fn json(registry: &Registry, format: &str) -> Result<Value, Failure> {
    let dialect: Dialect = format.parse().map_err(|error| {
        Failure::misconfigured("tools.unknown", "unknown format").because(error)
    })?;
    registry
        .tools()
        .json(dialect)
        .map_err(|error| refused(&error, dialect))
}

/// The program's mistake: an action that the vendor can't express, each with what to change.
fn refused(error: &ToolError, dialect: Dialect) -> Failure {
    let mut text = format!("the actions can't be tools of {dialect}");
    for refusal in error.refusals() {
        // Writing to a String can't fail.
        let _ = write!(text, "\n- {refusal}");
    }
    Failure::misconfigured("tools.refused", text)
}
