//! Where signals go: the router, which says who is meant by a signal and in which order, the bus, which
//! brings it there, and [dispatch], which brings it to what is outside.
//!
//! ```
//! # extern crate enact_signal_core as enact;
//! use enact::signal::{pattern, prelude::*};
//! use enact_signal_bus::{Buffer, Router, priority};
//!
//! #[signal(type = "order.created", source = "/orders", version = 1)]
//! struct OrderCreated {
//!     total: u64,
//! }
//!
//! let (limit, audit, ship) = (1000, "audit", "ship");
//! let mut router = Router::new();
//! router
//!     .on(pattern!("order.**"), priority(90), audit)
//!     .on_signal::<OrderCreated>(ship)
//!     .when(move |order| order.total > limit);
//!
//! let order = OrderCreated { total: 1999 }.seal()?;
//! let mut buffer = Buffer::new();
//! for found in &router.route(&order, &mut buffer) {
//!     println!("{order:?} goes to {}", found.handler());
//! }
//! # assert_eq!(router.route(&order, &mut buffer).len(), 2);
//! # Ok::<_, enact::SignalError>(())
//! ```
//!
//! The router decides and does nothing else: it has no clock, no task, no lock and no I/O. What it
//! routes to is up to whoever fills it: a function, a channel, a name. [`SharedRouter`] is the way
//! to change one while others route. [`Bus`] is one with a queue for each subscriber.

mod bus;
pub mod dispatch;
pub mod log;
pub mod persistent;
mod router;
#[cfg(feature = "testing")]
pub mod testing;
pub mod trail;

pub use bus::{
    Answer, Bus, BusBuilder, BusFigures, Delivery, Fate, Handling, Lanes, Middleware, Next,
    Outcome, Overflow, PublishError, PublishErrorKind, Rate, Subscribe, Subscriber, Subscription,
    SubscriptionFigures,
};
pub use router::{
    Added, Any, Buffer, Explained, Explanation, Match, Matches, MatchesIter, PredicateFailure,
    Priority, PriorityError, Routable, Route, RouteId, Router, SharedRouter, Why, priority,
};
