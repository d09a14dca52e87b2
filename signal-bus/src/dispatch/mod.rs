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
//! Delivery is at least once: what was sent and not heard of is sent again, with the same id and
//! source, by which a receiver knows it.
//!
//! Where a signal goes is never read from the wire. Addresses, topics and names of headers are the
//! adapter's own; neither data nor extensions choose any of them.

#[cfg(feature = "amqp")]
pub mod amqp;
mod error;
#[cfg(feature = "http")]
pub mod http;
pub mod layer;
#[cfg(any(feature = "amqp", feature = "nats", feature = "redis"))]
mod link;
pub mod local;
#[cfg(feature = "mqtt")]
pub mod mqtt;
#[cfg(feature = "nats")]
pub mod nats;
#[cfg(feature = "outbox")]
pub mod outbox;
mod outlet;
#[cfg(feature = "redis")]
pub mod redis;
mod target;
mod topic;
#[cfg(feature = "webhook")]
pub mod webhook;

pub use self::error::{DispatchError, Kind};
pub use self::layer::{Backoff, Gather, Layers, Trip};
pub use self::outlet::Outlet;
pub use self::target::{Outcome, Pending, Target};
pub use self::topic::Topic;
