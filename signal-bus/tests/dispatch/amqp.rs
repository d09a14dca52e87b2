//! AMQP, against a real `RabbitMQ`.

use std::sync::Arc;

use enact_signal_bus::dispatch::amqp::Amqp;
use enact_signal_bus::dispatch::{Kind, Target, Topic};
use enact_signal_core::Envelope;
use lapin::options::{
    BasicGetOptions, ExchangeDeclareOptions, ExchangeDeleteOptions, QueueBindOptions,
    QueueDeclareOptions, QueueDeleteOptions,
};
use lapin::types::FieldTable;
use lapin::{Channel, Connection, ConnectionProperties, ExchangeKind};
use tokio::task::JoinSet;

use crate::brokers::{
    closed_port, deliver_in_every_way, fresh, miss_who_is_not_there, refuse_only_what_is_too_large,
    server,
};
use crate::world::{read, signal};

const URL: &str = "amqp://guest:guest@127.0.0.1:5672/%2f";

async fn open() -> Option<(String, Connection, Channel)> {
    let url = server("ENACT_AMQP", URL, "127.0.0.1:5672").await?;
    let connection = Connection::connect(&url, ConnectionProperties::default());
    let connection = connection.await.unwrap();
    let channel = connection.create_channel().await.unwrap();
    Some((url, connection, channel))
}

#[tokio::test]
async fn what_the_broker_confirms_lies_in_the_queue() {
    let Some((url, _connection, channel)) = open().await else {
        return;
    };
    let name = fresh("exchange");
    let target = Amqp::exchange("orders", &url, &name, Topic::by_type("signals."));

    // There is no such exchange yet; the next delivery has a channel of its own.
    assert_eq!(
        target.check().await.unwrap_err().kind(),
        Kind::Misconfigured
    );
    let error = target.deliver(&signal("1")).await.unwrap_err();
    assert!(!error.is_retryable(), "{error:?}");

    let (short, table) = (name.as_str(), FieldTable::default());
    let declare = ExchangeDeclareOptions::default();
    let declared =
        channel.exchange_declare(short.into(), ExchangeKind::Topic, declare, table.clone());
    declared.await.unwrap();
    // Nor is there a queue, which is the signal's fault where its type is in the key.
    let fixed = Amqp::exchange("orders", &url, &name, Topic::fixed("a"));
    let error = fixed.deliver(&signal("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Misconfigured);
    let error = target.deliver(&signal("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Refused);
    assert!(error.to_string().contains("no queue"), "{error}");

    let declare = QueueDeclareOptions::default();
    channel
        .queue_declare(short.into(), declare, table.clone())
        .await
        .unwrap();
    let key = "signals.order.*".into();
    let bound = channel.queue_bind(
        short.into(),
        short.into(),
        key,
        QueueBindOptions::default(),
        table,
    );
    bound.await.unwrap();

    for expected in deliver_in_every_way(&target).await {
        let options = BasicGetOptions { no_ack: true };
        let message = channel
            .basic_get(short.into(), options)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(read(&message.delivery.data), expected);
        let properties = &message.delivery.properties;
        let media_type = properties.content_type().as_ref().map(ToString::to_string);
        assert_eq!(media_type.as_deref(), Some("application/cloudevents+json"));
        assert_eq!(*properties.delivery_mode(), Some(2));
    }
    refuse_only_what_is_too_large(&target).await;
    channel
        .queue_delete(short.into(), QueueDeleteOptions::default())
        .await
        .unwrap();
    channel
        .exchange_delete(short.into(), ExchangeDeleteOptions::default())
        .await
        .unwrap();
}

/// An exchange and a queue that takes what begins with `order`.
async fn bound(channel: &Channel) -> String {
    let name = fresh("some");
    let (short, table) = (name.as_str(), FieldTable::default());
    let declare = ExchangeDeclareOptions::default();
    let declared =
        channel.exchange_declare(short.into(), ExchangeKind::Topic, declare, table.clone());
    declared.await.unwrap();
    let declare = QueueDeclareOptions::default();
    let declared = channel.queue_declare(short.into(), declare, table.clone());
    declared.await.unwrap();
    let (key, options) = ("order.#".into(), QueueBindOptions::default());
    let bound = channel.queue_bind(short.into(), short.into(), key, options, table);
    bound.await.unwrap();
    name
}

async fn clear(channel: &Channel, name: &str) -> u32 {
    let deleted = channel.queue_delete(name.into(), QueueDeleteOptions::default());
    let kept = deleted.await.unwrap();
    let deleted = channel.exchange_delete(name.into(), ExchangeDeleteOptions::default());
    deleted.await.unwrap();
    kept
}

fn typed(ty: &str, at: usize) -> Envelope {
    let builder = Envelope::builder(ty, "/payments").id(at.to_string());
    builder.build().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_exactly_those_that_no_queue_takes_are_refused() {
    let Some((url, _connection, channel)) = open().await else {
        return;
    };
    let name = bound(&channel).await;
    let target = Arc::new(Amqp::exchange("orders", &url, &name, Topic::by_type("")));
    let is_taken = |at: usize| !at.is_multiple_of(3);
    let signals: Vec<_> = (0..200)
        .map(|at| typed(if is_taken(at) { "order.paid" } else { "lost" }, at))
        .collect();
    for _ in 0..5 {
        let outcomes = target.deliver_all(&signals).await;
        for (at, outcome) in outcomes.iter().enumerate() {
            assert_eq!(outcome.is_ok(), is_taken(at), "{at}: {outcome:?}");
        }
    }
    // The same where each is a delivery of its own.
    let mut deliveries = JoinSet::new();
    for (at, signal) in signals.into_iter().enumerate() {
        let target = Arc::clone(&target);
        deliveries.spawn(async move { (at, target.deliver(&signal).await) });
    }
    for (at, outcome) in deliveries.join_all().await {
        assert_eq!(outcome.is_ok(), is_taken(at), "{at}: {outcome:?}");
    }
    assert_eq!(clear(&channel, &name).await, 6 * 133);
}

#[tokio::test]
async fn a_key_that_is_too_long_costs_no_other() {
    let Some((url, _connection, channel)) = open().await else {
        return;
    };
    let name = bound(&channel).await;
    let prefix = format!("order.{}.", "x".repeat(230));
    let target = Amqp::exchange("orders", &url, &name, Topic::by_type(prefix));
    target.validate().unwrap();
    let long = typed(&format!("order.{}", "y".repeat(40)), 1);
    let outcomes = target
        .deliver_all(&[typed("order", 0), long, typed("order", 2)])
        .await;
    assert!(outcomes[0].is_ok() && outcomes[2].is_ok(), "{outcomes:?}");
    let error = outcomes[1].as_ref().unwrap_err();
    assert_eq!(error.kind(), Kind::Unwritable, "{error:?}");
    assert_eq!(clear(&channel, &name).await, 2);
}

#[tokio::test]
async fn one_that_was_given_up_says_nothing_about_the_next() {
    let Some((url, _connection, channel)) = open().await else {
        return;
    };
    let name = bound(&channel).await;
    let target = Amqp::exchange("orders", &url, &name, Topic::by_type(""));
    target.check().await.unwrap();
    let (lost, paid) = (typed("lost", 0), typed("order.paid", 1));
    for _ in 0..20 {
        // It goes as far as it can before it would wait, and is dropped.
        tokio::select! {
            biased;
            _ = target.deliver(&lost) => {}
            () = tokio::task::yield_now() => {}
        }
        target.deliver(&paid).await.unwrap();
    }
    assert_eq!(clear(&channel, &name).await, 20);
}

#[tokio::test]
async fn a_broker_that_is_not_there_may_come() {
    let url = format!("amqp://me:secret@127.0.0.1:{}/%2f", closed_port().await);
    let target = Amqp::exchange("orders", url, "amq.topic", Topic::fixed("orders"));
    assert!(!format!("{target:?}").contains("secret"));
    miss_who_is_not_there(&target).await;
}

#[test]
fn what_is_no_address_or_name_is_refused() {
    let bad = [
        Amqp::exchange("orders", "http://127.0.0.1", "", Topic::fixed("a")),
        Amqp::exchange("orders", URL, "x".repeat(256), Topic::fixed("a")),
        Amqp::exchange("orders", URL, "", Topic::fixed("x".repeat(256))),
    ];
    for target in bad {
        assert_eq!(target.validate().unwrap_err().kind(), Kind::Misconfigured);
    }
}

#[tokio::test]
async fn a_password_goes_in_plain_text_no_further_than_this_machine() {
    let target = Amqp::exchange(
        "orders",
        "amqp://me:secret@broker.example",
        "",
        Topic::fixed("a"),
    );
    for error in [
        target.validate().unwrap_err(),
        target.check().await.unwrap_err(),
        target.deliver(&signal("1")).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), Kind::Misconfigured, "{error}");
        assert!(error.to_string().contains("plain text"), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    target.plain_password().validate().unwrap();
}
