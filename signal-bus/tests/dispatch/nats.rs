//! NATS, against the real server.

use async_nats::jetstream::{self, consumer, stream};
use enact_signal_bus::dispatch::nats::Nats;
use enact_signal_bus::dispatch::{Kind, Target, Topic};
use futures_util::StreamExt as _;

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
    let error = target.deliver(&signal("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Misconfigured);

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
