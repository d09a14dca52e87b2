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
//! - [`action`]: the traits [`Action`], [`Run`], [`Undo`], [`DryRun`];
//! - [`approval`]: calls that wait until somebody approves, and what they would do;
//! - [`params`]: reading, checking, violations;
//! - [`exec`]: policy, timeouts, retries, cancellation;
//! - [`registry`]: every action by name;
//! - [`tool`]: actions as language models see them;
//! - [`context`]: what a run may see;
//! - [`telemetry`]: spans and metrics.

pub mod action;
pub mod approval;
pub mod content;
pub mod context;
pub mod exec;
pub(crate) mod failure;
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

pub use self::action::{Action, DryRun, Execute, Run, Undo};
pub use self::context::Context;
pub use self::exec::{Exec, Handle};
pub use self::failure::{Failure, Kind, UndoOutcome, Undone, UndoneStep};
pub use self::params::{Param, Params, Violation, Violations};
pub use self::registry::Registry;
pub use self::spec::{Effect, Policy, Retry, Spec};
pub use self::tool::tools;
/// Makes a struct an action: `Serialize`, `Deserialize`, `JsonSchema`, [`Params`], [`Action`], a
/// constructor `new` that asks for what has no default, and the registry entry.
///
/// The doc comments of the struct and of its fields are the descriptions that models and people
/// read; an action or a named field without one does not compile. Every `#[serde(…)]` and
/// `#[schemars(…)]` attribute keeps its meaning.
///
/// | `#[action(…)]` | meaning | default |
/// | --- | --- | --- |
/// | `name = "get_weather"` | the name of the action | the struct's, in snake case |
/// | `title`, `category`, `version` | words for people | none |
/// | `tags("a", "b")` | words to find it by | none |
/// | `effect = read` | or `idempotent`, or `write` | `write` |
/// | `timeout = "5s"` | bounds each attempt | none |
/// | `deadline = "1m"` | bounds the whole execution | none |
/// | `retry(times = 3, backoff = "100ms"..="2s")` | tries failed attempts again; not with `write` | none |
/// | `grace = "2s"` | lets a cancelled run that watches for it finish | none |
/// | `undo`, `undo_timeout = "30s"` | there is an [`Undo`] | 30 s |
/// | `needs(Database)` | resources that must be there when the program starts | none |
/// | `writes("orders")` | what it writes, by name | none |
/// | `confirm`, `confirm = "Pay this?"` | a call of a model or on the command line needs [`approval`] | none |
/// | `dry_run` | there is a [`DryRun`] | none |
/// | `check = path` | a check across fields, `fn(&Self) -> Result<(), impl Display>` | none |
/// | `open` | lets unknown fields pass | refused |
/// | `no_new` | leaves the constructor out | |
/// | `crate = path` | where Enact is | `::enact` |
///
/// | `#[param(…)]` | fits | meaning |
/// | --- | --- | --- |
/// | `min`, `max`, `exclusive_min`, `exclusive_max`, `multiple_of` | numbers | bounds |
/// | `len = 1..=80` | text, lists, maps | how many characters, items or keys |
/// | `pattern = "^[a-z]+$"` | text | a portable regular expression, unanchored |
/// | `format = "email"` | text | `date-time`, `date`, `time`, `duration`, `email`, `hostname`, `ipv4`, `ipv6`, `uuid`, `uri` |
/// | `one_of("s", "m", "l")` | text, integers | the only values |
/// | `items(…)`, `unique` | lists | rules of each item; no two alike |
/// | `keys(…)` | maps | rules of each key |
/// | `default`, `default = value` | all | what stands for an absent value |
/// | `example = value` | all | shown in the schema |
/// | `secret` | all | never shown: not in violations, not in logs |
/// | `class = "email"` | all | a class of personal data, taken out of logs |
/// | `check = path` | all | `fn(&T) -> Result<(), impl Display>` |
/// | `opaque` | all | a type of another crate, checked by its schema alone |
///
/// ```
/// # extern crate enact_action_core as enact;
/// use enact::prelude::*;
///
/// /// Pays a bill.
/// #[derive(Debug, Action)]
/// #[action(effect = idempotent, retry(times = 2), check = not_to_oneself)]
/// struct Pay {
///     /// Who pays.
///     #[param(pattern = "^acc-[0-9]+$")]
///     from: String,
///     /// Who gets it.
///     #[param(pattern = "^acc-[0-9]+$")]
///     to: String,
///     /// How much, in cents.
///     #[param(min = 1)]
///     cents: u64,
/// }
///
/// fn not_to_oneself(pay: &Pay) -> Result<(), &'static str> {
///     if pay.from == pay.to { Err("two different accounts") } else { Ok(()) }
/// }
///
/// impl Run for Pay {
///     type Output = ();
///     async fn run(&self, _cx: &Context) -> Result<(), Failure> {
///         Ok(())
///     }
/// }
///
/// let pay = serde_json::json!({ "from": "acc-1", "to": "acc-1", "cents": 5 });
/// assert!(Pay::read(pay).unwrap_err().to_string().contains("two different accounts"));
/// ```
#[cfg(feature = "derive")]
pub use enact_action_macros::Action;
/// Makes a struct or an enum a part of params, or an output: all that `derive(Action)` does but for
/// the action itself.
///
/// It takes the same `#[param(…)]` keys, and of the keys of the item `check`, `open`, `no_new` and
/// `crate`, in `#[params(…)]`; and `terse`, which lets fields go without a description where no model
/// reads it. Enums may have any of serde's four representations; structs may be
/// generic over types that can stand in params.
#[cfg(feature = "derive")]
pub use enact_action_macros::Params;
