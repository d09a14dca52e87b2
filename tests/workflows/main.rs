//! Workflows at work: what a run does, what stops it, what it leaves.

mod as_action;
mod branching;
mod cancelling;
mod collecting;
mod events;
mod fan_out;
mod nesting;
mod panics;
mod repeating;
mod sequence;
mod shapes;
mod shop;
mod signals;
mod smoke;
mod spawning;
mod stopping;
mod time;
mod undoing;
mod versions;
