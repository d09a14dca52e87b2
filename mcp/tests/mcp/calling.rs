//! What a call is answered with.

use enact_mcp::FAILURE;
use serde_json::json;

use crate::world::{Client, Ledger, builder, text};

async fn client() -> Client {
    Client::of(&builder(&Ledger::default()).build().unwrap()).await
}

#[tokio::test]
async fn an_object_is_structured_and_the_same_in_the_text() {
    let result = client()
        .await
        .call("get_weather", json!({"city": "Paris"}))
        .await;
    assert_eq!(result["isError"], false);
    assert_eq!(
        result["structuredContent"],
        json!({"city": "Paris", "degrees": 21})
    );
    let said: serde_json::Value = serde_json::from_str(text(&result)).unwrap();
    assert_eq!(said, result["structuredContent"]);
}

#[tokio::test]
async fn what_is_no_object_is_text_alone() {
    let result = client().await.call("add", json!({"a": 2, "b": 3})).await;
    assert_eq!(
        result,
        json!({"content": [{"type": "text", "text": "5"}], "isError": false})
    );
}

#[tokio::test]
async fn a_workflow_is_called_like_any_action() {
    let result = client()
        .await
        .call("add_three", json!({"a": 1, "b": 2, "c": 4}))
        .await;
    assert_eq!(text(&result), "7");
}

#[tokio::test]
async fn bad_arguments_are_an_answer_with_every_violation() {
    let result = client().await.call("add", json!({"a": 101, "c": 1})).await;
    assert_eq!(result["isError"], true);
    assert_eq!(
        text(&result),
        "The arguments were refused; nothing was done.\n\
         - /a: found 101; allowed: at most 100 [max]\n\
         - /c: found the unknown field \"c\"; allowed: one of \"a\", \"b\" [unknown]\n\
         - /b: found nothing; allowed: an integer [required]\n\
         Mend these and call again."
    );
    let violations = &result["_meta"][FAILURE]["violations"];
    assert_eq!(violations.as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn arguments_that_are_left_out_are_none() {
    let mut client = client().await;
    let answer = client.ask("tools/call", json!({"name": "count"})).await;
    assert_eq!(
        answer["result"],
        json!({"content": [{"type": "text", "text": "done"}], "isError": false})
    );
}

#[tokio::test]
async fn a_failure_has_its_code_and_what_to_do() {
    let mut client = client().await;
    let result = client.call("refund", json!({"cents": 13})).await;
    assert_eq!(result["isError"], true);
    assert_eq!(
        text(&result),
        "the bank does not answer [bank.away]\nCalling again may succeed."
    );
    assert_eq!(result["_meta"][FAILURE]["retryable"], true);
    let result = client.call("refund", json!({"cents": 14})).await;
    assert_eq!(
        text(&result),
        "the account is closed [bank.closed]\nCalling again with the same arguments will not help."
    );
}

#[tokio::test]
async fn a_panic_is_answered_and_keeps_what_it_said_to_itself() {
    let mut client = client().await;
    let result = client.call("broken", json!({})).await;
    assert_eq!(result["isError"], true);
    assert!(text(&result).contains("[panicked]"), "{result}");
    assert!(!result.to_string().contains("hunter2"), "{result}");
    assert_eq!(
        text(&client.call("add", json!({"a": 1, "b": 1})).await),
        "2"
    );
}

#[tokio::test]
async fn the_name_of_no_tool_is_a_protocol_error_with_the_nearest() {
    let answer = client()
        .await
        .ask("tools/call", json!({"name": "ad"}))
        .await;
    assert_eq!(answer["error"]["code"], -32602);
    assert_eq!(
        answer["error"]["message"],
        r#"unknown tool "ad"; did you mean "add"?"#
    );
}

#[tokio::test]
async fn progress_is_told_where_it_is_wanted_and_only_forwards() {
    let mut client = client().await;
    let params = json!({"name": "count", "_meta": {"progressToken": "p"}});
    let id = client.send("tools/call", params).await;
    for done in [0.0, 50.0, 100.0] {
        let told = client.next().await;
        assert_eq!(told["method"], "notifications/progress");
        let expected =
            json!({"progressToken": "p", "progress": done, "total": 100.0, "message": "counting"});
        assert_eq!(told["params"], expected);
    }
    assert_eq!(client.next().await["id"], id);
    // Without a token the answer is the first that comes.
    let id = client.send("tools/call", json!({"name": "count"})).await;
    assert_eq!(client.next().await["id"], id);
}

#[tokio::test]
async fn who_cancels_gets_no_answer_and_the_action_hears_of_it() {
    let ledger = Ledger::default();
    let mut client = Client::of(&builder(&ledger).build().unwrap()).await;
    let id = client.send("tools/call", json!({"name": "linger"})).await;
    ledger.began.notified().await;
    client
        .write(&json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": id}}).to_string())
        .await;
    ledger.cancelled.notified().await;
    // The next answer is of the next call.
    assert_eq!(
        text(&client.call("add", json!({"a": 1, "b": 1})).await),
        "2"
    );
}
