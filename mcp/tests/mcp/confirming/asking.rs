//! Clients whose user can be asked, up to the revision 2025-11-25.

use std::sync::Arc;
use std::time::Duration;

use enact_action_core::approval::{Decision, Gate};
use enact_mcp::{Http, Limits, Server};
use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::time::advance;

use super::rounds::{User, close};
use super::{account, call, check_refused, closed};
use crate::http::Place;
use crate::world::{Client, Ledger, builder, text};
use rmcp::ServiceExt as _;

async fn world(limits: Limits) -> (Ledger, Server, Client) {
    let ledger = Ledger::default();
    let server = builder(&ledger).limits(limits).build().unwrap();
    let client = Client::able(&server, json!({"elicitation": {}})).await;
    (ledger, server, client)
}

/// The next question, for the user.
async fn question(client: &mut Client) -> Value {
    let question = client.next().await;
    assert_eq!(question["method"], "elicitation/create", "{question}");
    question
}

async fn reply(client: &mut Client, question: &Value, result: Value) {
    let line = json!({"jsonrpc": "2.0", "id": question["id"], "result": result});
    client.write(&line.to_string()).await;
}

#[tokio::test]
async fn the_user_sees_what_would_be_done_and_a_yes_runs_it() {
    let (ledger, _server, mut client) = world(Limits::default()).await;
    let id = client
        .send("tools/call", call(&account(), None, None))
        .await;
    let asked = question(&mut client).await;
    assert_eq!(closed(&ledger), 0);
    let said = asked["params"]["message"].as_str().unwrap();
    assert!(said.starts_with("Close this account for good?"), "{said}");
    assert!(said.contains("3 orders that would be cancelled"), "{said}");
    assert!(!asked.to_string().contains("8642"), "{asked}");
    let schema = &asked["params"]["requestedSchema"];
    assert_eq!(schema["properties"]["approve"]["type"], "boolean");
    assert_eq!(schema["required"], json!(["approve"]));
    reply(
        &mut client,
        &asked,
        json!({"action": "accept", "content": {"approve": true}}),
    )
    .await;
    let answer = client.answer(id).await["result"].take();
    assert_eq!(text(&answer), "closed acc-1 as number 1");
}

#[tokio::test]
async fn anything_but_a_yes_runs_nothing() {
    let (ledger, _server, mut client) = world(Limits::default()).await;
    for result in [
        json!({"action": "decline"}),
        json!({"action": "cancel"}),
        json!({"action": "accept"}),
        json!({"action": "accept", "content": {}}),
        json!({"action": "accept", "content": {"approve": false}}),
        json!({"action": "accept", "content": {"approve": "true"}}),
        json!({"action": "decline", "content": {"approve": true}}),
    ] {
        let id = client
            .send("tools/call", call(&account(), None, None))
            .await;
        let asked = question(&mut client).await;
        reply(&mut client, &asked, result).await;
        let answer = client.answer(id).await["result"].take();
        check_refused(&answer, "confirm.declined");
    }
    assert_eq!(closed(&ledger), 0);
}

#[tokio::test]
async fn a_client_that_answers_with_nonsense_or_an_error_has_not_approved() {
    let (ledger, _server, mut client) = world(Limits::default()).await;
    for (key, said) in [
        ("result", json!({"action": "perhaps"})),
        ("result", json!({})),
        (
            "error",
            json!({"code": -32601, "message": "no such method"}),
        ),
    ] {
        let id = client
            .send("tools/call", call(&account(), None, None))
            .await;
        let asked = question(&mut client).await;
        let line = json!({"jsonrpc": "2.0", "id": asked["id"], key: said});
        client.write(&line.to_string()).await;
        let answer = client.answer(id).await["result"].take();
        check_refused(&answer, "confirm.unanswered");
    }
    assert_eq!(closed(&ledger), 0);
}

#[tokio::test(start_paused = true)]
async fn a_user_who_never_answers_has_not_approved() {
    let (ledger, _server, mut client) = world(Limits::default()).await;
    let id = client
        .send("tools/call", call(&account(), None, None))
        .await;
    let asked = question(&mut client).await;
    advance(Limits::default().approval).await;
    let told = client.next().await;
    assert_eq!(told["method"], "notifications/cancelled");
    assert_eq!(told["params"]["requestId"], asked["id"]);
    let answer = client.answer(id).await["result"].take();
    check_refused(&answer, "confirm.unanswered");
    // A yes that comes later is too late.
    reply(
        &mut client,
        &asked,
        json!({"action": "accept", "content": {"approve": true}}),
    )
    .await;
    client.call("add", json!({"a": 1, "b": 2})).await;
    assert_eq!(closed(&ledger), 0);
}

#[tokio::test]
async fn calls_with_one_key_ask_once() {
    let (ledger, _server, mut client) = world(Limits::default()).await;
    for (result, code) in [
        (json!({"action": "decline"}), Some("confirm.declined")),
        (
            json!({"action": "accept", "content": {"approve": true}}),
            None,
        ),
    ] {
        for _ in 0..3 {
            client
                .send("tools/call", call(&account(), None, Some("k")))
                .await;
        }
        let asked = question(&mut client).await;
        // The others wait by the time that this is answered, since lines are read in their order.
        client.call("add", json!({"a": 1, "b": 2})).await;
        reply(&mut client, &asked, result).await;
        for _ in 0..3 {
            let answer = client.next().await["result"].take();
            match code {
                Some(code) => check_refused(&answer, code),
                None => assert_eq!(text(&answer), "closed acc-1 as number 1"),
            }
        }
    }
    assert_eq!(closed(&ledger), 1);
}

#[tokio::test]
async fn who_waits_for_a_question_that_is_cancelled_has_it_asked_anew() {
    let (ledger, _server, mut client) = world(Limits::default()).await;
    let call = call(&account(), None, Some("k"));
    let first = client.send("tools/call", call.clone()).await;
    question(&mut client).await;
    let second = client.send("tools/call", call).await;
    let cancel = json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": first}});
    client.write(&cancel.to_string()).await;
    let asked = loop {
        let message = client.next().await;
        if message["method"] == "elicitation/create" {
            break message;
        }
    };
    let yes = json!({"action": "accept", "content": {"approve": true}});
    reply(&mut client, &asked, yes).await;
    let answer = client.answer(second).await["result"].take();
    assert_eq!(text(&answer), "closed acc-1 as number 1");
    assert_eq!(closed(&ledger), 1);
}

#[tokio::test]
async fn questions_beyond_the_most_are_refused() {
    let limits = Limits {
        approvals: 1,
        ..Limits::default()
    };
    let (ledger, _server, mut client) = world(limits).await;
    let first = client
        .send("tools/call", call(&account(), None, None))
        .await;
    let asked = question(&mut client).await;
    let second = client.close(&account(), None, None).await;
    check_refused(&second, "mcp.busy");
    reply(
        &mut client,
        &asked,
        json!({"action": "accept", "content": {"approve": true}}),
    )
    .await;
    client.answer(first).await;
    assert_eq!(closed(&ledger), 1);
}

#[tokio::test]
async fn a_call_that_is_cancelled_while_it_asks_runs_nothing() {
    let (ledger, _server, mut client) = world(Limits::default()).await;
    let id = client
        .send("tools/call", call(&account(), None, None))
        .await;
    let asked = question(&mut client).await;
    let cancel =
        json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": id}});
    client.write(&cancel.to_string()).await;
    reply(
        &mut client,
        &asked,
        json!({"action": "accept", "content": {"approve": true}}),
    )
    .await;
    client
        .send(
            "tools/call",
            json!({"name": "add", "arguments": {"a": 1, "b": 2}}),
        )
        .await;
    while client.next().await.get("result").is_none() {}
    assert_eq!(closed(&ledger), 0);
}

#[tokio::test]
async fn over_http_a_session_asks_on_the_stream_of_the_call() {
    let ledger = Ledger::default();
    let place = Place::of(builder(&ledger).build().unwrap(), Http::new()).await;
    for (user, says) in [
        (User::yes(), "closed acc-1 as number 1"),
        (User::no(), "[confirm.declined]"),
    ] {
        let client = user.serve(place.transport(None)).await.unwrap();
        let result = client.call_tool(close()).await.unwrap();
        let result = serde_json::to_value(result).unwrap();
        assert!(text(&result).contains(says), "{result}");
        client.cancel().await.unwrap();
    }
    assert_eq!(closed(&ledger), 1);
    place.stop().await;
}

#[tokio::test]
async fn a_call_that_was_approved_of_waits_for_a_place() {
    let limits = Limits {
        calls: 1,
        ..Limits::default()
    };
    let (ledger, _server, mut client) = world(limits).await;
    let approved = client
        .send("tools/call", call(&account(), None, None))
        .await;
    let asked = question(&mut client).await;
    let slow = json!({"name": "refund", "arguments": {"cents": 1, "slowly": true}});
    let slow = client.send("tools/call", slow).await;
    ledger.began.notified().await;
    let yes = json!({"action": "accept", "content": {"approve": true}});
    reply(&mut client, &asked, yes).await;
    // Its yes is read by the time that this is refused, since lines are read in their order.
    let refused = client.call("add", json!({"a": 1, "b": 2})).await;
    check_refused(&refused, "mcp.busy");
    ledger.go.notify_one();
    client.answer(slow).await;
    let answer = client.answer(approved).await["result"].take();
    assert_eq!(text(&answer), "closed acc-1 as number 2");
}

#[tokio::test(start_paused = true)]
async fn what_the_policy_takes_is_none_of_the_time_in_which_there_may_be_a_place() {
    let limits = Limits {
        calls: 1,
        timeout: Duration::from_secs(100),
        grace: Duration::ZERO,
        approval: Duration::from_secs(10),
        ..Limits::default()
    };
    let ledger = Ledger::default();
    let (began, decides) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (tell, wait) = (Arc::clone(&began), Arc::clone(&decides));
    let gate = Gate::new(move |_| {
        let (tell, wait) = (Arc::clone(&tell), Arc::clone(&wait));
        async move {
            tell.notify_one();
            wait.notified().await;
            Decision::Ask
        }
    });
    let server = builder(&ledger).limits(limits).approve(gate);
    let server = server.build().unwrap();
    let mut client = Client::able(&server, json!({"elicitation": {}})).await;
    let approved = client
        .send("tools/call", call(&account(), None, None))
        .await;
    began.notified().await;
    advance(Duration::from_secs(99)).await;
    decides.notify_one();
    let asked = question(&mut client).await;
    let slow = json!({"name": "refund", "arguments": {"cents": 1, "slowly": true}});
    let slow = client.send("tools/call", slow).await;
    ledger.began.notified().await;
    advance(Duration::from_secs(9)).await;
    let yes = json!({"action": "accept", "content": {"approve": true}});
    reply(&mut client, &asked, yes).await;
    // Its yes is read by the time that this is refused, since lines are read in their order.
    let refused = client.call("add", json!({"a": 1, "b": 2})).await;
    check_refused(&refused, "mcp.busy");
    advance(Duration::from_secs(9)).await;
    let refused = client.call("add", json!({"a": 1, "b": 2})).await;
    check_refused(&refused, "mcp.busy");
    ledger.go.notify_one();
    client.answer(slow).await;
    let answer = client.answer(approved).await["result"].take();
    assert_eq!(text(&answer), "closed acc-1 as number 2");
}
