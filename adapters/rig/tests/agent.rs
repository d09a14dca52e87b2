//! One of rig's agents whose tools are actions, and a model that says what it is told to.

use enact_action_core as enact;
use enact_action_core::approval::{Decision, Gate};
use enact_action_core::prelude::*;
use rig_agent::agent::AgentBuilder;
use rig_core::test_utils::{MockCompletionModel, MockTurn};
use serde_json::json;

/// Adds two numbers.
#[derive(Action)]
#[action(effect = read, crate = enact)]
struct Add {
    /// The first.
    #[param(max = 100)]
    a: i32,
    /// The second.
    b: i32,
}

impl Run for Add {
    type Output = i32;
    async fn run(&self, _cx: &Context) -> Result<i32, Failure> {
        Ok(self.a + self.b)
    }
}

/// Closes an account.
#[derive(Action)]
#[action(crate = enact)]
struct CloseAccount;

impl Run for CloseAccount {
    type Output = ();
    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        let tenant = cx.tenant().unwrap_or("nobody");
        Err(Failure::terminal(
            "account.open",
            format!("{tenant} has money in it"),
        ))
    }
}

/// Closes all accounts.
#[derive(Action)]
#[action(confirm, crate = enact)]
struct CloseAll;

impl Run for CloseAll {
    type Output = String;
    async fn run(&self, _cx: &Context) -> Result<String, Failure> {
        Ok("all are closed".to_owned())
    }
}

/// What the model was told before its last turn.
async fn told(turns: [MockTurn; 2]) -> String {
    told_by(Gate::default(), turns).await
}

async fn told_by(gate: Gate, turns: [MockTurn; 2]) -> String {
    let [call, end] = turns;
    let model = MockCompletionModel::from_turns([call, end]);
    let tools = enact_rig::tools(Registry::global(), &Context::new().of_tenant("acme"), &gate);
    let agent = AgentBuilder::new(model.clone())
        .dynamic_tools(tools.unwrap())
        .build();
    let answer = agent.prompt("What is it?").max_turns(3).await.unwrap();
    assert_eq!(answer.output(), "done");
    let requests = model.requests();
    assert_eq!(requests.len(), 2);
    format!("{:?}", requests[1])
}

#[tokio::test]
async fn an_agent_calls_an_action_and_reads_its_output() {
    let call = MockTurn::tool_call("1", "add", json!({"a": 40, "b": 2}));
    let told = told([call, MockTurn::text("done")]).await;
    assert!(told.contains("42"), "{told}");
    // Its description, and the schema that its params are read by.
    assert!(
        told.contains("Adds two numbers.") && told.contains("maximum"),
        "{told}"
    );
}

#[tokio::test]
async fn an_agent_reads_every_violation() {
    let call = MockTurn::tool_call("1", "add", json!({"a": 101}));
    let told = told([call, MockTurn::text("done")]).await;
    assert!(
        told.contains("/a: found 101; allowed: at most 100 [max]"),
        "{told}"
    );
    assert!(told.contains("/b: found nothing"), "{told}");
}

#[tokio::test]
async fn a_failure_has_its_text_and_code_and_runs_for_the_tenant() {
    let call = MockTurn::tool_call("1", "close_account", json!({}));
    let told = told([call, MockTurn::text("done")]).await;
    assert!(
        told.contains("acme has money in it [account.open]"),
        "{told}"
    );
}

#[tokio::test]
async fn what_needs_approval_runs_only_where_the_policy_allows_it() {
    let turns = || {
        let call = MockTurn::tool_call("1", "close_all", json!({}));
        [call, MockTurn::text("done")]
    };
    let told = told_by(Gate::default(), turns()).await;
    assert!(told.contains("[confirm.needed]"), "{told}");
    assert!(!told.contains("all are closed"), "{told}");
    let allows = Gate::new(async |_| Decision::Allow);
    let told = told_by(allows, turns()).await;
    assert!(told.contains("all are closed"), "{told}");
}
