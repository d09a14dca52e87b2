//! MQTT, against a real Mosquitto.

use enact_signal_bus::dispatch::mqtt::Mqtt;
use enact_signal_bus::dispatch::{Kind, Target, Topic};
use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, Packet, Publish, QoS};

use crate::brokers::{
    closed_port, deliver_in_every_way, fresh, miss_who_is_not_there, refuse_only_what_is_too_large,
    server, soon,
};
use crate::world::read;

async fn place() -> Option<(String, u16)> {
    let place = server("ENACT_MQTT", "127.0.0.1:1883", "127.0.0.1:1883").await?;
    let (host, port) = place.rsplit_once(':').expect("a host and a port");
    Some((host.to_owned(), port.parse().unwrap()))
}

/// Whoever has subscribed, and has heard that it is so.
async fn listen(host: &str, port: u16, topic: &str) -> (AsyncClient, EventLoop) {
    let mut options = MqttOptions::new(fresh("listener"), host, port);
    options.set_max_packet_size(4 << 20, 4 << 20);
    let (client, mut events) = AsyncClient::new(options, 16);
    client.subscribe(topic, QoS::AtLeastOnce).await.unwrap();
    while !matches!(
        events.poll().await.unwrap(),
        Event::Incoming(Packet::SubAck(_))
    ) {}
    (client, events)
}

async fn next(events: &mut EventLoop) -> Publish {
    loop {
        if let Event::Incoming(Packet::Publish(publish)) = events.poll().await.unwrap() {
            return publish;
        }
    }
}

#[tokio::test]
async fn whoever_listens_gets_what_was_acknowledged() {
    let Some((host, port)) = place().await else {
        return;
    };
    let prefix = fresh("topic");
    let (_client, mut events) = listen(&host, port, &format!("{prefix}/#")).await;
    let topic = Topic::by_type(format!("{prefix}/"));
    let target = Mqtt::topic("orders", format!("mqtt://{host}:{port}"), topic);
    // The broker sends to who listens while it takes from who delivers.
    let heard = async {
        let mut heard = Vec::new();
        while heard.len() < 151 {
            let message = next(&mut events).await;
            assert_eq!(message.topic, format!("{prefix}/order.paid"));
            heard.push(read(&message.payload));
        }
        heard
    };
    let (sent, heard) = tokio::join!(deliver_in_every_way(&target), soon(heard));
    assert_eq!(heard, sent);
    refuse_only_what_is_too_large(&target).await;
}

#[tokio::test]
async fn a_delivery_that_is_given_up_leaves_the_next_one_alone() {
    let Some((host, port)) = place().await else {
        return;
    };
    let target = Mqtt::topic(
        "orders",
        format!("mqtt://{host}:{port}"),
        Topic::fixed(fresh("dropped")),
    );
    target.check().await.unwrap();
    let signals = crate::brokers::many();
    // Polled once, then dropped in the middle.
    let mut delivery = target.deliver_all(&signals);
    assert!(futures_util::poll!(&mut delivery).is_pending());
    drop(delivery);
    for outcome in target.deliver_all(&signals).await {
        outcome.unwrap();
    }
}

#[tokio::test]
async fn a_broker_that_is_not_there_may_come() {
    let port = closed_port().await;
    let target = Mqtt::topic(
        "orders",
        format!("mqtt://127.0.0.1:{port}"),
        Topic::fixed("orders"),
    );
    let target = target.login("me", "secret");
    assert!(!format!("{target:?}").contains("secret"));
    miss_who_is_not_there(&target).await;
}

#[test]
fn topics_that_stand_for_many_are_refused() {
    for topic in ["", "a/+", "a/#"] {
        let target = Mqtt::topic("orders", "mqtt://127.0.0.1:1883", Topic::fixed(topic));
        let error = target.validate().unwrap_err();
        assert_eq!(error.kind(), Kind::Misconfigured, "{topic:?}");
    }
}

#[test]
fn what_is_no_address_is_refused_and_so_are_credentials_that_everybody_sees() {
    let of = |url: &str| Mqtt::topic("orders", url, Topic::fixed("orders"));
    of("mqtt://broker.example").validate().unwrap();
    let bad = [
        of("http://127.0.0.1"),
        of("127.0.0.1:1883"),
        of("mqtt://me:secret@127.0.0.1"),
        of("mqtt://broker.example").login("me", "secret"),
    ];
    for target in bad {
        let error = target.validate().unwrap_err();
        assert_eq!(error.kind(), Kind::Misconfigured, "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    let allowed = of("mqtt://broker.example").login("me", "secret");
    allowed.plain_password().validate().unwrap();
}
