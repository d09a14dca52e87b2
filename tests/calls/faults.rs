//! Everything that can be wrong with a call is an answer, and loses no other call.

use enact::prelude::*;
use enact::tool::Dialect;
use serde_json::{Value, json};

use crate::vendor::{VENDORS, call, response, said};

const REFUSED: &str = "The arguments were refused; nothing was done.\n";
const MEND: &str = "\nMend these and call again.";

/// A call, and what the model reads of it.
fn faults() -> Vec<(&'static str, Value, String)> {
    let refused = |lines: &str| format!("{REFUSED}{lines}{MEND}");
    let failed = |code: &str, text: &str| format!("The call failed ({code}): {text}");
    vec![
        (
            "book_tabel",
            json!({}),
            failed(
                "action.unknown",
                r#"there is no action "book_tabel"; did you mean "book_table"?"#,
            ),
        ),
        (
            "",
            json!({}),
            failed("action.unknown", r#"there is no action ""."#),
        ),
        (
            "book_table",
            json!(r#"{"name": "Ada", "guests""#),
            refused(
                "- the params: found text that is not JSON, EOF while parsing an object at line 1 \
                 column 24; allowed: one JSON object [type]",
            ),
        ),
        (
            "book_table",
            json!("[2]"),
            refused("- the params: found a list of 1 item; allowed: one JSON object [type]"),
        ),
        (
            "book_table",
            json!({"name": "", "guests": 13}),
            refused(
                "- /name: found 0 characters; allowed: 1 to 20 characters [len]\n\
                 - /guests: found 13; allowed: at most 12 [max]",
            ),
        ),
        (
            "break",
            json!({"politely": true}),
            failed("kitchen.closed", "the kitchen is closed."),
        ),
        (
            "break",
            json!({"politely": false}),
            failed("panicked", "the stove fell."),
        ),
        (
            "dawdle",
            json!({}),
            failed("timeout.attempt", "no answer within 5s."),
        ),
    ]
}

#[tokio::test(start_paused = true)]
async fn every_fault_is_an_answer_in_the_place_of_its_call() {
    for dialect in VENDORS {
        let mut calls = vec![call(dialect, "first", "talk", json!({"letters": 1}))];
        for (at, (name, arguments, _)) in faults().into_iter().enumerate() {
            calls.push(call(dialect, &format!("call_{at}"), name, arguments));
        }
        calls.push(call(dialect, "last", "talk", json!({"letters": 2})));
        let message = response(dialect, &calls);

        let answers = enact::tools()
            .dispatch(dialect, &message, &Context::new())
            .await
            .unwrap();
        let answers: Vec<_> = answers.iter().collect();
        let [first, faulty @ .., last] = answers.as_slice() else {
            panic!("{answers:?}");
        };
        assert_eq!(
            (first.id(), said(dialect, first)),
            (Some("first"), "é".into())
        );
        assert_eq!(
            (last.id(), said(dialect, last)),
            (Some("last"), "éé".into())
        );
        assert!(first.failure().is_none() && last.failure().is_none());
        assert_eq!(faulty.len(), faults().len());
        for (at, (answer, (name, _, expected))) in faulty.iter().zip(faults()).enumerate() {
            assert_eq!(said(dialect, answer), expected, "{dialect}");
            assert_eq!(answer.id(), Some(format!("call_{at}").as_str()));
            assert_eq!(answer.tool(), name);
            assert!(answer.failure().is_some());
        }
    }
}

#[tokio::test]
async fn a_call_without_arguments_has_none() {
    let missing = [
        json!({"id": "c", "function": {"name": "talk"}}),
        json!({"id": "c", "function": {"name": "talk", "arguments": null}}),
        json!({"id": "c", "function": {"name": "talk", "arguments": ""}}),
        json!({"id": "c", "function": {"name": "talk", "arguments": "null"}}),
    ];
    for call in missing {
        let answers = enact::tools()
            .dispatch(Dialect::OpenAi, &call, &Context::new())
            .await
            .unwrap();
        let failure = answers.iter().next().and_then(|answer| answer.failure());
        let violations = failure.and_then(Failure::violations).unwrap().to_string();
        assert!(
            violations.contains("/letters: found nothing"),
            "{violations}"
        );
    }
}

#[tokio::test]
async fn a_call_that_is_no_object_is_answered_too() {
    let message = json!({"role": "assistant", "tool_calls": [7, {"id": "c", "function": "talk"}]});
    let answers = enact::tools()
        .dispatch(Dialect::OpenAi, &message, &Context::new())
        .await
        .unwrap();
    let ids: Vec<_> = answers.iter().map(enact::tool::Answer::id).collect();
    assert_eq!(ids, [None, Some("c")]);
    assert!(answers.iter().all(|answer| answer.failure().is_some()));
}

#[tokio::test]
async fn a_view_calls_nothing_else() {
    let view = Registry::global().allow(["talk"]).unwrap().tools();
    let call = json!({"type": "tool_use", "id": "t", "name": "break", "input": {"politely": true}});
    let answers = view
        .dispatch(Dialect::Anthropic, &call, &Context::new())
        .await
        .unwrap();
    let failure = answers.iter().next().and_then(|answer| answer.failure());
    assert_eq!(failure.map(Failure::code), Some("action.unknown"));
}

#[tokio::test]
async fn a_key_that_is_listed_twice_is_told_as_such() {
    let pair = |key: &str| json!({"key": key, "value": "nuts"});
    let avoid = json!([pair("Ada"), pair("Bob"), pair("Ada")]);
    let arguments = json!({"name": "Ada", "guests": 2, "at": null, "avoid": avoid});
    for dialect in [
        Dialect::OpenAi,
        Dialect::OpenAiResponses,
        Dialect::Anthropic,
        Dialect::GeminiOpenApi,
    ] {
        let message = response(
            dialect,
            &[call(dialect, "c", "book_table", arguments.clone())],
        );
        let answers = enact::tools()
            .dispatch(dialect, &message, &Context::new())
            .await
            .unwrap();
        let answer = answers.iter().next().expect("it was called once");
        let lines = "- /avoid: found the same key at 0 and at 2; allowed: each key once [twice]";
        assert_eq!(
            said(dialect, answer),
            format!("{REFUSED}{lines}{MEND}"),
            "{dialect}"
        );
    }
}
