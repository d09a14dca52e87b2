//! How large a plan may be: a plan comes from outside, so all that it can grow in is bounded.

use std::time::Duration;

/// The version of the form of plans that this library reads: the number under `enact`.
pub const VERSION: u64 = 1;
/// The most bytes a plan may have, written as JSON without spaces.
pub const MOST_BYTES: usize = 1 << 20;
/// How deep the JSON of a plan may nest.
pub const MOST_LEVELS: usize = 120;
/// The most statements a plan may have, those inside of others included.
pub const MOST_NODES: usize = 1_000;
/// How deep statements may stand inside of each other, and conditions too.
pub const MOST_NESTING: usize = 16;
/// How deep `for_each` may stand inside of each other.
pub const MOST_FOR_EACH: usize = crate::run::DEEPEST;
/// The most arms of a branch or a parallel.
pub const MOST_ARMS: usize = 64;
/// The most items of a `for_each` that run at once.
pub const MOST_AT_ONCE: u32 = 256;
/// The most items of one `for_each`.
pub const MOST_ITEMS: usize = 10_000;
/// The most bytes that the params of one step may have in the plan, written as JSON.
pub const MOST_PARAMS_BYTES: usize = 256 << 10;
/// The most references in the params of one step.
pub const MOST_REFERENCES: usize = 1_000;
/// The most inputs that a plan may declare.
pub const MOST_INPUTS: usize = 256;
/// The most times that a step may be tried again.
pub const MOST_RETRIES: u32 = 100;
/// The longest time that a plan may name.
pub const LONGEST: Duration = Duration::from_hours(366 * 24);
/// The most mistakes that are listed; what is beyond them is counted, not listed.
pub const MOST_MISTAKES: usize = 100;
