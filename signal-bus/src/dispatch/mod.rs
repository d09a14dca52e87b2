//! Dispatch: signals leave for what is outside.
//!
//! A [`Target`] is one place that signals can go to: a channel, a function, a log, an HTTP receiver, a
//! broker. Adapters know how to get there and nothing else; whatever makes it dependable is a
//! [layer] around one, the same for all.
//!
//! ```
//! use std::time::Duration;
//!
//! use enact_signal_bus::dispatch::local::Channel;
//! use enact_signal_bus::dispatch::{Backoff, Layers, Target, Trip};
//! use enact_signal_core::Envelope;
//!
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
//! # runtime.block_on(async {
//! let (channel, mut arrived) = Channel::bounded("shipping", 16);
//! let target = channel
//!     .within(Duration::from_secs(10))
//!     .breaking(Trip::default())
//!     .retrying(Backoff::default())
//!     .limited(8, 100);
//! target.validate()?;
//! target.check().await?;
//!
//! let paid = Envelope::builder("order.paid", "/payments").subject("1042").build()?;
//! target.deliver(&paid).await?;
//! assert_eq!(arrived.recv().await.as_ref(), Some(&paid));
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! A target is a sink with [`sink`](Layers::sink), for `bus.subscribe(…).to(target.sink())` and the like.
//!
//! # Where signals can go
//!
//! Each kind is behind a feature, off by default; of `enact` the same with `dispatch-` before it.
//!
//! | feature | where to | a delivery is done when |
//! | --- | --- | --- |
//! | none | [`local`]: a channel, a handler, another sink, `tracing`, the console | it is there |
//! | `http` | an HTTP receiver, as CloudEvents ask | it answers with a 2xx |
//! | `webhook` | an HTTP receiver, signed as Standard Webhooks ask | it answers with a 2xx |
//! | `amqp` | an exchange of an AMQP 0.9.1 broker | the broker confirms it, and a queue has it |
//! | `kafka` | a topic of Kafka, structured or binary | all replicas in sync have it |
//! | `mqtt` | a topic of an MQTT 3.1.1 broker | the broker acknowledges it |
//! | `nats` | a subject of NATS, or of a stream of `JetStream` | the server has it, or the stream |
//! | `redis` | a stream of Redis | the entry is there |
//! | `outbox` | a table of an `SQLite` database | it is committed |
//! | `outbox-postgres` | a table of a `PostgreSQL` database | it is committed |
//!
//! With the feature `tls`, addresses of AMQP, MQTT and Redis may ask for encryption: `amqps`, `mqtts`, `rediss`. Without it
//! such an address is refused. So is, with or without it, one with a password that would go to another machine in plain text, unless
//! `plain_password` allows that. NATS and HTTP encrypt as their own options say; for Kafka see there.
//!
//! # What is promised
//!
//! Delivery is at least once: what was sent and not heard of is sent again, with the same id and
//! source, by which a receiver knows it.
//!
//! Where a signal goes is never read from the wire. Addresses, topics and names of headers are the
//! adapter's own; neither data nor extensions choose any of them. Which partition of its topic Kafka puts a message in is up to
//! the extension `partitionkey`, which is there for that.

#[cfg(feature = "amqp")]
pub mod amqp;
mod error;
#[cfg(any(
    feature = "amqp",
    feature = "kafka",
    feature = "mqtt",
    feature = "redis"
))]
mod here;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "kafka")]
pub mod kafka;
pub mod layer;
#[cfg(any(
    feature = "amqp",
    feature = "kafka",
    feature = "nats",
    feature = "redis"
))]
mod link;
pub mod local;
#[cfg(feature = "mqtt")]
pub mod mqtt;
#[cfg(feature = "nats")]
pub mod nats;
#[cfg(any(feature = "outbox", feature = "outbox-postgres"))]
pub mod outbox;
mod outlet;
#[cfg(feature = "redis")]
pub mod redis;
mod target;
mod topic;
#[cfg(any(feature = "amqp", feature = "mqtt", feature = "redis"))]
mod way;
#[cfg(feature = "webhook")]
pub mod webhook;

pub use self::error::{DispatchError, Kind};
pub use self::layer::{Backoff, Gather, Layers, Trip};
pub use self::outlet::Outlet;
pub use self::target::{Outcome, Pending, Target};
pub use self::topic::Topic;
