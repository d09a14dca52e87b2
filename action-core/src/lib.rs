//! Actions as types.
//!
//! An *action* is a struct of *params* that can run. `#[derive(Action)]` makes it so, and
//! from that one definition come validated reading, a JSON Schema, tool JSON for every model
//! vendor, a registry entry and the policy it runs under; there is no second description that
//! could disagree.
//!
//! ```
//! # extern crate enact_action_core as enact;
//! use enact::prelude::*;
//! use serde_json::json;
//!
//! /// Greets somebody.
//! #[derive(Action)]
//! #[action(effect = read)]
//! struct Greet {
//!     /// Whom to greet.
//!     #[param(len = 1..=40, example = "Ada")]
//!     name: String,
//!     /// How often.
//!     #[param(min = 1, max = 3, default = 1)]
//!     times: u8,
//! }
//!
//! impl Run for Greet {
//!     type Output = String;
//!     async fn run(&self, _cx: &Context) -> Result<String, Failure> {
//!         Ok(format!("hello {}! ", self.name).repeat(self.times.into()))
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Failure> {
//! let cx = Context::new();
//! // In memory:
//! assert_eq!(Greet::new("Ada").exec(&cx).await?, "hello Ada! ");
//! // By name, from JSON, with every mistake at once:
//! let refused = Registry::global().call("greet", json!({ "nam": "Ada", "times": 9 }), &cx).await;
//! assert_eq!(refused.unwrap_err().violations().map(|all| all.len()), Some(3));
//! # Ok(())
//! # }
//! ```
//!
//! - [`action`]: the traits [`Action`], [`Run`], [`Undo`];
//! - [`params`]: reading, checking, violations;
//! - [`exec`]: policy, timeouts, retries, cancellation;
//! - [`registry`]: every action by name;
//! - [`tool`]: actions as language models see them;
//! - [`context`]: what a run may see;
//! - [`telemetry`]: spans and metrics.

pub mod action;
pub mod context;
pub mod exec;
mod failure;
pub mod params;
pub mod prelude;
pub mod registry;
pub mod spec;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
pub mod tool;

#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;

pub use self::action::{Action, Execute, Run, Undo};
pub use self::context::Context;
pub use self::exec::{Exec, Handle};
pub use self::failure::{Failure, Kind, Undone};
pub use self::params::{Param, Params, Violation, Violations};
pub use self::registry::Registry;
pub use self::spec::{Effect, Policy, Retry, Spec};
pub use self::tool::tools;
#[cfg(feature = "derive")]
pub use enact_action_macros::{Action, Params};
