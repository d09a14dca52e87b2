//! Calls with the same key: one effect, one answer.

use std::sync::atomic::Ordering;
use std::time::Duration;

use enact_mcp::Limits;
use serde_json::json;
use tokio::time::advance;

use crate::world::{Client, Ledger, builder, text};

async fn world(limits: Limits) -> (Ledger, Client) {
    let ledger = Ledger::default();
    let server = builder(&ledger).limits(limits).build().unwrap();
    (ledger, Client::of(&server).await)
}

fn refunds(ledger: &Ledger) -> u32 {
    ledger.refunds.load(Ordering::SeqCst)
}

#[tokio::test]
async fn a_call_that_is_repeated_gets_the_same_answer_and_runs_once() {
    let (ledger, mut client) = world(Limits::default()).await;
    let first = client.once(json!({"cents": 5}), "k").await;
    assert_eq!(text(&first), "1 for nobody by k");
    // The order of arguments is nothing.
    let again = client
        .once(json!({"slowly": false, "cents": 5}), "k2")
        .await;
    assert_eq!(
        client
            .once(json!({"cents": 5, "slowly": false}), "k2")
            .await,
        again
    );
    assert_eq!(client.once(json!({"cents": 5}), "k").await, first);
    assert_eq!(refunds(&ledger), 2);
}

#[tokio::test]
async fn calls_at_the_same_time_share_one_effect() {
    let (ledger, mut client) = world(Limits::default()).await;
    let arguments = json!({"cents": 5, "slowly": true});
    let mut ids = Vec::new();
    for _ in 0..20 {
        ids.push(client.send_once(arguments.clone(), "k").await);
    }
    ledger.began.notified().await;
    ledger.go.notify_one();
    let mut answered = Vec::new();
    for _ in 0..20 {
        let message = client.next().await;
        assert_eq!(text(&message["result"]), "1 for nobody by k");
        answered.push(message["id"].as_u64().unwrap());
    }
    answered.sort_unstable();
    assert_eq!((answered, refunds(&ledger)), (ids, 1));
}

#[tokio::test]
async fn ten_thousand_repeats_of_a_hundred_keys_run_a_hundred_times() {
    let (ledger, mut client) = world(Limits::default()).await;
    for round in 0..100 {
        for key in 0..100 {
            let key = (key * 7 + round) % 100;
            client
                .send_once(json!({"cents": 5}), &key.to_string())
                .await;
        }
        for _ in 0..100 {
            assert_eq!(client.next().await["result"]["isError"], false);
        }
    }
    assert_eq!(refunds(&ledger), 100);
}

#[tokio::test]
async fn a_key_that_was_sent_with_other_arguments_is_refused() {
    let (ledger, mut client) = world(Limits::default()).await;
    client.once(json!({"cents": 5}), "k").await;
    let other = client.once(json!({"cents": 6}), "k").await;
    assert!(text(&other).contains("[mcp.key_taken]"), "{other}");
    assert_eq!(refunds(&ledger), 1);
}

#[tokio::test]
async fn what_may_be_tried_again_is_run_again_and_what_may_not_is_not() {
    let (ledger, mut client) = world(Limits::default()).await;
    client.once(json!({"cents": 13}), "retryable").await;
    client.once(json!({"cents": 13}), "retryable").await;
    assert_eq!(refunds(&ledger), 2);
    client.once(json!({"cents": 14}), "terminal").await;
    client.once(json!({"cents": 14}), "terminal").await;
    assert_eq!(refunds(&ledger), 3);
    let invalid = client.once(json!({"cents": -1}), "invalid").await;
    assert_eq!(invalid["isError"], true);
    // Nothing ran, so the key is free for what was meant.
    assert_eq!(
        client.once(json!({"cents": 1}), "invalid").await["isError"],
        false
    );
}

#[tokio::test(start_paused = true)]
async fn answers_are_forgotten_after_their_time() {
    let keep = Duration::from_mins(1);
    let (ledger, mut client) = world(Limits {
        keep,
        ..Limits::default()
    })
    .await;
    client.once(json!({"cents": 5}), "k").await;
    advance(Duration::from_secs(59)).await;
    client.once(json!({"cents": 5}), "k").await;
    assert_eq!(refunds(&ledger), 1);
    advance(Duration::from_secs(1)).await;
    client.once(json!({"cents": 5}), "k").await;
    assert_eq!(refunds(&ledger), 2);
}

#[tokio::test]
async fn the_oldest_answer_makes_room_and_one_that_runs_does_not() {
    let (ledger, mut client) = world(Limits {
        kept: 2,
        ..Limits::default()
    })
    .await;
    let slow = client
        .send_once(json!({"cents": 5, "slowly": true}), "slow")
        .await;
    ledger.began.notified().await;
    client.once(json!({"cents": 5}), "a").await;
    client.once(json!({"cents": 5}), "b").await;
    client.once(json!({"cents": 5}), "b").await;
    assert_eq!(refunds(&ledger), 3);
    client.once(json!({"cents": 5}), "a").await;
    assert_eq!(refunds(&ledger), 4);
    ledger.go.notify_one();
    assert_eq!(
        text(&client.answer(slow).await["result"]),
        "1 for nobody by slow"
    );
}

#[tokio::test]
async fn answers_that_are_too_large_together_make_room_the_oldest_first() {
    let (ledger, mut client) = world(Limits {
        kept_bytes: 1,
        ..Limits::default()
    })
    .await;
    client.once(json!({"cents": 5}), "a").await;
    client.once(json!({"cents": 5}), "a").await;
    assert_eq!(refunds(&ledger), 1);
    client.once(json!({"cents": 5}), "b").await;
    client.once(json!({"cents": 5}), "b").await;
    assert_eq!(refunds(&ledger), 2);
    client.once(json!({"cents": 5}), "a").await;
    assert_eq!(refunds(&ledger), 3);
}

#[tokio::test]
async fn who_waits_for_a_call_that_is_cancelled_makes_it_anew() {
    let (ledger, mut client) = world(Limits::default()).await;
    let arguments = json!({"cents": 5, "slowly": true});
    let first = client.send_once(arguments.clone(), "k").await;
    ledger.began.notified().await;
    let second = client.send_once(arguments, "k").await;
    client
        .write(&json!({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": first}}).to_string())
        .await;
    ledger.began.notified().await;
    ledger.go.notify_one();
    assert_eq!(
        text(&client.answer(second).await["result"]),
        "2 for nobody by k"
    );
}

#[tokio::test]
async fn a_key_that_is_no_key_is_a_protocol_error() {
    let (_, mut client) = world(Limits::default()).await;
    for key in [json!(""), json!(7), json!("x".repeat(256))] {
        let params = json!({"name": "refund", "arguments": {"cents": 1}, "_meta": {enact_mcp::IDEMPOTENCY_KEY: key}});
        assert_eq!(
            client.ask("tools/call", params).await["error"]["code"],
            -32602
        );
    }
}

#[tokio::test]
async fn who_waits_beyond_the_most_is_refused() {
    let (ledger, mut client) = world(Limits {
        calls: 2,
        ..Limits::default()
    })
    .await;
    let arguments = json!({"cents": 5, "slowly": true});
    let lead = client.send_once(arguments.clone(), "k").await;
    ledger.began.notified().await;
    let mut waiting = vec![lead];
    for _ in 0..2 {
        waiting.push(client.send_once(arguments.clone(), "k").await);
    }
    let refused = client.once(arguments.clone(), "k").await;
    assert_eq!(
        text(&refused),
        "2 calls wait for another of their key, which is the most that this server lets wait [mcp.busy]\n\
         Calling again may succeed."
    );
    ledger.go.notify_one();
    let mut answered = Vec::new();
    for _ in 0..3 {
        let message = client.next().await;
        assert_eq!(text(&message["result"]), "1 for nobody by k");
        answered.push(message["id"].as_u64().unwrap());
    }
    answered.sort_unstable();
    assert_eq!((answered, refunds(&ledger)), (waiting, 1));
    assert_eq!(
        text(&client.once(arguments, "k").await),
        "1 for nobody by k"
    );
}
