//! Kafka, as the Kafka binding of CloudEvents 1.0.2 asks: structured and binary.
//!
//! ```no_run
//! use enact_signal_bus::dispatch::kafka::Kafka;
//! use enact_signal_bus::dispatch::{Layers, Target, Topic};
//! use enact_signal_core::Envelope;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let orders = Kafka::topic("orders", "127.0.0.1:9092", Topic::fixed("orders"))
//!     .within(std::time::Duration::from_secs(40));
//! orders.check().await?;
//! let paid = Envelope::builder("order.paid", "/payments").extension("partitionkey", "1042");
//! orders.deliver(&paid.build()?).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Keys and order
//!
//! The extension `partitionkey`, where a signal has it, is the key of its message, and stays in the event (section 3.1).
//! Messages of one key go to one partition, the same that Java's clients choose, and lie there in the order in which they
//! were delivered. A message without a key goes to any partition.
//!
//! # What is built
//!
//! The client is librdkafka, which is built along and needs a C compiler and make. Here it is built without OpenSSL, so without
//! encryption; a program that depends on `rdkafka` itself with its feature `ssl` or `ssl-vendored` adds that for all, and says
//! `security.protocol` with [`Kafka::set`].

mod failure;
mod message;

use std::fmt;
use std::time::Duration;

use enact_signal_core::{Envelope, Limits};
use rdkafka::config::ClientConfig;
use rdkafka::error::KafkaError;
use rdkafka::metadata::MetadataTopic;
use rdkafka::producer::{DeliveryFuture, FutureProducer, FutureRecord, Producer as _};

use self::failure::Heard;
use self::message::Message;
use super::here::is_here;
use super::link::Link;
use super::target::{alone, shared};
use super::{DispatchError, Kind, Outcome, Pending, Target, Topic};

/// How long a message may wait for its broker.
const PATIENCE: Duration = Duration::from_secs(30);

/// How long asking for a topic may take.
const ASKING: Duration = Duration::from_secs(10);

/// How signals are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mode {
    /// The value is the event as JSON (section 3.3).
    #[default]
    Structured,
    /// Attributes are headers, and the value is the data (section 3.2). A signal without data has no value, which in a
    /// compacted topic deletes what its key has had.
    Binary,
}

/// A topic of Kafka.
///
/// A delivery is done when all replicas that are in sync have the message. The producer is idempotent: what it sends again by
/// itself is kept once. A delivery that failed here may have arrived all the same, and one that is tried again
/// may be there twice.
///
/// The producer has threads of its own, as many as brokers and a few, which end when the target is dropped; that may take
/// half a second where messages are still under way.
pub struct Kafka {
    name: String,
    config: ClientConfig,
    topic: Topic,
    mode: Mode,
    plain_password: bool,
    patience: Duration,
    limits: Limits,
    link: Link<Line>,
}

/// A producer, and what it has heard of its brokers.
#[derive(Clone)]
struct Line {
    producer: FutureProducer<Heard>,
    heard: Heard,
}

impl Kafka {
    /// That topic, in the cluster that some of its brokers lead to: hosts and ports, with commas between.
    pub fn topic(name: impl Into<String>, brokers: impl Into<String>, topic: Topic) -> Self {
        let mut config = ClientConfig::new();
        config
            .set("bootstrap.servers", brokers)
            .set("enable.idempotence", "true")
            .set("acks", "all")
            .set("partitioner", "murmur2_random")
            .set("queue.buffering.max.messages", "100000")
            .set("queue.buffering.max.kbytes", "65536")
            .set("topic.metadata.propagation.max.ms", "10000")
            .set("message.timeout.ms", PATIENCE.as_millis().to_string());
        Self {
            name: name.into(),
            config,
            topic,
            mode: Mode::default(),
            plain_password: false,
            patience: PATIENCE,
            limits: Limits::default(),
            link: Link::default(),
        }
    }

    /// How signals are written; [`Mode::Structured`] by default.
    #[must_use]
    pub fn mode(self, mode: Mode) -> Self {
        Self { mode, ..self }
    }

    /// How long a message may wait for its broker, with all that the producer does again by itself; 30 s by default. A
    /// [`Timeout`](super::layer::Timeout) around it should be longer: what it gives up goes on here.
    #[must_use]
    pub fn patience(self, patience: Duration) -> Self {
        let millis = patience.as_millis().max(1).to_string();
        let limited = self.set("message.timeout.ms", millis);
        Self {
            patience,
            ..limited
        }
    }

    /// One of librdkafka's own options, such as `security.protocol`, `sasl.username` or `compression.type`.
    #[must_use]
    pub fn set(mut self, option: impl Into<String>, value: impl Into<String>) -> Self {
        self.config.set(option, value);
        self
    }

    /// Lets a password go to brokers elsewhere in plain text, where the network in between is trusted. Without this
    /// options that send one are refused.
    #[must_use]
    pub fn plain_password(self) -> Self {
        Self {
            plain_password: true,
            ..self
        }
    }

    /// How large a signal may be.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    async fn line(&self) -> Result<Line, DispatchError> {
        let create = async {
            self.keep_password()?;
            let heard = Heard::default();
            let producer = self.config.create_with_context(heard.clone());
            let producer = producer.map_err(|error| failure::configured(&self.name, &error))?;
            Ok(Line { producer, heard })
        };
        let fit = |line: &Line| line.producer.client().fatal_error().is_none();
        self.link.share(fit, create).await
    }

    /// Refuses options that send a password in plain text to another machine.
    fn keep_password(&self) -> Outcome {
        let says = |option: &str, value: &str| {
            let said = self.config.get(option);
            said.is_some_and(|said| said.eq_ignore_ascii_case(value))
        };
        let sends = says("security.protocol", "sasl_plaintext")
            && (says("sasl.mechanism", "PLAIN") || says("sasl.mechanisms", "PLAIN"));
        if !sends || self.plain_password {
            return Ok(());
        }
        let brokers = self.config.get("bootstrap.servers").unwrap_or_default();
        let hosts = brokers.split(',').map(|broker| {
            let place = broker.rsplit_once("://").map_or(broker, |(_, place)| place);
            let host = place.rsplit_once(':').map_or(place, |(host, _)| host);
            host.trim().trim_start_matches('[').trim_end_matches(']')
        });
        match hosts.into_iter().find(|host| !is_here(host)) {
            None => Ok(()),
            Some(host) => {
                let what = format!(
                    "its password would go to {host:?} in plain text; set `security.protocol` to `sasl_ssl`, or allow that \
                     with `plain_password`"
                );
                Err(DispatchError::new(Kind::Misconfigured, &self.name, what))
            }
        }
    }

    /// All are sent before the first report is waited for. The broker takes a whole batch of the producer's for too large,
    /// so what was refused as that goes again by itself.
    async fn run(&self, signals: &[Envelope]) -> Vec<Outcome> {
        let line = match self.line().await {
            Ok(line) => line,
            Err(error) => return shared(&Err(error), signals.len()),
        };
        let sent = signals.iter().map(|signal| self.send(&line, signal));
        let sent: Vec<_> = sent.collect();
        let mut outcomes = Vec::with_capacity(sent.len());
        let mut too_large = Vec::new();
        for report in sent {
            outcomes.push(match report {
                Ok(report) => {
                    let outcome = self.reported(&line, report).await;
                    if is_too_large(&outcome) {
                        too_large.push(outcomes.len());
                    }
                    outcome
                }
                Err(error) => Err(error),
            });
        }
        if signals.len() > 1 {
            for at in too_large {
                outcomes[at] = match self.send(&line, &signals[at]) {
                    Ok(report) => self.reported(&line, report).await,
                    Err(error) => Err(error),
                };
            }
        }
        outcomes
    }

    fn send(&self, line: &Line, signal: &Envelope) -> Result<DeliveryFuture, DispatchError> {
        let Message { headers, key, body } = self.message(signal)?;
        let topic = self.topic.of(signal);
        let mut record = FutureRecord::<str, [u8]>::to(&topic).headers(headers);
        record.key = key.as_deref();
        record.payload = body.as_deref();
        let sent = line.producer.send_result(record);
        sent.map_err(|(error, _)| self.failed(line, error))
    }

    /// Where each type has a topic, what a topic is refused for is that signal's matter.
    fn failed(&self, line: &Line, error: KafkaError) -> DispatchError {
        if failure::is_of_topic(&error) {
            return failure::refused_as(self.topic.blame(), &self.name, error);
        }
        line.heard.failed(&self.name, error)
    }

    async fn reported(&self, line: &Line, report: DeliveryFuture) -> Outcome {
        match report.await {
            Ok(Ok(_)) => {
                line.heard.forget();
                Ok(())
            }
            Ok(Err((error, _))) => Err(self.failed(line, error)),
            Err(_) => {
                let what = "the producer ended before it was reported; retry";
                Err(DispatchError::new(Kind::Failed, &self.name, what))
            }
        }
    }

    fn message(&self, signal: &Envelope) -> Result<Message, DispatchError> {
        let message = message::write(signal, self.mode, &self.limits);
        message.map_err(|error| error.into_dispatch(&self.name))
    }

    /// Asking blocks, so it is done aside; with a fixed topic for that one, otherwise for all.
    async fn test(&self) -> Outcome {
        let Line { producer, heard } = self.line().await?;
        let topic = match self.topic.stem() {
            (topic, true) => Some(topic.to_owned()),
            (_, false) => None,
        };
        let patience = self.patience.min(ASKING);
        let ask = move || {
            let found = producer
                .client()
                .fetch_metadata(topic.as_deref(), patience)?;
            let mut topics = found.topics().iter().filter(|_| topic.is_some());
            Ok(topics.find_map(MetadataTopic::error))
        };
        match tokio::task::spawn_blocking(ask).await {
            Ok(Ok(None)) => Ok(()),
            Ok(Ok(Some(error))) => Err(failure::refused(
                &self.name,
                KafkaError::Global(error.into()),
            )),
            Ok(Err(error)) => Err(heard.unanswered(&self.name, error)),
            Err(error) => {
                let what = "asking was stopped; retry";
                Err(DispatchError::new(Kind::Failed, &self.name, what).because(error))
            }
        }
    }
}

fn is_too_large(outcome: &Outcome) -> bool {
    matches!(outcome, Err(error) if error.kind() == Kind::Unwritable)
}

impl Target for Kafka {
    fn name(&self) -> &str {
        &self.name
    }

    fn validate(&self) -> Outcome {
        let (stem, whole) = self.topic.stem();
        let part = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        let dots = whole && matches!(stem, "" | "." | "..");
        if dots || stem.len() > 249 || !stem.chars().all(part) {
            let what = format!(
                "{stem:?} is no topic; write letters, digits, `.`, `_` and `-`, 249 at most"
            );
            return Err(DispatchError::new(Kind::Misconfigured, &self.name, what));
        }
        self.keep_password()?;
        let native = self.config.create_native_config().map(drop);
        native.map_err(|error| failure::configured(&self.name, &error))
    }

    /// Connects, and looks whether the topic is there. One that is not may be made by that, where brokers are told to.
    fn check(&self) -> Pending<'_, Outcome> {
        Box::pin(self.test())
    }

    fn deliver<'a>(&'a self, signal: &'a Envelope) -> Pending<'a, Outcome> {
        Box::pin(async { alone(self.run(std::slice::from_ref(signal)).await) })
    }

    fn deliver_all<'a>(&'a self, signals: &'a [Envelope]) -> Pending<'a, Vec<Outcome>> {
        Box::pin(self.run(signals))
    }

    fn is_joint(&self) -> bool {
        true
    }
}

impl fmt::Debug for Kafka {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Kafka");
        debug
            .field("name", &self.name)
            .field("topic", &self.topic)
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}
