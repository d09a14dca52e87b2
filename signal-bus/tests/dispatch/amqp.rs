//! AMQP, against a real `RabbitMQ`.

use enact_signal_bus::dispatch::amqp::Amqp;
use enact_signal_bus::dispatch::{Kind, Target, Topic};
use lapin::options::{
    BasicGetOptions, ExchangeDeclareOptions, ExchangeDeleteOptions, QueueBindOptions,
    QueueDeclareOptions, QueueDeleteOptions,
};
use lapin::types::FieldTable;
use lapin::{Channel, Connection, ConnectionProperties, ExchangeKind};

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
    // Nor is there a queue.
    let error = target.deliver(&signal("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Misconfigured);
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
