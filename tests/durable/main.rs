//! Durable runs: what a journal keeps, and what going on from it does and does not do again.

mod killing;
mod ledger;
mod resuming;
mod runs;
