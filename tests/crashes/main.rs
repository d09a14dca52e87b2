//! What a journal withstands: faults of the system, power cuts, damaged files.
//!
//! A fixed run, several workflows with every construct at once, is disturbed at each place where it
//! touches its files. The next process then goes on, and a [`checker`] reads what the outside has seen:
//! what was acknowledged is there, no recorded step ran again, and the totals are those of an
//! undisturbed run. The short forms are what `cargo test` runs. The long ones:
//!
//! ```console
//! $ ENACT_SWEEP=all cargo test -p enact-tests --test crashes -- sweep --nocapture
//! $ ENACT_CUTS=20000 cargo test -p enact-tests --test crashes -- cut --nocapture
//! $ ENACT_TEARS=5000 cargo test -p enact-tests --test crashes -- torn --nocapture
//! ```
//!
//! Places are chosen from a seed that a failure prints; `ENACT_SEED` gives it back. The threads of the
//! recorded process take turns as they like, so that a seed meets nearly, not exactly, the same again.
//!
//! All of it needs `strace`. Where that is not there, or may not trace, the tests say so and pass; with
//! `CI=true` they fail.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::panic,
    reason = "a test that can't go on stops, and says what it has tried"
)]

mod checker;
mod cut;
mod recorded;
mod spread;
mod strace;
mod sweep;
mod torn;
mod work;
mod world;
