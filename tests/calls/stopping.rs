//! Cancelling what a message has begun.

use std::time::Duration;

use enact::prelude::*;
use enact::tool::{CallLimits, Dialect};
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::vendor::{VENDORS, call, response, said};
use crate::world::World;

const LONG: u64 = 100;

#[tokio::test(start_paused = true)]
async fn cancelling_stops_what_runs_begins_nothing_and_answers_all() {
    for dialect in VENDORS {
        let (world, token) = (World::default(), CancellationToken::new());
        let cx = Context::builder().resource(world.clone());
        let cx = cx.cancellation(token.clone()).build();
        let calls: Vec<_> = [0, LONG, LONG]
            .map(|seconds| call(dialect, "w", "wait", json!({ "seconds": seconds })))
            .into();
        let tools = enact::tools().limits(CallLimits {
            at_once: 1,
            ..CallLimits::default()
        });
        let message = response(dialect, &calls);
        let cancel = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            token.cancel();
        };
        let (answers, ()) = tokio::join!(tools.dispatch(dialect, &message, &cx), cancel);
        let answers = answers.unwrap();
        let codes: Vec<_> = answers
            .iter()
            .map(|answer| answer.failure().map(Failure::code))
            .collect();
        assert_eq!(codes, [None, Some("cancelled"), Some("cancelled")]);
        let last = answers.iter().last().unwrap();
        let expected =
            "The call failed (cancelled): the caller cancelled before the action answered.";
        assert_eq!(said(dialect, last), expected);
        let seen = world.seen();
        assert_eq!((seen.begun, seen.running), (2, 0), "{dialect}");
    }
}

#[tokio::test(start_paused = true)]
async fn dropping_the_future_stops_what_runs() {
    let world = World::default();
    let wait = call(Dialect::Gemini, "w", "wait", json!({ "seconds": LONG }));
    let message = response(Dialect::Gemini, &vec![wait; 3]);
    let (tools, cx) = (enact::tools(), world.cx());
    let answers = tools.dispatch(Dialect::Gemini, &message, &cx);
    let waited = tokio::time::timeout(Duration::from_secs(1), answers).await;
    assert!(waited.is_err());
    let seen = world.seen();
    assert_eq!((seen.begun, seen.running), (3, 0));
}

#[tokio::test(start_paused = true)]
async fn a_message_can_be_answered_in_a_task_of_its_own() {
    let world = World::default();
    let wait = call(Dialect::OpenAi, "w", "wait", json!({ "seconds": 1 }));
    let (tools, cx) = (enact::tools(), world.cx());
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(async move {
        let answers = tools.dispatch(Dialect::OpenAi, &wait, &cx).await;
        answers.map(|answers| answers.len())
    });
    assert_eq!(tasks.join_all().await, [Ok(1)]);
}
