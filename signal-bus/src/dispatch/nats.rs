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

use std::error::Error as _;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::time::Duration;

use async_nats::connection::State;
use async_nats::jetstream::ErrorCode;
use async_nats::jetstream::context::{PublishError, PublishErrorKind};
use async_nats::{
    Client, ConnectError, ConnectErrorKind, ConnectOptions, HeaderMap, client, jetstream,
};
use enact_signal_core::{Envelope, Limits, json};
use futures_core::Stream as _;
use tokio::time::{Instant, interval, timeout, timeout_at};

use super::link::Link;
use super::target::alone;
use super::{DispatchError, Kind, Outcome, Pending, Target, Topic};

/// How long a stream may take to its next answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a server may take to read what was sent to it.
const READING: Duration = Duration::from_secs(30);

/// How often it is looked whether the connection is another one meanwhile.
const LOOK: Duration = Duration::from_millis(100);

/// A subject of NATS, of its core or of a stream of `JetStream`.
///
/// The message is the signal as structured JSON, its header `content-type` says so. Whether the server has it, is asked
/// over the connection's inbox, so a user with permissions needs some for that: to subscribe to `_INBOX.>`, and for
/// the core also to publish there; or for the prefix that the options give inboxes.
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

    /// What was published is there when the server has answered to what was asked behind it. A flush says less: what it
    /// speaks of may still lie in a buffer, or be lost with a connection while it speaks of the next one.
    async fn publish(&self, client: &Client, signals: &[Envelope]) -> Vec<Outcome> {
        let before = connects(client);
        let mut outcomes = Vec::with_capacity(signals.len());
        for signal in signals {
            outcomes.push(self.publish_one(client, signal).await);
        }
        let asked = self.ask(client, before).await;
        if asked.is_err() {
            for outcome in outcomes.iter_mut().filter(|outcome| outcome.is_ok()) {
                outcome.clone_from(&asked);
            }
        }
        outcomes
    }

    async fn publish_one(&self, client: &Client, signal: &Envelope) -> Outcome {
        let (subject, headers, body) = self.message(signal)?;
        let published = client.publish_with_headers(subject, headers, body.into());
        published.await.map_err(|error| match error.kind() {
            client::PublishErrorKind::MaxPayloadExceeded => self.too_large().because(error),
            client::PublishErrorKind::InvalidSubject => {
                let what = "its subject is none; look at the topic";
                DispatchError::new(self.topic.blame(), &self.name, what).because(error)
            }
            client::PublishErrorKind::Send => self.broken(error),
        })
    }

    /// Sends itself a message and waits for it, over the connection that was the last one then: the server reads what
    /// comes over one in its order. Where it sends nobody his own messages, it says that nobody listens, which is as good.
    async fn ask(&self, client: &Client, before: u64) -> Outcome {
        let inbox = client.new_inbox();
        let heard = async {
            let mut heard = client.subscribe(inbox.clone()).await?;
            heard.unsubscribe_after(1).await?;
            let nothing = Vec::new().into();
            client
                .publish_with_reply(inbox.clone(), inbox, nothing)
                .await?;
            Ok(poll_fn(|context| Pin::new(&mut heard).poll_next(context)).await)
        };
        let changed = async {
            let mut looks = interval(LOOK);
            while connects(client) == before {
                looks.tick().await;
            }
        };
        let heard = tokio::select! {
            heard = timeout(READING, heard) => heard,
            () = changed => Ok(Ok(None)),
        };
        match heard {
            Ok(Ok(Some(_))) if connects(client) == before => Ok(()),
            Ok(Ok(_)) => {
                let what = "the connection broke off; retry";
                Err(DispatchError::new(Kind::Unreachable, &self.name, what))
            }
            Ok(Err(error)) => Err(self.broken::<async_nats::Error>(error)),
            Err(_) => {
                let what = "the server did not answer; retry, or let the user publish and subscribe to its inboxes";
                Err(DispatchError::new(Kind::Timeout, &self.name, what))
            }
        }
    }

    /// All are sent before the first answer is waited for. The next answer may take its time, once.
    async fn store(&self, client: Client, signals: &[Envelope]) -> Vec<Outcome> {
        let context = jetstream::new(client);
        let mut until = Instant::now() + PATIENCE;
        let mut sent = Vec::with_capacity(signals.len());
        for signal in signals {
            sent.push(match self.message(signal) {
                Ok((subject, headers, body)) => {
                    let publish = context.publish_with_headers(subject, headers, body.into());
                    self.stored(until, publish).await
                }
                Err(error) => Err(error),
            });
        }
        until = Instant::now() + PATIENCE;
        let mut outcomes = Vec::with_capacity(sent.len());
        for answer in sent {
            let outcome = match answer {
                Ok(answer) => self.stored(until, answer.into_future()).await.map(drop),
                Err(error) => Err(error),
            };
            if outcome.is_ok() {
                until = Instant::now() + PATIENCE;
            }
            outcomes.push(outcome);
        }
        outcomes
    }

    async fn stored<T>(
        &self,
        until: Instant,
        answer: impl Future<Output = Result<T, PublishError>>,
    ) -> Result<T, DispatchError> {
        let answer = timeout_at(until, answer).await;
        let answer = answer.unwrap_or_else(|_| Err(PublishError::new(PublishErrorKind::TimedOut)));
        answer.map_err(|error| self.not_stored(error))
    }

    async fn test(&self) -> Outcome {
        let client = self.client().await?;
        let (Promise::Stream, (subject, true)) = (self.promise, self.topic.stem()) else {
            return self.ask(&client, connects(&client)).await;
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

    fn broken<E: Into<async_nats::Error>>(&self, error: E) -> DispatchError {
        let what = "the connection broke off; retry";
        DispatchError::new(Kind::Unreachable, &self.name, what).because(error)
    }

    fn too_large(&self) -> DispatchError {
        let what = "it is larger than the server takes, with its headers";
        DispatchError::new(Kind::Unwritable, &self.name, what)
    }

    fn not_stored(&self, error: PublishError) -> DispatchError {
        let (kind, what) = match error.kind() {
            // So it is for a moment as well where a stream changes its leader.
            PublishErrorKind::StreamNotFound => (
                Kind::Unreachable,
                "no stream takes its subject now; retry, and add it to one where none does",
            ),
            PublishErrorKind::MaxPayloadExceeded => return self.too_large().because(error),
            PublishErrorKind::Other if is_too_large(&error) => {
                (Kind::Unwritable, "it is larger than the stream takes")
            }
            PublishErrorKind::TimedOut => (Kind::Timeout, "the stream did not answer; retry"),
            PublishErrorKind::MaxAckPending => (Kind::Busy, "too many wait for answers; retry"),
            PublishErrorKind::BrokenPipe => (Kind::Unreachable, "the connection broke off; retry"),
            _ => (Kind::Failed, "the stream did not take it; retry"),
        };
        DispatchError::new(kind, &self.name, what).because(error)
    }
}

/// How many connections the client has had. What it was given for one that broke off is lost.
fn connects(client: &Client) -> u64 {
    client.statistics().connects.load(Ordering::Acquire)
}

/// Whether the stream has limits of its own, and they are exceeded.
fn is_too_large(error: &PublishError) -> bool {
    let told = error.source().and_then(|error| error.downcast_ref());
    told.is_some_and(|error: &jetstream::Error| {
        matches!(
            error.error_code(),
            ErrorCode::STREAM_MESSAGE_EXCEEDS_MAXIMUM | ErrorCode::STREAM_HEADER_EXCEEDS_MAXIMUM
        )
    })
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

    fn is_joint(&self) -> bool {
        true
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
