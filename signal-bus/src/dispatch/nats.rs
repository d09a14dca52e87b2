//! NATS: subjects of its core, and streams of `JetStream`.
//!
//! ```no_run
//! use enact_signal_bus::dispatch::nats::Nats;
//! use enact_signal_bus::dispatch::{Layers, Target, Topic};
//! use enact_signal_core::Envelope;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let orders = Nats::jetstream("orders", "nats://127.0.0.1:4222", Topic::by_type("signals."))
//!     .within(std::time::Duration::from_secs(5));
//! orders.check().await?;
//! orders.deliver(&Envelope::builder("order.paid", "/payments").build()?).await?;
//! # Ok(())
//! # }
//! ```

use std::fmt;

use async_nats::connection::State;
use async_nats::jetstream::context::{PublishError, PublishErrorKind};
use async_nats::{Client, ConnectError, ConnectErrorKind, ConnectOptions, HeaderMap, jetstream};
use enact_signal_core::{Envelope, Limits, json};

use super::link::Link;
use super::target::alone;
use super::{DispatchError, Kind, Outcome, Pending, Target, Topic};

/// A subject of NATS, of its core or of a stream of `JetStream`.
///
/// The message is the signal as structured JSON, its header `content-type` says so.
pub struct Nats {
    name: String,
    url: String,
    topic: Topic,
    promise: Promise,
    options: Option<ConnectOptions>,
    limits: Limits,
    link: Link<Client>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Promise {
    /// At most once: the server has it, and whoever listens now.
    Core,
    /// At least once: a stream has it on its storage.
    Stream,
}

impl Nats {
    /// A subject of the core: who listens now gets it, and nobody says whether somebody did.
    pub fn core(name: impl Into<String>, url: impl Into<String>, topic: Topic) -> Self {
        Self::new(name.into(), url.into(), topic, Promise::Core)
    }

    /// A subject that a stream of `JetStream` takes; a delivery is done when the stream has it.
    ///
    /// The header `Nats-Msg-Id` is made of the signal's source and id, so within the stream's window
    /// for duplicates one that is sent again is kept once.
    pub fn jetstream(name: impl Into<String>, url: impl Into<String>, topic: Topic) -> Self {
        Self::new(name.into(), url.into(), topic, Promise::Stream)
    }

    fn new(name: String, url: String, topic: Topic, promise: Promise) -> Self {
        Self {
            name,
            url,
            topic,
            promise,
            options: None,
            limits: Limits::default(),
            link: Link::default(),
        }
    }

    /// With credentials and encryption as these options say.
    #[must_use]
    pub fn options(self, options: ConnectOptions) -> Self {
        Self {
            options: Some(options),
            ..self
        }
    }

    /// How large a signal may be.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    async fn client(&self) -> Result<Client, DispatchError> {
        // One that is reconnecting would keep what is published until it is connected.
        let fit = |client: &Client| client.connection_state() == State::Connected;
        let connect = async {
            let options = self.options.clone().unwrap_or_default();
            let connected = options.connect(self.url.as_str()).await;
            connected.map_err(|error| self.no_way(error))
        };
        self.link.share(fit, connect).await
    }

    fn message(&self, signal: &Envelope) -> Result<(String, HeaderMap, Vec<u8>), DispatchError> {
        let body = json::write(signal, &self.limits);
        let body = body.map_err(|error| DispatchError::unwritable(&self.name, error))?;
        let mut headers = HeaderMap::new();
        headers.insert("content-type", json::MEDIA_TYPE);
        if self.promise == Promise::Stream {
            let source = signal.source();
            let id = format!("{}:{source}{}", source.len(), signal.id());
            headers.insert("Nats-Msg-Id", id);
        }
        Ok((self.topic.of(signal), headers, body))
    }

    async fn run(&self, signals: &[Envelope]) -> Vec<Outcome> {
        let client = match self.client().await {
            Ok(client) => client,
            Err(error) => return super::target::shared(&Err(error), signals.len()),
        };
        match self.promise {
            Promise::Core => self.publish(&client, signals).await,
            Promise::Stream => self.store(client, signals).await,
        }
    }

    async fn publish(&self, client: &Client, signals: &[Envelope]) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(signals.len());
        for signal in signals {
            outcomes.push(self.publish_one(client, signal).await);
        }
        if let Err(error) = client.flush().await {
            let lost = Err(self.broken(error));
            for outcome in outcomes.iter_mut().filter(|outcome| outcome.is_ok()) {
                outcome.clone_from(&lost);
            }
        }
        outcomes
    }

    async fn publish_one(&self, client: &Client, signal: &Envelope) -> Outcome {
        let (subject, headers, body) = self.message(signal)?;
        let most = client.max_payload();
        if body.len() > most {
            let what = format!("it has {} bytes, and the server takes {most}", body.len());
            return Err(DispatchError::new(Kind::Unwritable, &self.name, what));
        }
        let published = client.publish_with_headers(subject, headers, body.into());
        published.await.map_err(|error| self.broken(error))
    }

    /// All are sent before the first answer is waited for.
    async fn store(&self, client: Client, signals: &[Envelope]) -> Vec<Outcome> {
        let context = jetstream::new(client);
        let mut sent = Vec::with_capacity(signals.len());
        for signal in signals {
            sent.push(match self.message(signal) {
                Ok((subject, headers, body)) => {
                    let publish = context.publish_with_headers(subject, headers, body.into());
                    publish.await.map_err(|error| self.not_stored(error))
                }
                Err(error) => Err(error),
            });
        }
        let mut outcomes = Vec::with_capacity(sent.len());
        for answer in sent {
            outcomes.push(match answer {
                Ok(answer) => match answer.await {
                    Ok(_) => Ok(()),
                    Err(error) => Err(self.not_stored(error)),
                },
                Err(error) => Err(error),
            });
        }
        outcomes
    }

    async fn test(&self) -> Outcome {
        let client = self.client().await?;
        let (Promise::Stream, (subject, true)) = (self.promise, self.topic.stem()) else {
            return client.flush().await.map_err(|error| self.broken(error));
        };
        let found = jetstream::new(client).stream_by_subject(subject).await;
        found.map(drop).map_err(|error| {
            let what = format!("no stream takes the subject {subject:?}; add it to one");
            DispatchError::new(Kind::Misconfigured, &self.name, what).because(error)
        })
    }

    fn no_way(&self, error: ConnectError) -> DispatchError {
        let (kind, what) = match error.kind() {
            ConnectErrorKind::ServerParse => (Kind::Misconfigured, "its address is no URL"),
            ConnectErrorKind::Authentication | ConnectErrorKind::AuthorizationViolation => (
                Kind::Misconfigured,
                "the server does not know the credentials",
            ),
            _ => (Kind::Unreachable, "there is no way to the server; retry"),
        };
        DispatchError::new(kind, &self.name, what).because(error)
    }

    fn broken(&self, error: impl std::error::Error + Send + Sync + 'static) -> DispatchError {
        let what = "the connection broke off; retry";
        DispatchError::new(Kind::Unreachable, &self.name, what).because(error)
    }

    fn not_stored(&self, error: PublishError) -> DispatchError {
        let (kind, what) = match error.kind() {
            PublishErrorKind::StreamNotFound => (
                Kind::Misconfigured,
                "no stream takes its subject; add it to one",
            ),
            PublishErrorKind::MaxPayloadExceeded => {
                (Kind::Unwritable, "it is larger than the server takes")
            }
            PublishErrorKind::TimedOut => (Kind::Timeout, "the stream did not answer; retry"),
            PublishErrorKind::MaxAckPending => (Kind::Busy, "too many wait for answers; retry"),
            PublishErrorKind::BrokenPipe => (Kind::Unreachable, "the connection broke off; retry"),
            _ => (Kind::Failed, "the stream did not take it; retry"),
        };
        DispatchError::new(kind, &self.name, what).because(error)
    }
}

impl Target for Nats {
    fn name(&self) -> &str {
        &self.name
    }

    fn validate(&self) -> Outcome {
        let (subject, whole) = self.topic.stem();
        let stem = if whole {
            subject
        } else {
            subject.trim_end_matches('.')
        };
        let wrong = |segment: &str| {
            segment.is_empty() || segment.contains(|c: char| c.is_whitespace() || "*>".contains(c))
        };
        if (whole || !stem.is_empty()) && stem.split('.').any(wrong) {
            let what = format!("{subject:?} is no subject to publish to; write segments and dots");
            return Err(DispatchError::new(Kind::Misconfigured, &self.name, what));
        }
        Ok(())
    }

    /// Connects; for `JetStream` and a fixed subject, looks whether a stream takes it.
    fn check(&self) -> Pending<'_, Outcome> {
        Box::pin(self.test())
    }

    fn deliver<'a>(&'a self, signal: &'a Envelope) -> Pending<'a, Outcome> {
        Box::pin(async { alone(self.run(std::slice::from_ref(signal)).await) })
    }

    fn deliver_all<'a>(&'a self, signals: &'a [Envelope]) -> Pending<'a, Vec<Outcome>> {
        Box::pin(self.run(signals))
    }
}

impl fmt::Debug for Nats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Nats");
        debug
            .field("name", &self.name)
            .field("topic", &self.topic)
            .field("promise", &self.promise)
            .finish_non_exhaustive()
    }
}
