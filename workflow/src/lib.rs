//! Workflows: graphs of actions that the compiler checks, and the runtime they run on.
//!
//! A *workflow* is a checked graph of steps, and itself an action. [`workflow!`] writes one: the
//! struct with its params, the graph as a constant, and straight async code that runs it. A *plan*
//! is the same graph given as data.
//!
//! - [`workflow!`]: the syntax, and what is checked while it compiles;
//! - [`graph`]: nodes, edges, fingerprints, drawings;
//! - [`run`]: how a run goes, stops and goes back;
//! - [`event`]: what happens in a run, as it happens;
//! - [`signals`]: what runs wait for and emit;
//! - [`engine`]: durable runs;
//! - `schedule`: durable runs that start by themselves, at the times that were told;
//! - [`plan`]: graphs as JSON, checked whole before the first step;
//! - [`registry`]: the workflows of a program;
//! - `testing`: the lock file that keeps graphs and versions together.

#[doc(hidden)]
pub mod check;
mod clock;
pub mod engine;
pub mod event;
pub mod graph;
pub mod journal;
#[cfg(feature = "testing")]
mod lock;
pub mod plan;
pub mod registry;
pub mod run;
#[cfg(feature = "schedule")]
pub mod schedule;
pub mod signals;
#[cfg(feature = "testing")]
pub mod testing;
pub mod timeline;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub mod transact;
mod undo;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;

// Generated code finds this crate under the name that the facade gives it.
#[doc(hidden)]
pub extern crate self as workflow;

pub use self::event::{Event, Events, Running, Start, What, listen};
pub use self::graph::{Graph, Node, NodeKind};
pub use self::plan::Plan;
pub use self::run::Workflow;
pub use self::signals::Signals;
pub use self::undo::Unfinished;
/// Makes a workflow: an action whose steps are actions, checked while it compiles.
///
/// It defines a struct with the workflow's params, which is an [`Action`](enact_action_core::Action)
/// like any other, so it has a schema, is a tool, a verb and a step of other workflows; and a
/// [`Workflow`], whose [`GRAPH`](Workflow::GRAPH) is known before anything runs.
///
/// ```
/// # extern crate enact_workflow as enact;
/// # use enact_action_core::prelude::*;
/// # use enact_workflow::{Workflow, workflow};
/// # /// Weighs a parcel.
/// # #[derive(Action)]
/// # #[action(effect = read, crate = enact_action_core)]
/// # struct Weigh { #[doc = "Which."] parcel: String }
/// # impl Run for Weigh {
/// #     type Output = u32;
/// #     async fn run(&self, _: &Context) -> Result<u32, Failure> { Ok(1_200) }
/// # }
/// # /// Prints a label.
/// # #[derive(Action)]
/// # #[action(effect = idempotent, crate = enact_action_core)]
/// # struct Label { #[doc = "What is on it."] text: String }
/// # impl Run for Label {
/// #     type Output = String;
/// #     async fn run(&self, _: &Context) -> Result<String, Failure> { Ok(self.text.clone()) }
/// # }
/// workflow! {
///     /// Sends a parcel.
///     #[workflow(version = 1, deadline = "1m")]
///     pub Send { parcel: String } -> String {
///         step grams = Weigh { parcel };
///         branch class = if grams > 1_000 { "heavy" } else { "light" };
///         step label = Label { text: format!("{parcel}: {class}") } with retry(times = 2);
///         label
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Failure> {
/// assert_eq!(Send::new("books").exec(&Context::new()).await?, "books: heavy");
/// assert_eq!(Send::GRAPH.nodes.len(), 3);
/// # Ok(())
/// # }
/// ```
///
/// # Statements
///
/// | statement | meaning |
/// | --- | --- |
/// | `step name = Action { param: value, … };` | runs an action; `Action::new(…)`, `..base` and a bare `Action` too. The name is optional |
/// | `… with timeout("10s"), retry(times = 3, backoff = "1s"..="9s");` | instead of what the action says |
/// | `pivot step …` | from here a saga goes only forward |
/// | `branch name = match value { pattern if guard => { … answer } … };` | one arm runs; `if`, `else if`, `if let` and `else` too |
/// | `parallel { step …; branch …; name = { … answer }; }` | each statement is an arm, and all run side by side; the first failure cancels the rest |
/// | `parallel name = for item in items, max = 8 { … answer };` | an arm for each item, so many at once; the answers in the items' order |
/// | `parallel collect …` | every arm runs to its end, and its name holds its `Result` |
/// | `parallel spawn …` | each arm is a task of its own; what it reads is cloned for it |
/// | `repeat name = max 10 { … answer } until condition;` | again until the condition holds, which knows the names of the body; else `repeat.exhausted` |
/// | `let pattern = value;` | Rust's own |
/// | `sleep "1h";` | lets time pass |
/// | `wait name = Signal where subject == value, field == value, timeout "24h";` | for a signal |
/// | `emit Signal { … } with subject(value);` | sends one |
/// | `stop answer;` | answers early; not in a parallel arm |
///
/// The last expression is the answer. Expressions are plain Rust. Params and outputs are read-only;
/// where a value is taken, what is only named (`order.items`) is cloned, also inside of a struct,
/// a tuple, an array, a `vec!` or a variant that is written out; a function or another macro takes `&order.items`.
///
/// # `#[workflow(…)]`
///
/// | key | meaning | default |
/// | --- | --- | --- |
/// | `version = 1` | counted up when runs under way could not go on; see [Versions](#versions) | 1 |
/// | `name`, `title`, `category`, `tags(…)` | as those of an action | the struct's name in snake case |
/// | `deadline = "24h"` | bounds a run; reaches every step | none |
/// | `saga` | when a step fails for good, finished steps are undone, latest first, those of workflows inside too | not |
/// | `on_cancel = undo` | or `leave`: what a cancelled saga does, unless it is a step of another | `undo` |
/// | `undo_retry(times = 3, backoff = …)` | how each undo is tried again | 3 times, 100 ms to 5 s |
/// | `crate = path` | where Enact is | `::enact` |
///
/// A pivot that may have happened when its attempt died (a timeout, a crash) goes back like any
/// step: give its action an `undo` that finds out, or make it idempotent and retried.
///
/// A run ends by itself and goes back before it answers, when it is cancelled or out of time. One
/// whose future is dropped (by `select!`, by tokio's `timeout`) stays where it is: give it a
/// `deadline`, or `spawn` it, whose handle cancels it when dropped.
///
/// # Versions
///
/// A run goes on by the graph it was begun with, and by no other. Who changes a workflow while runs
/// of it are under way moves the old one to a module of its own, as it is, and counts up the
/// `version` of the new one. Both have one name, by their structs or by `name = "…"`:
///
/// ```
/// # extern crate enact_workflow as enact;
/// # use enact_action_core::prelude::*;
/// # use enact_workflow::{Workflow, workflow};
/// # /// Weighs a parcel.
/// # #[derive(Action)]
/// # #[action(effect = read, crate = enact_action_core)]
/// # struct Weigh { #[doc = "Which."] parcel: String }
/// # impl Run for Weigh {
/// #     type Output = u32;
/// #     async fn run(&self, _: &Context) -> Result<u32, Failure> { Ok(1_200) }
/// # }
/// /// As it was until the autumn sale.
/// mod v1 {
///     use super::*;
///
///     workflow! {
///         /// Tells what sending a parcel costs.
///         #[workflow(version = 1)]
///         pub Price { parcel: String } -> u32 {
///             step grams = Weigh { parcel };
///             grams / 100
///         }
///     }
/// }
///
/// workflow! {
///     /// Tells what sending a parcel costs.
///     #[workflow(version = 2)]
///     pub Price { parcel: String, express: bool } -> u32 {
///         step grams = Weigh { parcel };
///         branch extra = if express { 5 } else { 0 };
///         grams / 100 + extra
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let registry = Registry::open()?;
/// let newest = registry.get("price").ok_or("there is one")?;
/// assert_eq!((newest.version(), registry.len()), (Some(2), 2));
///
/// let old = registry.version("price", 1).ok_or("it is kept")?;
/// let price = old.call(serde_json::json!({ "parcel": "books" }), &Context::new()).await?;
/// assert_eq!(price, 12);
///
/// let changes = v1::Price::GRAPH.outline().changes(&Price::GRAPH.outline());
/// assert_eq!(changes.last().map(ToString::to_string).as_deref(), Some("`extra` was added"));
/// # Ok(())
/// # }
/// ```
///
/// The newest is the action of that name: lists, searches, tools, verbs and plans have no other. The
/// old one is for runs that were begun under it, and its module can go when the last of them has
/// ended. Two workflows of one name and one version do not start, nor does a workflow beside another
/// action of its name.
///
/// A step runs the workflow that its type is, and a run inside is part of the run around it. So a
/// graph counts as changed when a workflow inside of it was changed or counted up: keep that one's
/// old version too, and let the steps of the old workflow name it.
///
/// The lock file (`testing::assert_lock`) tells of a changed workflow that is still of its old version.
///
/// # What does not compile
///
/// Steps used before they are made, outside of their arm or beside it; names and paths given twice;
/// params that are missing, unknown, of another type, or literals that their own rules refuse; arms
/// that disagree; outputs that could not be read back from a journal; a retried step that writes; in
/// a saga, a step before the pivot that writes and can't be undone, and one behind it that can't be
/// run again; steps, sleeps and waits longer than the deadline; arms that write the same; what
/// nobody reaches or reads; waiting for what is no signal; a workflow that runs itself without a
/// branch or a repeat between.
#[cfg(feature = "macros")]
pub use enact_workflow_macros::workflow;
