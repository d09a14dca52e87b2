//! NATS, against the real server.

use std::time::Duration;

use async_nats::ConnectOptions;
use async_nats::jetstream::{self, consumer, stream};
use enact_signal_bus::dispatch::nats::Nats;
use enact_signal_bus::dispatch::{Kind, Target, Topic};
use enact_signal_core::{Envelope, Limits, json};
use futures_util::StreamExt as _;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::brokers::{
    closed_port, deliver_in_every_way, fresh, miss_who_is_not_there, refuse_only_what_is_too_large,
    server, soon,
};
use crate::world::{read, signal};

async fn url() -> Option<String> {
    server("ENACT_NATS", "nats://127.0.0.1:4222", "127.0.0.1:4222").await
}

#[tokio::test]
async fn whoever_listens_gets_what_was_sent_in_its_order() {
    let Some(url) = url().await else { return };
    let subject = fresh("core");
    let client = async_nats::connect(&url).await.unwrap();
    let mut heard = client.subscribe(format!("{subject}.>")).await.unwrap();
    client.flush().await.unwrap();
    let target = Nats::core("orders", &url, Topic::by_type(format!("{subject}.")));
    for expected in deliver_in_every_way(&target).await {
        let message = soon(heard.next()).await.unwrap();
        assert_eq!(message.subject.as_str(), format!("{subject}.order.paid"));
        assert_eq!(read(&message.payload), expected);
        let headers = message.headers.unwrap();
        let media_type = headers.get("content-type").unwrap().as_str();
        assert_eq!(media_type, "application/cloudevents+json");
    }
    refuse_only_what_is_too_large(&target).await;
}

#[tokio::test]
async fn a_stream_keeps_each_signal_once() {
    let Some(url) = url().await else { return };
    let name = fresh("stream");
    let context = jetstream::new(async_nats::connect(&url).await.unwrap());
    let target = Nats::jetstream("orders", &url, Topic::fixed(&name));

    // Nobody takes the subject yet.
    assert_eq!(
        target.check().await.unwrap_err().kind(),
        Kind::Misconfigured
    );
    // A stream that changes its leader looks the same for a moment, so that may pass.
    let error = target.deliver(&signal("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unreachable);

    let config = stream::Config {
        name: name.clone(),
        subjects: vec![name.clone()],
        storage: stream::StorageType::Memory,
        ..stream::Config::default()
    };
    let mut stream = context.create_stream(config).await.unwrap();
    let sent = deliver_in_every_way(&target).await;
    // What was sent before is known.
    target.deliver(&sent[0]).await.unwrap();
    assert_eq!(stream.info().await.unwrap().state.messages, 151);

    let config = consumer::pull::Config::default();
    let consumer = stream.create_consumer(config).await.unwrap();
    let mut messages = consumer.messages().await.unwrap();
    for expected in sent {
        let message = soon(messages.next()).await.unwrap().unwrap();
        assert_eq!(read(&message.payload), expected);
    }
    refuse_only_what_is_too_large(&target).await;
    context.delete_stream(&name).await.unwrap();
}

#[tokio::test]
async fn what_a_stream_takes_for_too_large_costs_no_other() {
    let Some(url) = url().await else { return };
    let name = fresh("small");
    let context = jetstream::new(async_nats::connect(&url).await.unwrap());
    let config = stream::Config {
        name: name.clone(),
        subjects: vec![name.clone()],
        storage: stream::StorageType::Memory,
        max_message_size: 1000,
        ..stream::Config::default()
    };
    context.create_stream(config).await.unwrap();
    let target = Nats::jetstream("orders", &url, Topic::fixed(&name));
    let large = signal(&"x".repeat(1000));
    let outcomes = target.deliver_all(&[signal("a"), large, signal("b")]).await;
    assert!(outcomes[0].is_ok() && outcomes[2].is_ok(), "{outcomes:?}");
    let error = outcomes[1].as_ref().unwrap_err();
    assert_eq!(error.kind(), Kind::Unwritable, "{error:?}");
    context.delete_stream(&name).await.unwrap();
}

#[tokio::test]
async fn headers_count_for_what_the_server_takes() {
    let Some(url) = url().await else { return };
    let most = async_nats::connect(&url).await.unwrap().max_payload();
    let limits = Limits {
        event: 2 * most,
        ..Limits::default()
    };
    let of_bytes = |bytes: usize| {
        let data = "x".repeat(bytes);
        let builder = Envelope::builder("order.paid", "/payments").id("1");
        let builder = builder.time("2026-01-31T09:30:00Z".parse().unwrap());
        builder.json(&data.into()).build().unwrap()
    };
    let around = json::write(&of_bytes(0), &limits).unwrap().len();
    // Without its headers it would be just small enough.
    let large = of_bytes(most - around);
    assert_eq!(json::write(&large, &limits).unwrap().len(), most);
    for target in [
        Nats::core("orders", &url, Topic::fixed(fresh("large"))),
        Nats::jetstream("orders", &url, Topic::fixed(fresh("large"))),
    ] {
        let error = target.limits(limits).deliver(&large).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Unwritable, "{error:?}");
    }
}

#[tokio::test]
async fn several_that_are_not_answered_wait_together() {
    let Some(url) = url().await else { return };
    let subject = fresh("silent");
    let client = async_nats::connect(&url).await.unwrap();
    let _silent = client.subscribe(subject.clone()).await.unwrap();
    client.flush().await.unwrap();
    let target = Nats::jetstream("orders", &url, Topic::fixed(&subject));
    let begun = std::time::Instant::now();
    let outcomes = target.deliver_all(&["1", "2", "3", "4"].map(signal)).await;
    for outcome in outcomes {
        assert_eq!(outcome.unwrap_err().kind(), Kind::Timeout);
    }
    assert!(begun.elapsed() < Duration::from_secs(9), "{begun:?}");
}

/// Takes part in a handshake, and reads on until something of that kind comes; says what it subscribed to.
async fn greet(stream: &mut BufReader<TcpStream>, until: &str) -> String {
    let info = r#"{"server_id":"a","server_name":"a","version":"2.10.0","go":"","host":"127.0.0.1","port":1,"proto":1,"headers":true,"max_payload":1048576}"#;
    let info = format!("INFO {info}\r\n");
    stream.write_all(info.as_bytes()).await.unwrap();
    let mut subscribed = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap() == 0 || line.starts_with(until) {
            return subscribed;
        }
        if line.starts_with("PING") {
            stream.write_all(b"PONG\r\n").await.unwrap();
        }
        if let Some(subject) = line.strip_prefix("SUB ") {
            subscribed = subject.trim_end().to_owned();
        }
    }
}

#[tokio::test]
async fn what_was_on_its_way_when_the_connection_broke_off_is_not_told_as_delivered() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("nats://{}", listener.local_addr().unwrap());
    // The first connection ends with what is published on it; the second one answers to what it is asked.
    let server = async {
        let mut first = BufReader::new(listener.accept().await.unwrap().0);
        greet(&mut first, "HPUB").await;
        drop(first);
        let mut second = BufReader::new(listener.accept().await.unwrap().0);
        let inbox = greet(&mut second, "PUB").await;
        let answer = format!("MSG {inbox} 0\r\n\r\n");
        second.write_all(answer.as_bytes()).await.unwrap();
        std::future::pending::<()>().await;
    };
    let target = Nats::core("orders", &url, Topic::fixed("orders"));
    let lost = signal("lost");
    let error = tokio::select! {
        outcome = target.deliver(&lost) => outcome.unwrap_err(),
        () = server => unreachable!("it does not end"),
    };
    assert!(error.is_retryable(), "{error:?}");
}

#[tokio::test]
async fn a_server_that_sends_nobody_his_own_messages_answers_nevertheless() {
    let Some(url) = url().await else { return };
    let target = Nats::core("orders", &url, Topic::fixed(fresh("quiet")));
    let target = target.options(ConnectOptions::new().no_echo());
    target.deliver(&signal("1")).await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_may_come() {
    let url = format!("nats://me:secret@127.0.0.1:{}", closed_port().await);
    let target = Nats::core("orders", url, Topic::fixed("orders"));
    assert!(!format!("{target:?}").contains("secret"));
    miss_who_is_not_there(&target).await;
}

#[test]
fn subjects_that_stand_for_many_are_refused() {
    for subject in ["", "a.*", "a.>", "a..b", "a b", ".a"] {
        let target = Nats::core("orders", "nats://127.0.0.1", Topic::fixed(subject));
        let error = target.validate().unwrap_err();
        assert_eq!(error.kind(), Kind::Misconfigured, "{subject:?}");
    }
    for prefix in ["", "a.", "a.b."] {
        let target = Nats::core("orders", "nats://127.0.0.1", Topic::by_type(prefix));
        assert!(target.validate().is_ok(), "{prefix:?}");
    }
}
