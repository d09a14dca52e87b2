//! Where a checked plan runs.

use enact_action_core::{Context, Failure};
use serde_json::Value;

use super::Plan;

/// Runs a plan with inputs that it has accepted.
///
/// # Errors
/// Misconfigured, `plan.no_runner`: this program has nothing that runs plans.
#[expect(clippy::unused_async, reason = "running waits")]
pub(crate) async fn run(_plan: &Plan, _inputs: Value, _cx: &Context) -> Result<Value, Failure> {
    let text = "this program checks plans but has no runner for them";
    Err(Failure::misconfigured("plan.no_runner", text))
}
