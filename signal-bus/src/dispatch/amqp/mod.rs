//! AMQP 0.9.1, as `RabbitMQ` speaks it: exchanges, with confirms of the broker.
//!
//! ```no_run
//! use enact_signal_bus::dispatch::amqp::Amqp;
//! use enact_signal_bus::dispatch::{Layers, Target, Topic};
//! use enact_signal_core::Envelope;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let url = "amqp://guest:guest@127.0.0.1:5672/%2f";
//! let orders = Amqp::exchange("orders", url, "amq.topic", Topic::by_type(""))
//!     .within(std::time::Duration::from_secs(5));
//! orders.check().await?;
//! orders.deliver(&Envelope::builder("order.paid", "/payments").build()?).await?;
//! # Ok(())
//! # }
//! ```
//!
//! Addresses with `amqps` are of encrypted connections, for which the feature `tls` is needed.

#[cfg(feature = "tls")]
mod encrypted;

use std::fmt;
use std::sync::Arc;

use enact_signal_core::{Envelope, Limits, json};
use lapin::options::{BasicPublishOptions, ConfirmSelectOptions, ExchangeDeclareOptions};
use lapin::types::FieldTable;
#[cfg(feature = "tls")]
use lapin::uri::AMQPScheme;
use lapin::uri::AMQPUri;
use lapin::{
    BasicProperties, Channel, Confirmation, Connection, ConnectionProperties, ErrorKind,
    ExchangeKind, PublisherConfirm,
};

use super::link::Link;
use super::target::{alone, shared};
use super::way::{Protocol, Way, blocked, way};
use super::{DispatchError, Kind, Outcome, Pending, Target, Topic};

/// An exchange of an AMQP broker.
///
/// The message is the signal as structured JSON and is kept on disk by queues that last. A delivery is done
/// when the broker confirms it; one that no queue takes is refused.
pub struct Amqp {
    name: String,
    url: String,
    exchange: String,
    topic: Topic,
    limits: Limits,
    way: Way,
    link: Link<Line>,
}

way!(Amqp);

/// What a broker closes a connection with though nothing is wrong with what it was asked (AMQP 0.9.1, constants of the
/// protocol): forced by an operator; channel error; unexpected frame; out of resources; internal error.
const PASSING: [u16; 5] = [320, 504, 505, 506, 541];

const PROTOCOL: Protocol = Protocol {
    name: "AMQP",
    plain: &["amqp"],
    encrypted: &["amqps"],
};

/// A channel, and the connection that it belongs to.
#[derive(Clone)]
struct Line {
    channel: Channel,
    _connection: Arc<Connection>,
}

impl Amqp {
    /// That exchange, with the topic as its routing key. The URL holds credentials and virtual host; the
    /// exchange `""` leads to the queue that the topic names.
    pub fn exchange(
        name: impl Into<String>,
        url: impl Into<String>,
        exchange: impl Into<String>,
        topic: Topic,
    ) -> Self {
        Self {
            name: name.into(),
            url: url.into(),
            exchange: exchange.into(),
            topic,
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
        let fit = |line: &Line| line.channel.status().connected();
        self.link.share(fit, self.connect()).await
    }

    async fn connect(&self) -> Result<Line, DispatchError> {
        let connection = self.reach().await?;
        let open = async {
            let channel = connection.create_channel().await?;
            let confirms = ConfirmSelectOptions::default();
            channel.confirm_select(confirms).await?;
            Ok(channel)
        };
        let channel = open.await.map_err(|error| self.failed(error))?;
        Ok(Line {
            channel,
            _connection: Arc::new(connection),
        })
    }

    async fn reach(&self) -> Result<Connection, DispatchError> {
        let uri = self.address()?;
        let properties = ConnectionProperties::default();
        #[cfg(feature = "tls")]
        if uri.scheme == AMQPScheme::AMQPS {
            let client = super::way::client(&self.name, &self.way).await?;
            let connected = encrypted::connect(uri, properties, client).await;
            return connected.map_err(|error| self.failed(error));
        }
        let connected = Connection::connect_uri(uri, properties).await;
        connected.map_err(|error| self.failed(error))
    }

    fn address(&self) -> Result<AMQPUri, DispatchError> {
        let has_password = |url: &url::Url| url.password().is_some();
        PROTOCOL.read(&self.name, &self.url, &self.way, has_password)?;
        self.url.parse().map_err(|error| {
            let what = format!("its address is no URL of AMQP ({error})");
            DispatchError::new(Kind::Misconfigured, &self.name, what)
        })
    }

    /// All are sent before the first confirm is waited for.
    async fn run(&self, signals: &[Envelope]) -> Vec<Outcome> {
        let line = match self.line().await {
            Ok(line) => line,
            Err(error) => return shared(&Err(error), signals.len()),
        };
        let mut sent = Vec::with_capacity(signals.len());
        for signal in signals {
            sent.push(self.publish(&line.channel, signal).await);
        }
        let mut outcomes = Vec::with_capacity(sent.len());
        for confirm in sent {
            outcomes.push(match confirm {
                Ok(confirm) => match confirm.await {
                    Ok(confirmation) => self.confirmed(&confirmation),
                    Err(error) => Err(self.failed(error)),
                },
                Err(error) => Err(error),
            });
        }
        if !line.channel.status().connected() {
            self.link.lose().await;
        }
        outcomes
    }

    async fn publish(
        &self,
        channel: &Channel,
        signal: &Envelope,
    ) -> Result<PublisherConfirm, DispatchError> {
        let body = json::write(signal, &self.limits);
        let body = body.map_err(|error| DispatchError::unwritable(&self.name, error))?;
        let properties = BasicProperties::default()
            .with_content_type(json::MEDIA_TYPE.into())
            .with_delivery_mode(2);
        let options = BasicPublishOptions {
            mandatory: true,
            ..BasicPublishOptions::default()
        };
        let (exchange, key) = (self.exchange.as_str().into(), self.topic.of(signal).into());
        let published = channel.basic_publish(exchange, key, options, &body, properties);
        published.await.map_err(|error| self.failed(error))
    }

    fn confirmed(&self, confirmation: &Confirmation) -> Outcome {
        let (kind, what) = match confirmation {
            Confirmation::Ack(None) => return Ok(()),
            Confirmation::Ack(Some(_)) | Confirmation::Nack(Some(_)) => (
                Kind::Misconfigured,
                "no queue takes its routing key; bind one to the exchange",
            ),
            Confirmation::Nack(None) => (Kind::Failed, "the broker did not take it; retry"),
            Confirmation::NotRequested => (Kind::Failed, "the broker confirms nothing; retry"),
        };
        Err(DispatchError::new(kind, &self.name, what))
    }

    async fn test(&self) -> Outcome {
        let line = self.line().await?;
        if self.exchange.is_empty() {
            return Ok(());
        }
        let passive = ExchangeDeclareOptions {
            passive: true,
            ..ExchangeDeclareOptions::default()
        };
        let (exchange, kind) = (self.exchange.as_str().into(), ExchangeKind::Topic);
        let arguments = FieldTable::default();
        let declared = line
            .channel
            .exchange_declare(exchange, kind, passive, arguments);
        let declared = declared.await.map_err(|error| self.failed(error));
        if declared.is_err() {
            self.link.lose().await;
        }
        declared
    }

    fn failed(&self, error: lapin::Error) -> DispatchError {
        let (kind, what) = match error.kind() {
            ErrorKind::ProtocolError(why) if PASSING.contains(&why.get_id()) => (
                Kind::Unreachable,
                "the broker has closed the connection, as one does that restarts; retry",
            ),
            ErrorKind::ProtocolError(_) => (
                Kind::Misconfigured,
                "the broker refuses that; look at the exchange, the virtual host and the credentials",
            ),
            ErrorKind::ParsingError(_) | ErrorKind::InvalidProtocolVersion(_) => {
                (Kind::Misconfigured, "it is no broker of AMQP 0.9.1")
            }
            _ => (Kind::Unreachable, blocked(&error)),
        };
        DispatchError::new(kind, &self.name, what).because(error)
    }
}

impl Target for Amqp {
    fn name(&self) -> &str {
        &self.name
    }

    fn validate(&self) -> Outcome {
        let names = [
            ("exchange", self.exchange.as_str()),
            ("routing key", self.topic.stem().0),
        ];
        for (what, name) in names {
            if name.len() > 255 {
                let what = format!("its {what} has {} bytes, 255 at most", name.len());
                return Err(DispatchError::new(Kind::Misconfigured, &self.name, what));
            }
        }
        self.address().map(drop)
    }

    /// Connects, and looks whether the exchange is there.
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

impl fmt::Debug for Amqp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Amqp");
        debug
            .field("name", &self.name)
            .field("exchange", &self.exchange)
            .field("topic", &self.topic)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use lapin::protocol::{AMQPError, AMQPErrorKind};

    use super::*;

    #[test]
    fn a_broker_that_restarts_is_away_and_one_that_refuses_is_not() {
        let target = Amqp::exchange("orders", "amqp://127.0.0.1", "orders", Topic::fixed("a"));
        let kind = |id| {
            let kind = AMQPErrorKind::from_id(id).expect("there is such an error");
            let error = AMQPError::new(kind, "why".into());
            target.failed(ErrorKind::ProtocolError(error).into()).kind()
        };
        for id in PASSING {
            assert!(kind(id).is_retryable(), "{id}");
        }
        for id in [402, 403, 404, 530] {
            assert_eq!(kind(id), Kind::Misconfigured, "{id}");
        }
    }
}
