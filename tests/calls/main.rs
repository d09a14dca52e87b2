//! What models answer, run: calls in each vendor's shape, and answers in the same.

#![expect(clippy::unwrap_used, reason = "a test that can't go on stops")]

mod approving;
mod bounds;
mod content;
mod faults;
mod messages;
mod shapes;
mod stopping;
mod vendor;
mod world;
