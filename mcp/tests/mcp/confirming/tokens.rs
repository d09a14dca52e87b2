//! Clients that can't ask: what the call would do, and a token for the program around the model.

use std::time::Duration;

use enact_mcp::{Limits, PREVIEW, Server};
use serde_json::json;
use tokio::time::advance;

use super::{account, call, check_refused, closed, token};
use crate::world::{Client, Ledger, builder, text};

async fn world() -> (Ledger, Server, Client) {
    let ledger = Ledger::default();
    let server = builder(&ledger).build().unwrap();
    let client = Client::of(&server).await;
    (ledger, server, client)
}

#[tokio::test]
async fn an_unapproved_call_tells_what_it_would_do_and_no_secret() {
    let (ledger, _server, mut client) = world().await;
    let answer = client.close(&account(), None, None).await;
    check_refused(&answer, "confirm.needed");
    let preview = &answer["_meta"][PREVIEW];
    assert_eq!(
        preview["params"],
        json!({"account": "acc-1", "pin": "[secret]"})
    );
    assert_eq!(preview["writes"], json!(["accounts"]));
    let said = text(&answer);
    assert!(said.starts_with("Close this account for good?\n"), "{said}");
    assert!(
        said.contains("acc-1 has 3 orders that would be cancelled"),
        "{said}"
    );
    assert!(!answer.to_string().contains("8642"), "{answer}");
    assert!(
        !said.contains(token(&answer)),
        "the model is not to have it"
    );
    assert_eq!(closed(&ledger), 0);
}

#[tokio::test]
async fn the_token_runs_the_same_call_once() {
    let (ledger, _server, mut client) = world().await;
    let token = client.token(&account(), None).await;
    // The order of arguments is nothing.
    let same = json!({"pin": "8642", "account": "acc-1"});
    let answer = client.close(&same, Some(&token), None).await;
    assert_eq!(text(&answer), "closed acc-1 as number 1");
    check_refused(
        &client.close(&account(), Some(&token), None).await,
        "confirm.refused",
    );
    assert_eq!(closed(&ledger), 1);
}

#[tokio::test]
async fn a_token_is_for_one_call_of_one_client() {
    let (ledger, server, mut client) = world().await;
    let token = client.token(&account(), None).await;
    let other = json!({"account": "acc-2", "pin": "8642"});
    check_refused(
        &client.close(&other, Some(&token), None).await,
        "confirm.refused",
    );
    check_refused(
        &client.close(&account(), Some("00"), None).await,
        "confirm.refused",
    );
    check_refused(
        &client.close(&account(), Some(""), None).await,
        "confirm.refused",
    );
    let mut another = Client::of(&server).await;
    check_refused(
        &another.close(&account(), Some(&token), None).await,
        "confirm.refused",
    );
    assert_eq!(closed(&ledger), 0);
    client.close(&account(), Some(&token), None).await;
    assert_eq!(closed(&ledger), 1);
}

#[tokio::test]
async fn a_server_that_was_started_anew_knows_no_old_token() {
    let (ledger, _server, mut client) = world().await;
    let token = client.token(&account(), None).await;
    let server = builder(&ledger).build().unwrap();
    let mut client = Client::of(&server).await;
    check_refused(
        &client.close(&account(), Some(&token), None).await,
        "confirm.refused",
    );
    assert_eq!(closed(&ledger), 0);
}

#[tokio::test]
async fn a_token_that_is_no_text_is_a_protocol_error() {
    let (ledger, _server, mut client) = world().await;
    let mut call = call(&account(), None, None);
    call["_meta"][enact_mcp::CONFIRM] = json!(true);
    let answer = client.ask("tools/call", call).await;
    assert_eq!(answer["error"]["code"], -32602);
    assert_eq!(closed(&ledger), 0);
}

#[tokio::test(start_paused = true)]
async fn a_token_is_too_old_after_its_time() {
    let (ledger, _server, mut client) = world().await;
    let (young, old) = (
        client.token(&account(), None).await,
        client.token(&account(), None).await,
    );
    let nearly = Limits::default()
        .approval
        .checked_sub(Duration::from_millis(1));
    advance(nearly.unwrap()).await;
    client.close(&account(), Some(&young), None).await;
    advance(Duration::from_millis(1)).await;
    check_refused(
        &client.close(&account(), Some(&old), None).await,
        "confirm.refused",
    );
    assert_eq!(closed(&ledger), 1);
}

#[tokio::test]
async fn the_oldest_token_makes_room() {
    let ledger = Ledger::default();
    let limits = Limits {
        approvals: 2,
        ..Limits::default()
    };
    let server = builder(&ledger).limits(limits).build().unwrap();
    let mut client = Client::of(&server).await;
    let mut tokens = Vec::new();
    for _ in 0..3 {
        tokens.push(client.token(&account(), None).await);
    }
    check_refused(
        &client.close(&account(), Some(&tokens[0]), None).await,
        "confirm.refused",
    );
    client.close(&account(), Some(&tokens[1]), None).await;
    client.close(&account(), Some(&tokens[2]), None).await;
    assert_eq!(closed(&ledger), 2);
}

#[tokio::test]
async fn many_calls_with_one_token_have_one_effect() {
    let (ledger, _server, mut client) = world().await;
    let token = client.token(&account(), None).await;
    for _ in 0..50 {
        client
            .send("tools/call", call(&account(), Some(&token), None))
            .await;
    }
    let mut ran = 0;
    for _ in 0..50 {
        let answer = client.next().await;
        ran += u32::from(answer["result"]["isError"] == false);
    }
    assert_eq!((ran, closed(&ledger)), (1, 1));
}

#[tokio::test]
async fn asking_is_not_the_answer_that_a_key_keeps() {
    let (ledger, _server, mut client) = world().await;
    let token = client.token(&account(), Some("k")).await;
    let answer = client.close(&account(), Some(&token), Some("k")).await;
    assert_eq!(text(&answer), "closed acc-1 as number 1");
    // From here on it is the answer, whoever approves of it or not.
    assert_eq!(
        client.close(&account(), Some(&token), Some("k")).await,
        answer
    );
    assert_eq!(client.close(&account(), None, Some("k")).await, answer);
    assert_eq!(closed(&ledger), 1);
}

#[tokio::test]
async fn params_that_break_rules_and_dry_runs_that_fail_are_told_without_asking() {
    let (ledger, _server, mut client) = world().await;
    for (arguments, says) in [
        (json!({"account": ""}), "/account: found"),
        (json!({"account": "gone"}), "[account.gone]"),
        (json!({"account": "broken"}), "[panicked]"),
    ] {
        let answer = client.close(&arguments, None, None).await;
        assert!(text(&answer).contains(says), "{answer}");
        assert!(!answer.to_string().contains("hunter2"), "{answer}");
        assert!(
            answer["_meta"].get(enact_mcp::CONFIRM).is_none(),
            "{answer}"
        );
    }
    assert_eq!(closed(&ledger), 0);
}

#[tokio::test]
async fn a_workflow_with_such_a_step_needs_approval_and_names_what_writes() {
    let (ledger, _server, mut client) = world().await;
    let arguments = json!({"a": 3, "b": 4});
    let answer = client.call("close_sum", arguments.clone()).await;
    let steps = &answer["_meta"][PREVIEW]["steps"];
    assert_eq!(
        steps,
        &json!([{"action": "close_account", "effect": "write"}])
    );
    let meta = json!({ enact_mcp::CONFIRM: token(&answer) });
    let call = json!({"name": "close_sum", "arguments": arguments, "_meta": meta});
    let answer = client.ask("tools/call", call).await["result"].take();
    // Who approved of the whole is not asked for the step.
    assert_eq!(text(&answer), "closed acc-7 as number 1");
    assert_eq!(closed(&ledger), 1);
}

#[tokio::test]
async fn what_could_hide_in_a_text_is_written_out() {
    let (_ledger, _server, mut client) = world().await;
    let arguments = json!({"account": "acc\u{202e}\u{1b}[2J\u{9b}1"});
    let answer = client.close(&arguments, None, None).await;
    let hidden = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
    assert!(!text(&answer).contains(hidden), "{answer}");
    assert!(text(&answer).contains("\\u202e"), "{answer}");
}

#[tokio::test]
async fn a_call_that_finds_no_place_has_not_used_its_token() {
    let ledger = Ledger::default();
    let limits = Limits {
        calls: 1,
        ..Limits::default()
    };
    let server = builder(&ledger).limits(limits).build().unwrap();
    let mut client = Client::of(&server).await;
    let token = client.token(&account(), None).await;
    let slow = json!({"name": "refund", "arguments": {"cents": 1, "slowly": true}});
    let slow = client.send("tools/call", slow).await;
    ledger.began.notified().await;
    let refused = client.close(&account(), Some(&token), None).await;
    check_refused(&refused, "mcp.busy");
    ledger.go.notify_one();
    client.answer(slow).await;
    let answer = client.close(&account(), Some(&token), None).await;
    assert_eq!(text(&answer), "closed acc-1 as number 2");
}
