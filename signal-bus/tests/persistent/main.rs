//! Persistent subscriptions: what is given out again, when, to whom, and what a crash changes.

#![cfg(feature = "sqlite")]
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::panic,
    reason = "a test that can't go on stops, and a child talks to its parent"
)]

mod giving;
mod killing;
mod middlewares;
mod opening;
mod place;
mod sinks;
mod telemetry;
mod trail;
