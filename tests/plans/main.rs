//! Plans at work: what a run of one does, what stops it, what it leaves, and how a refused one is
//! mended.

#![expect(clippy::unwrap_used, reason = "a test that can't go on stops")]

mod approving;
mod bounds;
mod calling;
mod events;
mod flow;
mod mending;
mod nesting;
mod sagas;
mod vectors;
mod world;

use enact::prelude::*;
use enact::workflow::Plan;
use serde_json::{Value, json};

use crate::world::World;

enact::workflow::run_plan!();

/// A plan of these steps, with this answer; null for none.
fn plan(steps: &Value, answer: &Value) -> Value {
    let mut plan = json!({ "enact": 1, "name": "test", "steps": steps });
    if !answer.is_null() {
        plan["answer"] = answer.clone();
    }
    plan
}

/// The same, undone where a step fails.
fn saga(steps: &Value) -> Value {
    json!({ "enact": 1, "name": "test", "saga": true, "steps": steps })
}

#[track_caller]
fn accepted(json: &Value) -> Plan {
    Plan::check(json, Registry::global()).expect("the plan has no mistakes")
}

/// Checks the plan and runs it, without inputs.
async fn run(json: &Value, world: &World) -> Result<Value, Failure> {
    accepted(json).run(&json!({}), &world.cx()).await
}

/// A step that says a word.
fn say(name: &str, word: &str) -> Value {
    json!({ "step": name, "action": "say", "params": { "word": word } })
}

/// A step that makes what can be undone.
fn make(name: &str) -> Value {
    json!({ "step": name, "action": "make", "params": { "what": name } })
}
