//! Streams of Redis.
//!
//! ```no_run
//! use enact_signal_bus::dispatch::redis::Redis;
//! use enact_signal_bus::dispatch::{Layers, Target};
//! use enact_signal_core::Envelope;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let orders = Redis::stream("orders", "redis://127.0.0.1:6379", "orders", 100_000)
//!     .within(std::time::Duration::from_secs(5));
//! orders.check().await?;
//! orders.deliver(&Envelope::builder("order.paid", "/payments").build()?).await?;
//! # Ok(())
//! # }
//! ```
//!
//! Addresses with `rediss` are of encrypted connections, for which the feature `tls` is needed.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

#[cfg(feature = "tls")]
use ::redis::ConnectionAddr;
use ::redis::aio::MultiplexedConnection;
use ::redis::streams::StreamMaxlen;
use ::redis::{
    AsyncConnectionConfig, Client, ConnectionInfo, ErrorKind, IntoConnectionInfo as _, Pipeline,
    RedisError, ServerErrorKind,
};
use enact_signal_core::{Envelope, Limits, json};
use tokio::task::JoinSet;

use super::link::Link;
use super::target::alone;
use super::way::{Protocol, Way, blocked, way};
use super::{DispatchError, Kind, Outcome, Pending, Target};

/// A stream of Redis.
///
/// Each entry has the fields `id`, `source` and `type`, and the signal as structured JSON under `event`. Several
/// signals are one transaction: all of them are in the stream, in their order, or none. The server has a minute to
/// answer; a [`Timeout`](super::layer::Timeout) around it says less.
pub struct Redis {
    name: String,
    url: String,
    key: String,
    most: usize,
    limits: Limits,
    way: Way,
    link: Link<Line>,
}

/// A connection, and what drives one that the client did not make itself.
#[derive(Clone)]
struct Line {
    connection: MultiplexedConnection,
    _drivers: Arc<JoinSet<()>>,
}

impl Line {
    fn new(connection: MultiplexedConnection, drivers: JoinSet<()>) -> Self {
        Self {
            connection,
            _drivers: Arc::new(drivers),
        }
    }
}

way!(Redis);

const PROTOCOL: Protocol = Protocol {
    name: "Redis",
    plain: &["redis", "valkey"],
    encrypted: &["rediss", "valkeys"],
};

/// How long connecting may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the server may take to answer. Who does not wait so long puts a timeout around the target.
const ANSWER: Duration = Duration::from_mins(1);

/// The client's own times are shorter than some transactions, which would be there and be told as failed.
fn times() -> AsyncConnectionConfig {
    AsyncConnectionConfig::new()
        .set_connection_timeout(Some(PATIENCE))
        .set_response_timeout(Some(ANSWER))
}

impl Redis {
    /// The stream of that key, which keeps about so many entries and drops older ones. The URL holds
    /// credentials and database.
    pub fn stream(
        name: impl Into<String>,
        url: impl Into<String>,
        key: impl Into<String>,
        most: usize,
    ) -> Self {
        Self {
            name: name.into(),
            url: url.into(),
            key: key.into(),
            most,
            limits: Limits::default(),
            way: Way::default(),
            link: Link::default(),
        }
    }

    /// How large a signal may be.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    async fn line(&self) -> Result<Line, DispatchError> {
        self.link.share(|_| true, self.connect()).await
    }

    async fn connect(&self) -> Result<Line, DispatchError> {
        #[cfg_attr(
            not(feature = "tls"),
            expect(unused_variables, reason = "such an address was refused")
        )]
        let (info, encrypted) = self.address()?;
        #[cfg(feature = "tls")]
        if encrypted {
            return self.encrypted(&info).await;
        }
        let connect = async {
            let client = Client::open(info)?;
            let times = times();
            client
                .get_multiplexed_async_connection_with_config(&times)
                .await
        };
        let connected = connect.await.map_err(|error| self.failed(error))?;
        Ok(Line::new(connected, JoinSet::new()))
    }

    #[cfg(feature = "tls")]
    async fn encrypted(&self, info: &ConnectionInfo) -> Result<Line, DispatchError> {
        let ConnectionAddr::Tcp(host, port) = info.addr() else {
            let what = "its address names no host";
            return Err(DispatchError::new(Kind::Misconfigured, &self.name, what));
        };
        let client = super::way::client(&self.name, &self.way).await?;
        let encrypting = super::way::Encrypting::new(client, host);
        let (settings, limits) = (info.redis_settings(), times());
        let connect = async {
            let stream = encrypting.connect((host.as_str(), *port)).await;
            let stream = stream.map_err(|error| {
                DispatchError::new(Kind::Unreachable, &self.name, blocked(&error)).because(error)
            })?;
            let made = MultiplexedConnection::new_with_config(settings, stream, limits).await;
            made.map_err(|error| self.failed(error))
        };
        match tokio::time::timeout(PATIENCE, connect).await {
            Ok(Ok((connection, driver))) => {
                let mut drivers = JoinSet::new();
                drivers.spawn(driver);
                Ok(Line::new(connection, drivers))
            }
            Ok(Err(error)) => Err(error),
            Err(_) => {
                let what = "the server did not answer in time; retry";
                Err(DispatchError::new(Kind::Unreachable, &self.name, what))
            }
        }
    }

    /// What the client is to know, which encryption is not, and whether there is to be some.
    fn address(&self) -> Result<(ConnectionInfo, bool), DispatchError> {
        let scheme = self.url.split(':').next().unwrap_or_default();
        let info = |url: &str| {
            let info = url.into_connection_info();
            info.map_err(|error| self.failed(error))
        };
        if ["unix", "redis+unix", "valkey+unix"].contains(&scheme) {
            return Ok((info(&self.url)?, false));
        }
        let has_password = |url: &url::Url| url.password().is_some();
        let (mut url, encrypted) = PROTOCOL.read(&self.name, &self.url, &self.way, has_password)?;
        let is_plain = !encrypted || url.set_scheme("redis").is_ok();
        if url.fragment().is_some() || !is_plain {
            let what = "its address has a `#`; nothing of Redis stands behind one";
            return Err(DispatchError::new(Kind::Misconfigured, &self.name, what));
        }
        Ok((info(url.as_str())?, encrypted))
    }

    async fn run(&self, signals: &[Envelope]) -> Vec<Outcome> {
        let mut outcomes = vec![Ok(()); signals.len()];
        let mut pipeline = ::redis::pipe();
        pipeline.atomic();
        for (signal, outcome) in signals.iter().zip(&mut outcomes) {
            *outcome = self.add(&mut pipeline, signal);
        }
        if outcomes.iter().all(Result::is_err) {
            return outcomes;
        }
        if let Err(error) = self.send(&pipeline).await {
            for outcome in outcomes.iter_mut().filter(|outcome| outcome.is_ok()) {
                *outcome = Err(error.clone());
            }
        }
        outcomes
    }

    fn add(&self, pipeline: &mut Pipeline, signal: &Envelope) -> Outcome {
        let event = json::write(signal, &self.limits);
        let event = event.map_err(|error| DispatchError::unwritable(&self.name, error))?;
        let fields: [(&str, &[u8]); 4] = [
            ("id", signal.id().as_bytes()),
            ("source", signal.source().as_bytes()),
            ("type", signal.ty().as_str().as_bytes()),
            ("event", &event),
        ];
        let most = StreamMaxlen::Approx(self.most);
        pipeline.xadd_maxlen(&self.key, most, "*", &fields).ignore();
        Ok(())
    }

    async fn send(&self, pipeline: &Pipeline) -> Outcome {
        let mut line = self.line().await?;
        let sent: Result<(), _> = pipeline.query_async(&mut line.connection).await;
        if let Err(error) = sent {
            self.link.lose().await;
            return Err(self.failed(error));
        }
        Ok(())
    }

    async fn test(&self) -> Outcome {
        let mut line = self.line().await?;
        let mut ask = ::redis::cmd("TYPE");
        ask.arg(&self.key);
        let kind: Result<String, _> = ask.query_async(&mut line.connection).await;
        match kind.as_deref() {
            Ok("stream" | "none") => Ok(()),
            Ok(other) => {
                let what = format!("{:?} is a {other}; take another key", self.key);
                Err(DispatchError::new(Kind::Misconfigured, &self.name, what))
            }
            Err(_) => {
                self.link.lose().await;
                kind.map(drop).map_err(|error| self.failed(error))
            }
        }
    }

    fn failed(&self, error: RedisError) -> DispatchError {
        let (kind, what) = match error.kind() {
            ErrorKind::InvalidClientConfig => {
                (Kind::Misconfigured, "its address is no URL of Redis")
            }
            ErrorKind::AuthenticationFailed | ErrorKind::Server(ServerErrorKind::NoPerm) => (
                Kind::Misconfigured,
                "the server refuses the credentials; look at its users",
            ),
            ErrorKind::Server(
                ServerErrorKind::BusyLoading
                | ServerErrorKind::TryAgain
                | ServerErrorKind::ClusterDown
                | ServerErrorKind::MasterDown,
            ) => (Kind::Busy, "the server is not ready; retry"),
            ErrorKind::Server(ServerErrorKind::ReadOnly) => (
                Kind::Failed,
                "the server only reads; retry when it is the primary one",
            ),
            ErrorKind::Io => (Kind::Unreachable, blocked(&error)),
            _ if is_of_another_type(&error) => (
                Kind::Misconfigured,
                "its key is no stream; take another key",
            ),
            _ => (Kind::Failed, "the server did not take it; retry"),
        };
        DispatchError::new(kind, &self.name, what).because(error)
    }
}

/// Whether a command found something else under the key; of a pipeline each command has its own error.
fn is_of_another_type(error: &RedisError) -> bool {
    let each = error.clone().into_server_errors();
    let codes = each.iter().flat_map(|errors| errors.iter());
    let mut codes = codes.map(|(_, error)| error.code()).chain(error.code());
    codes.any(|code| code == "WRONGTYPE")
}

impl Target for Redis {
    fn name(&self) -> &str {
        &self.name
    }

    fn validate(&self) -> Outcome {
        let what = match self.address() {
            Err(error) => return Err(error),
            Ok(_) if self.key.is_empty() => "its key is empty; name a stream",
            Ok(_) if self.most == 0 => "it keeps no entries; let it keep some",
            Ok(_) => return Ok(()),
        };
        Err(DispatchError::new(Kind::Misconfigured, &self.name, what))
    }

    /// Connects, and looks whether the key is a stream, or free.
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

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Redis");
        debug
            .field("name", &self.name)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}
