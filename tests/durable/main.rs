//! Durable runs: what a journal keeps, and what going on from it does and does not do again.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::panic,
    clippy::needless_raw_string_hashes,
    reason = "a test that can't go on stops, a child talks to its parent, and expect-test writes hashes"
)]

mod asking;
mod booking;
mod carried;
mod caused;
mod damage;
mod going_back;
mod holding;
mod killing;
mod ledger;
mod limits;
mod parking;
mod place;
mod postgres;
mod racing;
mod replaying;
mod reports;
mod resuming;
mod room;
mod runs;
mod schedules;
mod sharing;
mod syncs;
mod telemetry;
mod trail;
mod unfinished;
mod verbs;
