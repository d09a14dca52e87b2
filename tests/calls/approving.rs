//! Calls that wait until somebody approves of them.

use enact::approval::{Decision, Gate};
use enact::prelude::*;
use enact::tool::{Answers, CallLimits, Dialect};
use serde_json::{Value, json};

use crate::vendor::{VENDORS, call, response};
use crate::world::World;

/// Pays money back.
#[derive(Debug, Action)]
#[action(confirm = "Pay this back?")]
struct PayBack {
    /// How much.
    #[param(min = 1)]
    cents: u32,
    /// The card's number.
    #[param(secret, default = "none".to_owned())]
    card: String,
}

impl Run for PayBack {
    type Output = String;

    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        let world: &World = cx.resource()?;
        let mut seen = world.seen();
        seen.begun += 1;
        seen.keys.push(cx.idempotency_key().map(str::to_owned));
        Ok(format!("paid {}", self.cents))
    }
}

async fn dispatch(world: &World, dialect: Dialect, calls: &[(&str, Value)], gate: Gate) -> Answers {
    let calls: Vec<_> = calls
        .iter()
        .map(|(id, arguments)| call(dialect, id, "pay_back", arguments.clone()))
        .collect();
    let tools = enact::tools().strict(false).approve(gate);
    let message = response(dialect, &calls);
    tools
        .dispatch(dialect, &message, &world.cx())
        .await
        .unwrap()
}

fn codes(answers: &Answers) -> Vec<Option<&str>> {
    let failures = answers.iter().map(|answer| answer.failure());
    failures.map(|failure| failure.map(Failure::code)).collect()
}

#[tokio::test]
async fn with_every_vendor_it_waits_and_runs_once_it_is_approved() {
    for dialect in VENDORS {
        let world = World::default();
        let calls = [("a", json!({"cents": 5, "card": "4711"}))];
        let mut answers = dispatch(&world, dialect, &calls, Gate::default()).await;
        assert_eq!(codes(&answers), [Some("confirm.needed")], "{dialect}");
        let (at, preview) = answers.waiting().next().unwrap();
        assert_eq!(preview.params, json!({"cents": 5, "card": "[secret]"}));
        let said = answers.iter().next().unwrap().json().to_string();
        assert!(!said.contains("4711"), "{said}");
        assert_eq!(world.seen().begun, 0);
        assert!(answers.approve(at).await.unwrap().failure().is_none());
        assert_eq!(world.seen().begun, 1);
        assert!(answers.approve(at).await.is_none(), "it waits no more");
        assert!(answers.deny(at, "too late").is_none());
        assert_eq!(world.seen().begun, 1);
        let json = answers.into_messages()[0].to_string();
        assert!(json.contains("paid 5"), "{json}");
    }
}

#[tokio::test]
async fn each_call_of_a_message_is_approved_by_itself() {
    let world = World::default();
    let calls = [
        ("a", json!({"cents": 5})),
        ("a", json!({"cents": 0})),
        ("a", json!({"cents": 6})),
    ];
    let mut answers = dispatch(&world, Dialect::Anthropic, &calls, Gate::default()).await;
    let waiting: Vec<usize> = answers.waiting().map(|(at, _)| at).collect();
    assert_eq!(waiting, [0, 2]);
    answers.deny(0, "not this one");
    answers.approve(2).await;
    assert!(answers.approve(1).await.is_none());
    assert!(answers.approve(9).await.is_none());
    assert_eq!(
        codes(&answers),
        [Some("confirm.denied"), Some("invalid"), None]
    );
    assert_eq!(world.seen().begun, 1);
    let said = answers.into_messages()[0].to_string();
    assert!(said.contains("not this one"), "{said}");
}

#[tokio::test]
async fn a_policy_decides_before_anybody_is_asked() {
    let gate = Gate::new(async |proposal| match proposal.params()["cents"].as_u64() {
        Some(1) => Decision::Allow,
        Some(2) => Decision::deny("not today"),
        _ => Decision::Ask,
    });
    let world = World::default();
    let calls = [1, 2, 3].map(|cents| ("a", json!({ "cents": cents })));
    let answers = dispatch(&world, Dialect::OpenAi, &calls, gate).await;
    assert_eq!(
        codes(&answers),
        [None, Some("confirm.denied"), Some("confirm.needed")]
    );
    assert_eq!(world.seen().begun, 1);
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_never_answers_does_not_hold_the_message() {
    let world = World::default();
    let limits = CallLimits::default();
    let gate = Gate::new(|_| std::future::pending());
    let tools = enact::tools().strict(false).limits(limits).approve(gate);
    let calls = [call(Dialect::OpenAi, "a", "pay_back", json!({"cents": 5}))];
    let message = response(Dialect::OpenAi, &calls);
    let begin = tokio::time::Instant::now();
    let answers = tools
        .dispatch(Dialect::OpenAi, &message, &world.cx())
        .await
        .unwrap();
    assert_eq!(codes(&answers), [Some("confirm.unanswered")]);
    assert_eq!(begin.elapsed(), limits.deadline);
    assert_eq!(world.seen().begun, 0);
}

#[tokio::test(start_paused = true)]
async fn the_time_of_a_call_begins_with_its_approval_and_its_key_stays() {
    let world = World::default();
    let calls = [call(Dialect::OpenAi, "a", "pay_back", json!({"cents": 5}))];
    let message = response(Dialect::OpenAi, &calls);
    let cx = Context::builder()
        .resource(world.clone())
        .idempotency_key("k")
        .build();
    let tools = enact::tools().strict(false);
    let mut answers = tools
        .dispatch(Dialect::OpenAi, &message, &cx)
        .await
        .unwrap();
    tokio::time::advance(10 * CallLimits::default().deadline).await;
    assert!(answers.approve(0).await.unwrap().failure().is_none());
    assert_eq!(world.seen().keys, [Some("k/0/a".to_owned())]);
}

#[tokio::test]
async fn every_vendors_description_tells_that_it_asks() {
    for dialect in VENDORS {
        let tools = enact::tools().strict(false).build(dialect).unwrap();
        for tool in tools {
            let tells = tool
                .json()
                .to_string()
                .contains("Somebody may be asked to approve");
            assert_eq!(tells, tool.name() == "pay_back", "{dialect}");
        }
    }
}
