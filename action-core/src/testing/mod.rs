//! A kit for testing actions: a stage with a clock that stands still and telemetry that is kept,
//! assertions, schema snapshots, and strategies for property tests.
//!
//! ```
//! # extern crate enact_action_core as enact;
//! use enact::prelude::*;
//! use enact::testing::{Stage, assert_failure, assert_ok};
//! use std::time::Duration;
//!
//! /// Sleeps for a while.
//! #[derive(Debug, Action)]
//! #[action(effect = read, timeout = "1m")]
//! struct Nap {
//!     /// How long, in seconds.
//!     #[param(max = 3600)]
//!     seconds: u64,
//! }
//!
//! impl Run for Nap {
//!     type Output = ();
//!     async fn run(&self, _cx: &Context) -> Result<(), Failure> {
//!         tokio::time::sleep(Duration::from_secs(self.seconds)).await;
//!         Ok(())
//!     }
//! }
//!
//! let stage = Stage::new();
//! stage.run(async |cx| {
//!     assert_ok(Nap::new(59).exec(&cx).await);
//!     assert_failure(Nap::new(61).exec(&cx).await, Kind::Timeout);
//! });
//! // A minute has passed on the stage, and none outside.
//! assert_eq!(stage.counter("enact_actions_total", &[("action", "nap"), ("outcome", "timeout")]), 1);
//! ```

mod asserts;
mod record;
mod snapshot;
mod stage;
mod strategy;

pub use self::asserts::{assert_described, assert_failure, assert_ok};
pub use self::record::Told;
pub use self::snapshot::assert_schema;
pub use self::stage::Stage;
pub use self::strategy::{json, json_of, params};
