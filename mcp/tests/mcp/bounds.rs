//! Nothing waits for ever, and nothing grows without bounds.

use std::sync::Mutex;
use std::sync::mpsc;
use std::time::Duration;

use enact_action_core::{Context, Registry};
use enact_mcp::{Limits, Server};
use serde_json::json;

use crate::world::{Client, Held, Ledger, builder, text};

#[tokio::test(start_paused = true)]
async fn a_call_that_takes_too_long_is_answered() {
    let ledger = Ledger::default();
    let server = builder(&ledger).build().unwrap();
    let mut client = Client::of(&server).await;
    let result = client
        .call("refund", json!({"cents": 1, "slowly": true}))
        .await;
    assert_eq!(
        text(&result),
        "no answer before the deadline [timeout.deadline]\n\
         It may have done part of its work; find out before calling again."
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_blocks_its_thread_is_answered_too() {
    let (hold, held) = mpsc::channel();
    let cx = Context::builder().resource(Held(Mutex::new(held))).build();
    let short = Duration::from_millis(20);
    let limits = Limits {
        timeout: short,
        grace: short,
        ..Limits::default()
    };
    let server = Server::builder("held", &Registry::open().unwrap());
    let server = server.context(cx).limits(limits).build().unwrap();
    let mut client = Client::of(&server).await;
    let result = client.call("block", json!({})).await;
    assert!(text(&result).contains("[timeout.unended]"), "{result}");
    drop(hold);
}

#[tokio::test]
async fn a_call_beyond_what_runs_at_once_is_refused() {
    let ledger = Ledger::default();
    let limits = Limits {
        calls: 1,
        ..Limits::default()
    };
    let server = builder(&ledger).limits(limits).build().unwrap();
    let mut client = Client::of(&server).await;
    let slow = json!({"name": "refund", "arguments": {"cents": 1, "slowly": true}});
    let first = client.send("tools/call", slow).await;
    ledger.began.notified().await;
    let result = client.call("add", json!({"a": 1, "b": 1})).await;
    assert_eq!(
        text(&result),
        "1 calls are running, which is the most that this server takes [mcp.busy]\nCalling again may succeed."
    );
    ledger.go.notify_one();
    assert_eq!(
        text(&client.answer(first).await["result"]),
        "1 for nobody by none"
    );
    assert_eq!(
        text(&client.call("add", json!({"a": 1, "b": 1})).await),
        "2"
    );
}

#[tokio::test]
async fn a_message_that_is_too_long_is_answered_with_an_error_of_its_id() {
    let limits = Limits {
        message: 1000,
        ..Limits::default()
    };
    let server = builder(&Ledger::default()).limits(limits).build().unwrap();
    let mut client = Client::of(&server).await;
    let call = json!({"name": "get_weather", "arguments": {"city": "x".repeat(5000)}});
    let error = client.ask("tools/call", call).await["error"].take();
    assert_eq!(error["code"], -32600);
    assert_eq!(
        error["message"],
        "the message has more than 1000 bytes, which is the most that this server reads"
    );
    assert_eq!(
        text(&client.call("add", json!({"a": 1, "b": 1})).await),
        "2"
    );
}

#[tokio::test]
async fn an_answer_that_is_too_long_is_an_error() {
    let limits = Limits {
        message: 1000,
        ..Limits::default()
    };
    let server = builder(&Ledger::default()).limits(limits).build().unwrap();
    let mut client = Client::of(&server).await;
    let result = client
        .call("get_weather", json!({"city": "x", "times": 900}))
        .await;
    assert_eq!(result["isError"], false);
    let result = client
        .call("get_weather", json!({"city": "x", "times": 1000}))
        .await;
    assert!(text(&result).contains("[mcp.answer_too_long]"), "{result}");
}

#[tokio::test]
async fn a_line_that_is_no_json_is_answered_and_the_session_goes_on() {
    let server = builder(&Ledger::default()).build().unwrap();
    let mut client = Client::of(&server).await;
    let id = client.send_cut("tools/call", json!({"name": "add"})).await;
    let answer = client.answer(id).await;
    assert_eq!(answer["error"]["code"], -32700, "{answer}");
    client.write("hello").await;
    let result = client.call("add", json!({"a": 1, "b": 1})).await;
    assert_eq!(text(&result), "2");
}

#[tokio::test(start_paused = true)]
async fn who_stops_a_server_has_its_calls_cancelled() {
    let ledger = Ledger::default();
    let server = builder(&ledger).build().unwrap();
    let mut client = Client::of(&server).await;
    client.send("tools/call", json!({"name": "linger"})).await;
    ledger.began.notified().await;
    server.stop();
    ledger.cancelled.notified().await;
    let ended = client.served.join_next().await.unwrap().unwrap();
    assert!(ended.is_ok());
}

#[tokio::test]
async fn a_client_that_goes_has_its_calls_cancelled() {
    let ledger = Ledger::default();
    let server = builder(&ledger).build().unwrap();
    let mut client = Client::of(&server).await;
    client.send("tools/call", json!({"name": "linger"})).await;
    ledger.began.notified().await;
    let mut served = std::mem::take(&mut client.served);
    drop(client);
    ledger.cancelled.notified().await;
    assert!(served.join_next().await.unwrap().unwrap().is_ok());
}

#[tokio::test]
async fn bounds_of_time_beyond_all_clocks_are_none() {
    for longest in [Duration::MAX, Duration::from_secs(i64::MAX as u64)] {
        let ledger = Ledger::default();
        let limits = Limits {
            timeout: longest,
            grace: longest,
            ..Limits::default()
        };
        let server = builder(&ledger).limits(limits).build().unwrap();
        let mut client = Client::of(&server).await;
        let slow = json!({"cents": 1, "slowly": true});
        let slow = client.send_once(slow, "k").await;
        ledger.began.notified().await;
        let result = client.call("add", json!({"a": 1, "b": 1})).await;
        assert_eq!(text(&result), "2");
        ledger.go.notify_one();
        let result = client.answer(slow).await["result"].take();
        assert_eq!(text(&result), "1 for nobody by k");
    }
}

#[tokio::test]
async fn a_mark_of_the_byte_order_is_no_part_of_the_first_line() {
    let server = builder(&Ledger::default()).build().unwrap();
    let mut client = Client::silent(&server);
    client
        .write(&format!("\u{feff}{}", crate::http::HELLO))
        .await;
    let hello = client.answer(1).await;
    assert_eq!(hello["result"]["serverInfo"]["name"], "shop");
}

#[tokio::test]
async fn the_messages_of_a_batch_are_answered_each() {
    let server = builder(&Ledger::default()).build().unwrap();
    let mut client = Client::of(&server).await;
    let add = |id: u64| {
        let params = json!({"name": "add", "arguments": {"a": id, "b": 1}});
        json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params})
    };
    client.write(&json!([add(7), add(8)]).to_string()).await;
    let mut answers = [client.next().await, client.next().await];
    answers.sort_by_key(|answer| answer["id"].as_u64());
    for (answer, (id, sum)) in answers.iter().zip([(7, "8"), (8, "9")]) {
        assert_eq!(answer["id"], id);
        assert_eq!(text(&answer["result"]), sum);
    }
}

#[tokio::test]
async fn a_batch_of_nothing_or_that_can_t_be_read_is_answered_without_an_id() {
    let limits = Limits {
        message: 1000,
        ..Limits::default()
    };
    let server = builder(&Ledger::default()).limits(limits).build().unwrap();
    let mut client = Client::of(&server).await;
    let long = json!([{"jsonrpc": "2.0", "id": 7, "method": "x".repeat(2000)}]).to_string();
    for line in ["[]", &long[..100], &long] {
        client.write(line).await;
        let answer = client.next().await;
        assert_eq!(answer["error"]["code"], -32600, "{answer}");
        assert_eq!(answer["id"], serde_json::Value::Null, "{answer}");
    }
}
