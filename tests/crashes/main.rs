//! What a journal and a log of signals withstand: faults of the system, power cuts; and a journal, damaged
//! files.
//!
//! Fixed work is disturbed at each place where it touches its files: several workflows with every construct
//! at once, or signals that many publish and two persistent subscriptions settle. The next process then goes
//! on, and a checker, of [runs](checker) or of [signals](log), reads what the outside has seen: what was
//! acknowledged is there, no recorded step ran again, nothing settled was given out again, and the totals are
//! those of undisturbed work. The short forms are what `cargo test` runs. The long ones:
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
mod load;
mod log;
mod recorded;
mod spread;
mod strace;
mod sweep;
mod torn;
mod work;
mod world;
