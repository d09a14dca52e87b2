//! MQTT 3.1.1, at least once.
//!
//! ```no_run
//! use enact_signal_bus::dispatch::mqtt::Mqtt;
//! use enact_signal_bus::dispatch::{Layers, Target, Topic};
//! use enact_signal_core::Envelope;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let meters = Mqtt::topic("meters", "mqtt://127.0.0.1:1883", Topic::by_type("signals/"))
//!     .within(std::time::Duration::from_secs(5));
//! meters.check().await?;
//! meters.deliver(&Envelope::builder("meter.read", "/meters").build()?).await?;
//! # Ok(())
//! # }
//! ```
//!
//! Addresses with `mqtts` are of encrypted connections, for which the feature `tls` is needed.

use std::collections::HashMap;
use std::fmt;

use enact_signal_core::{Envelope, Limits, id, json};
use rumqttc::{
    AsyncClient, ConnectReturnCode, ConnectionError, Event, EventLoop, MqttOptions, Outgoing,
    Packet, QoS, Transport,
};
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::target::{alone, shared};
use super::way::{Protocol, Way, blocked, way};
use super::{DispatchError, Kind, Outcome, Pending, Target, Topic};

/// So many are under way before an answer is waited for.
const UNDER_WAY: u16 = 64;

/// How long a connection may rest before the broker may have hung up.
const KEEP_ALIVE: Duration = Duration::from_secs(30);

/// A topic of an MQTT broker, quality of service 1.
///
/// The message is the signal as structured JSON. A delivery is done when the broker has acknowledged it; one
/// that the broker's own rules forbid is acknowledged as well, since MQTT 3.1.1 knows no other answer.
pub struct Mqtt {
    name: String,
    url: String,
    topic: Topic,
    login: Option<(String, String)>,
    limits: Limits,
    way: Way,
    /// Nobody reads from a connection but whoever delivers.
    line: Mutex<Option<Line>>,
}

way!(Mqtt);

const PROTOCOL: Protocol = Protocol {
    name: "MQTT",
    plain: &["mqtt"],
    encrypted: &["mqtts"],
};

struct Line {
    client: AsyncClient,
    events: EventLoop,
    used: Instant,
}

impl Mqtt {
    /// A topic of the broker at that address, such as `mqtt://127.0.0.1:1883`.
    pub fn topic(name: impl Into<String>, url: impl Into<String>, topic: Topic) -> Self {
        Self {
            name: name.into(),
            url: url.into(),
            topic,
            login: None,
            limits: Limits::default(),
            way: Way::default(),
            line: Mutex::new(None),
        }
    }

    /// With a user's name and password.
    #[must_use]
    pub fn login(self, user: impl Into<String>, password: impl Into<String>) -> Self {
        Self {
            login: Some((user.into(), password.into())),
            ..self
        }
    }

    /// How large a signal may be.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The connection that is there, or a new one. It is taken out while it is in use, so one
    /// whose use was given up is never used again.
    async fn take(&self, line: &mut Option<Line>) -> Result<Line, DispatchError> {
        match line.take() {
            Some(line) if line.used.elapsed() < KEEP_ALIVE => Ok(line),
            _ => self.connect().await,
        }
    }

    async fn connect(&self) -> Result<Line, DispatchError> {
        let (url, encrypted) = self.address()?;
        let transport = self.transport(encrypted).await?;
        let port = if encrypted { 8883 } else { 1883 };
        let port = url.port().unwrap_or(port);
        // Of an IPv6 address the brackets as well.
        let host = url.host_str().unwrap_or_default();
        let mut options = MqttOptions::new(format!("enact-{}", id()), host, port);
        options.set_transport(transport);
        options.set_keep_alive(KEEP_ALIVE).set_inflight(UNDER_WAY);
        // A topic and the header of a message beside it.
        let most = self.limits.event.saturating_add(64 << 10);
        options.set_max_packet_size(64 << 10, most);
        if let Some((user, password)) = &self.login {
            options.set_credentials(user, password);
        }
        let (client, mut events) = AsyncClient::new(options, UNDER_WAY.into());
        loop {
            let event = events.poll().await.map_err(|error| self.failed(error))?;
            if let Event::Incoming(Packet::ConnAck(_)) = event {
                let used = Instant::now();
                return Ok(Line {
                    client,
                    events,
                    used,
                });
            }
        }
    }

    #[cfg(feature = "tls")]
    async fn transport(&self, encrypted: bool) -> Result<Transport, DispatchError> {
        if !encrypted {
            return Ok(Transport::Tcp);
        }
        let client = super::way::client(&self.name, &self.way).await?;
        Ok(Transport::tls_with_config(
            rumqttc::TlsConfiguration::Rustls(client),
        ))
    }

    #[cfg(not(feature = "tls"))]
    async fn transport(&self, _: bool) -> Result<Transport, DispatchError> {
        Ok(Transport::Tcp)
    }

    fn address(&self) -> Result<(url::Url, bool), DispatchError> {
        let has_password = |_: &url::Url| self.login.is_some();
        let (url, encrypted) = PROTOCOL.read(&self.name, &self.url, &self.way, has_password)?;
        if !url.username().is_empty() || url.password().is_some() {
            let what = "its address has credentials in it; give them with `login`";
            return Err(DispatchError::new(Kind::Misconfigured, &self.name, what));
        }
        Ok((url, encrypted))
    }

    async fn run(&self, signals: &[Envelope]) -> Vec<Outcome> {
        let mut place = self.line.lock().await;
        let mut outcomes = Vec::with_capacity(signals.len());
        for some in signals.chunks(UNDER_WAY.into()) {
            outcomes.extend(self.send(&mut place, some).await);
        }
        outcomes
    }

    async fn send(&self, place: &mut Option<Line>, signals: &[Envelope]) -> Vec<Outcome> {
        let mut line = match self.take(place).await {
            Ok(line) => line,
            Err(error) => return shared(&Err(error), signals.len()),
        };
        let lost = DispatchError::new(Kind::Unreachable, &self.name, "it was not sent; retry");
        let mut outcomes = vec![Err(lost); signals.len()];
        let mut sent = Vec::with_capacity(signals.len());
        for (at, signal) in signals.iter().enumerate() {
            match self.publish(&line.client, signal) {
                Ok(()) => sent.push(at),
                Err(error) => outcomes[at] = Err(error),
            }
        }
        match acknowledged(&mut line.events, &sent, &mut outcomes).await {
            Ok(()) => {
                line.used = Instant::now();
                *place = Some(line);
            }
            Err(error) => {
                let error = self.failed(error);
                for at in sent {
                    if outcomes[at].is_err() {
                        outcomes[at] = Err(error.clone());
                    }
                }
            }
        }
        outcomes
    }

    fn publish(&self, client: &AsyncClient, signal: &Envelope) -> Outcome {
        let body = json::write(signal, &self.limits);
        let body = body.map_err(|error| DispatchError::unwritable(&self.name, error))?;
        let topic = self.topic.of(signal);
        let published = client.try_publish(topic, QoS::AtLeastOnce, false, body);
        published.map_err(|error| {
            let what = "its topic can't be published to, or too much is under way";
            DispatchError::new(Kind::Failed, &self.name, what).because(error)
        })
    }

    async fn test(&self) -> Outcome {
        let mut place = self.line.lock().await;
        *place = Some(self.connect().await?);
        Ok(())
    }

    fn failed(&self, error: ConnectionError) -> DispatchError {
        let (kind, what) = match &error {
            ConnectionError::ConnectionRefused(ConnectReturnCode::ServiceUnavailable) => {
                (Kind::Busy, "the broker is not ready; retry")
            }
            ConnectionError::ConnectionRefused(_) => (
                Kind::Misconfigured,
                "the broker refuses the connection; look at the login",
            ),
            _ => (Kind::Unreachable, blocked(&error)),
        };
        DispatchError::new(kind, &self.name, what).because(error)
    }
}

/// Waits until all are acknowledged. Messages get their numbers in the order in which they were published.
async fn acknowledged(
    events: &mut EventLoop,
    sent: &[usize],
    outcomes: &mut [Outcome],
) -> Result<(), ConnectionError> {
    let (mut next, mut left) = (sent.iter(), sent.len());
    let mut numbers = HashMap::with_capacity(sent.len());
    while left > 0 {
        match events.poll().await? {
            Event::Outgoing(Outgoing::Publish(number)) => {
                if let Some(at) = next.next() {
                    numbers.insert(number, *at);
                }
            }
            Event::Incoming(Packet::PubAck(ack)) => {
                if let Some(at) = numbers.remove(&ack.pkid) {
                    outcomes[at] = Ok(());
                    left -= 1;
                }
            }
            Event::Incoming(_) | Event::Outgoing(_) => {}
        }
    }
    Ok(())
}

impl Target for Mqtt {
    fn name(&self) -> &str {
        &self.name
    }

    fn validate(&self) -> Outcome {
        let (topic, whole) = self.topic.stem();
        if (whole && topic.is_empty()) || topic.contains(['+', '#', '\0']) {
            let what = format!("{topic:?} is no topic to publish to; leave `+` and `#` out");
            return Err(DispatchError::new(Kind::Misconfigured, &self.name, what));
        }
        self.address().map(drop)
    }

    /// Connects, anew.
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

impl fmt::Debug for Mqtt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Mqtt");
        debug
            .field("name", &self.name)
            .field("topic", &self.topic)
            .finish_non_exhaustive()
    }
}
