//! Kafka, against librdkafka's own cluster of mock brokers.

use std::time::Duration;

use enact_signal_bus::dispatch::kafka::{Kafka, Mode};
use enact_signal_bus::dispatch::{Kind, Target, Topic};
use enact_signal_core::{Data, Envelope};
use rdkafka::consumer::{Consumer as _, StreamConsumer};
use rdkafka::message::{Headers as _, Message as _, OwnedMessage};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::DefaultProducerContext;
use rdkafka::types::{RDKafkaApiKey, RDKafkaRespErr};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};

use crate::brokers::{
    closed_port, deliver_in_every_way, miss_who_is_not_there, refuse_only_what_is_too_large, soon,
};
use crate::world::{read, signal};

const TOPIC: &str = "orders";

type Cluster = MockCluster<'static, DefaultProducerContext>;

/// A cluster of one broker with a topic.
fn cluster(partitions: i32) -> Cluster {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic(TOPIC, partitions, 1).unwrap();
    cluster
}

/// A target that comes back soon to a broker that was away.
fn target(cluster: &Cluster) -> Kafka {
    Kafka::topic("orders", cluster.bootstrap_servers(), Topic::fixed(TOPIC))
        .set("reconnect.backoff.max.ms", "100")
}

/// So many messages of the topic from its beginning, in the order of each partition.
async fn messages(cluster: &Cluster, partitions: i32, count: usize) -> Vec<OwnedMessage> {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", cluster.bootstrap_servers());
    config.set("group.id", "readers");
    config.set("fetch.message.max.bytes", "4000000");
    let consumer: StreamConsumer = config.create().unwrap();
    let mut places = TopicPartitionList::new();
    for partition in 0..partitions {
        let place = places.add_partition_offset(TOPIC, partition, Offset::Beginning);
        place.unwrap();
    }
    consumer.assign(&places).unwrap();
    let mut messages = Vec::with_capacity(count);
    while messages.len() < count {
        let message = soon(consumer.recv()).await.unwrap();
        messages.push(message.detach());
    }
    messages
}

fn header<'a>(message: &'a OwnedMessage, name: &str) -> Option<&'a str> {
    let headers = message.headers()?;
    let mut named = headers.iter().filter(|header| header.key == name);
    named
        .next()?
        .value
        .map(|value| str::from_utf8(value).unwrap())
}

#[tokio::test]
async fn what_was_reported_lies_in_the_topic_in_its_order() {
    let cluster = cluster(1);
    let target = target(&cluster);
    let sent = deliver_in_every_way(&target).await;
    let messages = messages(&cluster, 1, sent.len()).await;
    for (message, expected) in messages.iter().zip(&sent) {
        assert_eq!(read(message.payload().unwrap()), *expected);
        let media_type = header(message, "content-type");
        assert_eq!(media_type, Some("application/cloudevents+json"));
        assert_eq!(message.key(), None);
    }
    refuse_only_what_is_too_large(&target.set("message.max.bytes", "4000000")).await;
}

#[tokio::test]
async fn in_binary_mode_attributes_are_headers_and_the_value_is_the_data() {
    let cluster = cluster(1);
    let target = target(&cluster).mode(Mode::Binary);
    target.deliver(&signal("1")).await.unwrap();
    let empty = Envelope::builder("order.gone", "/orders").id("2");
    let empty = empty.extension("partitionkey", "1042").build().unwrap();
    target.deliver(&empty).await.unwrap();

    let messages = messages(&cluster, 1, 2).await;
    let expected = [
        ("ce_specversion", "1.0"),
        ("ce_id", "1"),
        ("ce_source", "/payments"),
        ("ce_type", "order.paid"),
        ("ce_time", "2026-01-31T09:30:00Z"),
        ("ce_subject", "Euro €"),
        ("ce_region", "eu"),
        ("content-type", "application/json"),
    ];
    for (name, value) in expected {
        assert_eq!(header(&messages[0], name), Some(value), "{name}");
    }
    assert_eq!(messages[0].headers().unwrap().count(), expected.len());
    assert_eq!(messages[0].payload(), Some(&br#"{"cents":1999}"#[..]));

    assert_eq!(messages[1].payload(), None);
    assert_eq!(messages[1].key(), Some(&b"1042"[..]));
    assert_eq!(header(&messages[1], "ce_partitionkey"), Some("1042"));
    assert_eq!(header(&messages[1], "content-type"), None);

    let inner =
        Envelope::builder("order.gone", "/orders").datacontenttype("application/cloudevents+json");
    let inner = inner.data(Data::bytes(*b"{}")).build().unwrap();
    let refused = target.deliver(&inner).await.unwrap_err();
    assert_eq!(refused.kind(), Kind::Unwritable);
    refuse_only_what_is_too_large(&target).await;
}

#[tokio::test]
async fn signals_of_one_key_lie_in_one_partition_in_their_order() {
    let cluster = cluster(4);
    let target = target(&cluster);
    let keyed = |at: usize| {
        let builder = Envelope::builder("order.paid", "/payments").id(at.to_string());
        let key = format!("customer-{}", at % 5);
        builder
            .extension("partitionkey", key.as_str())
            .build()
            .unwrap()
    };
    let signals: Vec<_> = (0..100).map(keyed).collect();
    for some in signals.chunks(30) {
        assert!(target.deliver_all(some).await.iter().all(Result::is_ok));
    }
    let messages = messages(&cluster, 4, signals.len()).await;
    let mut used = std::collections::HashSet::new();
    for key in 0..5 {
        let key = format!("customer-{key}");
        let of_key: Vec<_> = messages
            .iter()
            .filter(|message| message.key() == Some(key.as_bytes()))
            .collect();
        let partitions: Vec<_> = of_key.iter().map(|message| message.partition()).collect();
        assert!(
            partitions.iter().all(|at| *at == partitions[0]),
            "{partitions:?}"
        );
        used.insert(partitions[0]);
        let ids = of_key
            .iter()
            .map(|message| read(message.payload().unwrap()));
        let ids: Vec<usize> = ids.map(|signal| signal.id().parse().unwrap()).collect();
        assert_eq!(ids.len(), 20);
        assert!(ids.is_sorted(), "{ids:?}");
    }
    assert!(used.len() > 1, "{used:?}");
}

#[tokio::test]
async fn a_broker_that_was_away_gets_what_comes_after() {
    let cluster = cluster(1);
    let target = target(&cluster).patience(Duration::from_secs(4));
    target.deliver(&signal("before")).await.unwrap();
    cluster.broker_down(1).unwrap();
    let error = target.deliver(&signal("between")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unreachable, "{error:?}");
    cluster.broker_up(1).unwrap();
    let mut outcome = target.deliver(&signal("after")).await;
    for _ in 0..20 {
        if outcome.is_ok() {
            break;
        }
        outcome = target.deliver(&signal("after")).await;
    }
    outcome.unwrap();
    let messages = messages(&cluster, 1, 2).await;
    let ids = messages
        .iter()
        .map(|message| read(message.payload().unwrap()));
    let ids: Vec<_> = ids.map(|signal| signal.id().to_owned()).collect();
    assert_eq!(ids, ["before", "after"]);
}

#[tokio::test]
async fn what_the_producer_sends_again_by_itself_is_there_once() {
    use RDKafkaRespErr::*;
    let cluster = cluster(1);
    let target = target(&cluster);
    target.check().await.unwrap();
    let passing = [
        RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
        RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
        RD_KAFKA_RESP_ERR__TRANSPORT,
    ];
    cluster.request_errors(RDKafkaApiKey::Produce, &passing);
    for id in ["1", "2"] {
        target.deliver(&signal(id)).await.unwrap();
    }
    let messages = messages(&cluster, 1, 2).await;
    for (message, id) in messages.iter().zip(["1", "2"]) {
        assert_eq!(read(message.payload().unwrap()), signal(id));
    }
}

#[tokio::test]
async fn what_the_broker_refuses_for_good_is_told_so() {
    use RDKafkaRespErr::*;
    let cluster = cluster(1);
    let refusals = [
        (
            RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
            Kind::Misconfigured,
        ),
        (RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, Kind::Unwritable),
        (RD_KAFKA_RESP_ERR_INVALID_RECORD, Kind::Refused),
    ];
    for (refusal, kind) in refusals {
        let target = target(&cluster);
        cluster.request_errors(RDKafkaApiKey::Produce, &[refusal]);
        let error = target.deliver(&signal("1")).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.is_retryable()),
            (kind, false),
            "{error:?}"
        );
        // What is wrong with one message is not wrong with the next.
        if kind != Kind::Misconfigured {
            target.deliver(&signal("2")).await.unwrap();
        }
    }
}

#[tokio::test]
async fn what_the_broker_takes_for_too_large_together_goes_one_by_one() {
    let cluster = cluster(1);
    // All of them are one batch of the producer.
    let target = target(&cluster).set("queue.buffering.max.ms", "500");
    target.check().await.unwrap();
    let too_large = RDKafkaRespErr::RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
    cluster.request_errors(RDKafkaApiKey::Produce, &[too_large]);
    let signals = ["1", "2", "3"].map(signal);
    for outcome in target.deliver_all(&signals).await {
        outcome.unwrap();
    }
    let messages = messages(&cluster, 1, 3).await;
    for (message, expected) in messages.iter().zip(&signals) {
        assert_eq!(read(message.payload().unwrap()), *expected);
    }
}

#[tokio::test]
async fn a_topic_that_is_not_there_is_missed() {
    let cluster = cluster(1);
    let unknown = RDKafkaRespErr::RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    cluster.topic_error(TOPIC, unknown).unwrap();
    let target = target(&cluster).set("topic.metadata.propagation.max.ms", "100");
    let error = target.check().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Misconfigured, "{error:?}");
    let error = target.deliver(&signal("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Misconfigured, "{error:?}");
}

#[tokio::test]
async fn brokers_that_are_not_there_may_come() {
    let brokers = format!("127.0.0.1:{}", closed_port().await);
    let target = Kafka::topic("orders", brokers, Topic::fixed(TOPIC))
        .set("sasl.password", "secret")
        .patience(Duration::from_secs(1));
    assert!(!format!("{target:?}").contains("secret"));
    miss_who_is_not_there(&target).await;
}

#[tokio::test]
async fn options_that_would_lose_the_promise_are_refused() {
    let cluster = cluster(1);
    let target = target(&cluster).set("acks", "1");
    let error = target.check().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Misconfigured, "{error:?}");
}

#[test]
fn a_password_goes_in_plain_text_no_further_than_this_machine() {
    let of = |brokers: &str| {
        Kafka::topic("orders", brokers, Topic::fixed(TOPIC))
            .set("security.protocol", "SASL_PLAINTEXT")
            .set("sasl.mechanism", "PLAIN")
            .set("sasl.username", "me")
            .set("sasl.password", "secret")
    };
    of("localhost:9092,[::1]:9092").validate().unwrap();
    let error = of("127.0.0.1:9092,kafka.example:9092")
        .validate()
        .unwrap_err();
    assert_eq!(error.kind(), Kind::Misconfigured);
    assert!(error.to_string().contains("\"kafka.example\""), "{error}");
    of("kafka.example:9092")
        .plain_password()
        .validate()
        .unwrap();
}

#[test]
fn what_is_no_topic_or_option_is_refused() {
    let of = |topic| Kafka::topic("orders", "127.0.0.1:9092", topic);
    let good = [
        Topic::fixed("a.b_c-D1"),
        Topic::by_type(""),
        Topic::by_type("x."),
    ];
    for topic in good {
        of(topic).validate().unwrap();
    }
    let bad = [
        of(Topic::fixed("")),
        of(Topic::fixed("..")),
        of(Topic::fixed("a b")),
        of(Topic::by_type("a/")),
        of(Topic::fixed("x".repeat(250))),
        of(Topic::fixed("a")).set("no.such.option", "1"),
    ];
    for target in bad {
        let error = target.validate().unwrap_err();
        assert_eq!(error.kind(), Kind::Misconfigured, "{target:?}");
    }
}
