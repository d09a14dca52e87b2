//! Where signals go: the router, which says who is meant by a signal, and in which order.
//!
//! The router decides and does nothing else: it has no clock, no task, no lock and no I/O.
//! [`SharedRouter`] is the way to change one while others route.

mod router;

pub use router::{
    Added, Any, Buffer, Explained, Explanation, Match, Matches, MatchesIter, PredicateFailure,
    Priority, PriorityError, Routable, Route, RouteId, Router, SharedRouter, Why, priority,
};
