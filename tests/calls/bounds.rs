//! How much one message may ask for.

use std::time::Duration;

use enact::prelude::*;
use enact::tool::{CallLimits, Dialect};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::vendor::{VENDORS, call, response, said};
use crate::world::World;

fn waits(dialect: Dialect, seconds: impl IntoIterator<Item = u64>) -> Value {
    let calls: Vec<_> = seconds
        .into_iter()
        .map(|seconds| call(dialect, "w", "wait", json!({ "seconds": seconds })))
        .collect();
    response(dialect, &calls)
}

#[tokio::test(start_paused = true)]
async fn eight_calls_run_side_by_side_and_no_more() {
    let (world, begin) = (World::default(), Instant::now());
    let message = waits(Dialect::OpenAi, [1; 20]);
    let answers = enact::tools()
        .dispatch(Dialect::OpenAi, &message, &world.cx())
        .await
        .unwrap();
    assert_eq!(answers.len(), 20);
    let seen = world.seen();
    assert_eq!((seen.most, seen.begun, seen.running), (8, 20, 0));
    assert_eq!(begin.elapsed().as_secs(), 3);
}

#[tokio::test(start_paused = true)]
async fn another_bound_is_kept_and_none_is_one() {
    for (at_once, most, seconds) in [(3, 3, 2), (1, 1, 6), (0, 1, 6)] {
        let (world, begin) = (World::default(), Instant::now());
        let limits = CallLimits {
            at_once,
            ..CallLimits::default()
        };
        let message = waits(Dialect::Anthropic, [1; 6]);
        let tools = enact::tools().limits(limits);
        let answers = tools
            .dispatch(Dialect::Anthropic, &message, &world.cx())
            .await
            .unwrap();
        assert_eq!(answers.len(), 6);
        assert_eq!(world.seen().most, most);
        assert_eq!(begin.elapsed().as_secs(), seconds);
    }
}

#[tokio::test(start_paused = true)]
async fn a_slow_call_holds_nobody_up_and_answers_keep_the_order() {
    let (world, begin) = (World::default(), Instant::now());
    let limits = CallLimits {
        at_once: 2,
        ..CallLimits::default()
    };
    let message = waits(Dialect::OpenAi, [9, 4, 3, 2]);
    let tools = enact::tools().limits(limits);
    let answers = tools
        .dispatch(Dialect::OpenAi, &message, &world.cx())
        .await
        .unwrap();
    let said: Vec<_> = answers
        .iter()
        .map(|answer| said(Dialect::OpenAi, answer))
        .collect();
    assert_eq!(said, ["9", "4", "3", "2"]);
    assert_eq!(begin.elapsed().as_secs(), 9);
}

#[tokio::test(start_paused = true)]
async fn calls_beyond_the_most_are_answered_and_not_run() {
    for dialect in VENDORS {
        let world = World::default();
        let message = waits(dialect, [0; 130]);
        let answers = enact::tools()
            .dispatch(dialect, &message, &world.cx())
            .await
            .unwrap();
        let codes: Vec<_> = answers
            .iter()
            .map(|answer| answer.failure().map(Failure::code))
            .collect();
        assert_eq!(codes.len(), 130);
        assert!(codes[..128].iter().all(Option::is_none));
        assert_eq!(codes[128..], [Some("calls.too_many"); 2]);
        assert_eq!(world.seen().begun, 128);
    }
}

#[tokio::test]
async fn arguments_beyond_the_most_are_refused_unread() {
    let limits = CallLimits {
        arguments: 13,
        ..CallLimits::default()
    };
    let tools = enact::tools().limits(limits);
    for dialect in VENDORS {
        for (letters, size, refused) in [(1, 13, false), (12, 14, true)] {
            let arguments = json!({ "letters": letters });
            assert_eq!(arguments.to_string().len(), size);
            let call = call(dialect, "c", "talk", arguments);
            let answers = tools
                .dispatch(dialect, &call, &Context::new())
                .await
                .unwrap();
            let answer = answers.iter().next().unwrap();
            assert_eq!(answer.failure().is_some(), refused, "{dialect}");
            if refused {
                let said = said(dialect, answer);
                let line =
                    "- the params: found 14 bytes; allowed: at most 13 bytes of JSON [limit]";
                assert!(said.contains(line), "{said}");
            }
        }
    }
}

#[tokio::test]
async fn a_long_answer_is_cut_between_letters_and_says_so() {
    let limits = CallLimits {
        answer: 5,
        ..CallLimits::default()
    };
    let tools = enact::tools().limits(limits);
    for dialect in VENDORS {
        let call = call(dialect, "c", "talk", json!({"letters": 100}));
        let answers = tools
            .dispatch(dialect, &call, &Context::new())
            .await
            .unwrap();
        let answer = answers.iter().next().unwrap();
        assert_eq!(said(dialect, answer), "éé\n[cut: 4 of 200 bytes]");
        assert!(answer.failure().is_none());
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_has_five_minutes_from_when_it_begins() {
    let (world, begin) = (World::default(), Instant::now());
    let limits = CallLimits {
        at_once: 1,
        ..CallLimits::default()
    };
    let message = waits(Dialect::OpenAi, [299, 301, 299]);
    let tools = enact::tools().limits(limits);
    let answers = tools
        .dispatch(Dialect::OpenAi, &message, &world.cx())
        .await
        .unwrap();
    let codes: Vec<_> = answers
        .iter()
        .map(|answer| answer.failure().map(Failure::code))
        .collect();
    assert_eq!(codes, [None, Some("timeout.deadline"), None]);
    assert_eq!(begin.elapsed(), Duration::from_secs(299 + 300 + 299));
}

#[tokio::test(start_paused = true)]
async fn every_call_has_a_key_of_its_own_where_the_message_has_one() {
    let (world, key) = (World::default(), "chat-7");
    let cx = Context::builder().resource(world.clone());
    let message = waits(Dialect::OpenAi, [0, 0]);
    let tools = enact::tools();
    tools
        .dispatch(Dialect::OpenAi, &message, &cx.idempotency_key(key).build())
        .await
        .unwrap();
    let keys = std::mem::take(&mut world.seen().keys);
    let expected = ["chat-7/0/w", "chat-7/1/w"].map(|key| Some(key.to_owned()));
    assert_eq!(keys, expected);

    tools
        .dispatch(Dialect::OpenAi, &message, &world.cx())
        .await
        .unwrap();
    assert_eq!(world.seen().keys, [None, None]);
}
