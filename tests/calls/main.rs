//! What models answer, run: calls in each vendor's shape, and answers in the same.

mod approving;
mod bounds;
mod content;
mod faults;
mod messages;
mod shapes;
mod stopping;
mod vendor;
mod world;
