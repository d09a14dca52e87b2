//! Crashes, faults and bad luck on a stage: one thread, a clock that stands still, and a seed.
//!
//! `ENACT_SEEDS=10000 cargo test -p enact-tests --test simulation --release` tries so many seeds, and
//! `ENACT_SEED=42` before the same command that one alone, which goes the same way each time.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that can't go on stops"
)]

mod crashing;
mod faults;
mod judge;
mod life;
mod scenario;
mod seeds;
mod waiting;
mod workflows;
mod world;
