//! Workflows at work: what a run does, what stops it, what it leaves.

mod shop;
mod smoke;
