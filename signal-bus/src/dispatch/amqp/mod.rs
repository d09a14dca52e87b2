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
mod failure;
mod line;

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use enact_signal_core::{Envelope, Limits, id, json};
use lapin::options::{BasicPublishOptions, ExchangeDeclareOptions};
use lapin::types::FieldTable;
#[cfg(feature = "tls")]
use lapin::uri::AMQPScheme;
use lapin::uri::AMQPUri;
use lapin::{
    BasicProperties, Confirmation, Connection, ConnectionProperties, ExchangeKind, PublisherConfirm,
};

use self::failure::Fault;
use self::line::{Lent, Line};
use super::link::Link;
use super::target::{alone, shared};
use super::way::{Protocol, Way, way};
use super::{DispatchError, Kind, Outcome, Pending, Target, Topic};

/// An exchange of an AMQP broker.
///
/// The message is the signal as structured JSON and is kept on disk by queues that last. A delivery is done
/// when the broker confirms it; one that no queue takes is refused. Sixteen deliveries at most are under way at once.
pub struct Amqp {
    name: String,
    url: String,
    exchange: String,
    topic: Topic,
    limits: Limits,
    way: Way,
    link: Link<Arc<Line>>,
}

way!(Amqp);

const PROTOCOL: Protocol = Protocol {
    name: "AMQP",
    plain: &["amqp"],
    encrypted: &["amqps"],
};

/// So many bytes a routing key has at most, as every short string.
const KEY: usize = 255;

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

    async fn line(&self) -> Result<Arc<Line>, DispatchError> {
        let connect = async { Ok(Arc::new(Line::new(self.reach().await?))) };
        let line = self.link.share(|line| line.is_connected(), connect).await?;
        if line.is_blocked() {
            let what = "the broker takes nothing now, as one does that lacks memory or disk; retry";
            return Err(DispatchError::new(Kind::Busy, &self.name, what));
        }
        Ok(line)
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

    /// Where the broker hangs up because of one of several, the others go again by themselves.
    async fn run(&self, signals: &[Envelope]) -> Vec<Outcome> {
        let sent = match self.send(signals).await {
            Ok(sent) => sent,
            Err(error) => return shared(&Err(error), signals.len()),
        };
        let mut outcomes = Vec::with_capacity(sent.len());
        let hung_up = signals.len() > 1
            && sent
                .iter()
                .any(|sent| failure::is_of_one(sent, &self.topic));
        for (signal, sent) in signals.iter().zip(sent) {
            outcomes.push(match sent {
                Err(Fault::Lapin(_)) if hung_up => {
                    alone(Box::pin(self.run(std::slice::from_ref(signal))).await)
                }
                Err(Fault::Lapin(error)) => Err(self.failed(error)),
                Err(Fault::Told(error)) => Err(error),
                Ok(()) => Ok(()),
            });
        }
        outcomes
    }

    /// All are sent before the first confirm is waited for.
    async fn send(&self, signals: &[Envelope]) -> Result<Vec<Result<(), Fault>>, DispatchError> {
        let line = self.line().await?;
        let lent = line.lend().await.map_err(|error| self.failed(error))?;
        let mut places = HashMap::with_capacity(signals.len());
        let mut sent = Vec::with_capacity(signals.len());
        for (at, signal) in signals.iter().enumerate() {
            let number = id();
            sent.push(self.publish(&lent, signal, &number).await);
            places.insert(number, at);
        }
        let mut outcomes = Vec::with_capacity(sent.len());
        let mut returned = Vec::new();
        for confirm in sent {
            outcomes.push(match confirm {
                Ok(confirm) => match confirm.await {
                    Ok(confirmation) => self.confirmed(confirmation, &mut returned),
                    Err(error) => Err(Fault::Lapin(error)),
                },
                Err(fault) => Err(fault),
            });
        }
        for number in returned {
            if let Some(at) = places.get(&number) {
                outcomes[*at] = Err(Fault::Told(self.unroutable()));
            }
        }
        lent.give_back();
        Ok(outcomes)
    }

    async fn publish(
        &self,
        lent: &Lent<'_>,
        signal: &Envelope,
        number: &str,
    ) -> Result<PublisherConfirm, Fault> {
        let told = |error| Err(Fault::Told(error));
        let body = match json::write(signal, &self.limits) {
            Ok(body) => body,
            Err(error) => return told(DispatchError::unwritable(&self.name, error)),
        };
        let key = self.topic.of(signal);
        if key.len() > KEY {
            let what = format!("its routing key has {} bytes, {KEY} at most", key.len());
            return told(DispatchError::new(Kind::Unwritable, &self.name, what));
        }
        let properties = BasicProperties::default()
            .with_content_type(json::MEDIA_TYPE.into())
            .with_message_id(number.into())
            .with_delivery_mode(2);
        let options = BasicPublishOptions {
            mandatory: true,
            ..BasicPublishOptions::default()
        };
        let (exchange, key) = (self.exchange.as_str().into(), key.into());
        let published = lent
            .channel
            .basic_publish(exchange, key, options, &body, properties);
        published.await.map_err(Fault::Lapin)
    }

    /// What a confirm says. The message that comes with it was returned, but may be another one of the delivery.
    fn confirmed(
        &self,
        confirmation: Confirmation,
        returned: &mut Vec<String>,
    ) -> Result<(), Fault> {
        let told = match &confirmation {
            Confirmation::Ack(_) => Ok(()),
            Confirmation::Nack(_) => Err("the broker did not take it; retry"),
            Confirmation::NotRequested => Err("the broker confirms nothing; retry"),
        };
        let message = confirmation.take_message();
        let number = message.and_then(|message| message.delivery.properties.message_id().clone());
        returned.extend(number.map(|number| number.to_string()));
        told.map_err(|what| Fault::Told(DispatchError::new(Kind::Failed, &self.name, what)))
    }

    fn unroutable(&self) -> DispatchError {
        let what = "no queue takes its routing key; bind one to the exchange";
        DispatchError::new(self.topic.blame(), &self.name, what)
    }

    async fn test(&self) -> Outcome {
        let line = self.line().await?;
        let lent = line.lend().await.map_err(|error| self.failed(error))?;
        if self.exchange.is_empty() {
            lent.give_back();
            return Ok(());
        }
        let passive = ExchangeDeclareOptions {
            passive: true,
            ..ExchangeDeclareOptions::default()
        };
        let (exchange, kind) = (self.exchange.as_str().into(), ExchangeKind::Topic);
        let arguments = FieldTable::default();
        let declared = lent
            .channel
            .exchange_declare(exchange, kind, passive, arguments);
        declared.await.map_err(|error| self.failed(error))?;
        lent.give_back();
        Ok(())
    }

    fn failed(&self, error: lapin::Error) -> DispatchError {
        failure::failed(&self.name, &self.topic, error)
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
            if name.len() > KEY {
                let what = format!("its {what} has {} bytes, {KEY} at most", name.len());
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

    fn is_joint(&self) -> bool {
        true
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
