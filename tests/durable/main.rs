//! Durable runs: what a journal keeps, and what going on from it does and does not do again.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::panic,
    reason = "a test that can't go on stops, and a child talks to its parent"
)]

mod killing;
mod ledger;
mod resuming;
mod runs;
