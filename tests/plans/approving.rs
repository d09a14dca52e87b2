//! Plans with steps that need approval.

use enact::approval::Gate;
use enact::prelude::*;
use enact::tool::{Answers, Dialect};
use enact::workflow::plan::PlanActions;
use serde_json::{Value, json};

use crate::world::World;
use crate::{plan, run, say};

/// Shouts it out to everybody.
#[derive(Debug, Action)]
#[action(confirm = "Shout it out?", needs(World))]
struct Shout {
    /// What.
    word: String,
}

impl Run for Shout {
    type Output = String;

    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        World::act(cx, "shout").await?;
        Ok(self.word.to_uppercase())
    }
}

fn shout(name: &str) -> Value {
    json!({ "step": name, "action": "shout", "params": { "word": "a" } })
}

/// What a model that calls `run_plan` with these steps is answered.
async fn dispatch(steps: Value, world: &World) -> Answers {
    let allowed = Registry::global().allow(["say", "shout"]).unwrap();
    let cx = world.builder().resource(PlanActions(allowed)).build();
    let plan = plan(&steps, &Value::Null).to_string();
    // Any JSON travels as text in this dialect.
    let arguments = json!({ "plan": plan, "inputs": [] }).to_string();
    let call = json!({"id": "a", "type": "function", "function": {"name": "run_plan", "arguments": arguments}});
    let tools = enact::tools().approve(Gate::default());
    tools.dispatch(Dialect::OpenAi, &call, &cx).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_model_can_not_get_around_approval_by_a_plan() {
    let world = World::default();
    let arms = json!({ "parallel": "p", "arms": [[say("b", "b")], [shout("c")]] });
    for steps in [json!([shout("a")]), json!([say("a", "a"), arms])] {
        let mut answers = dispatch(steps, &world).await;
        let failure = answers.iter().next().unwrap().failure().unwrap();
        assert_eq!(failure.code(), "confirm.needed", "{failure:?}");
        assert!(world.log().is_empty(), "nothing was done");
        let (at, preview) = answers.waiting().next().unwrap();
        let writes = preview.told.as_ref().unwrap()["writes"].clone();
        assert_eq!(writes.as_array().unwrap().len(), 1, "{writes}");
        assert_eq!(writes[0]["action"], "shout");
        answers.deny(at, "be quiet");
    }
    let mut answers = dispatch(json!([shout("a")]), &world).await;
    answers.approve(0).await;
    assert_eq!(world.log(), ["shout"]);
}

#[tokio::test(start_paused = true)]
async fn a_plan_without_such_steps_runs_at_once() {
    let world = World::default();
    let answers = dispatch(json!([say("a", "a")]), &world).await;
    assert!(answers.iter().next().unwrap().failure().is_none());
    assert_eq!(answers.waiting().count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_the_program_runs_asks_nobody() {
    let world = World::default();
    let plan = plan(&json!([shout("a")]), &Value::Null);
    run(&plan, &world).await.unwrap();
    assert_eq!(world.log(), ["shout"]);
}
