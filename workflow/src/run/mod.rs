//! Running a workflow: straight async Rust, with what a run needs around it.
//!
//! The macro writes the body of a workflow against [`Scope`]: where in the graph it is, what stops
//! it, and how its finished steps are undone. While nobody listens, a step is a call; where a run
//! is told of, bounded or to be undone, `told` takes over.

mod block;
mod drive;
mod emit;
mod fan_out;
mod fork;
mod guard;
mod held;
mod journaled;
mod json;
mod place;
mod root;
mod scope;
mod spawn;
mod step;
mod told;
mod wait;

pub use self::drive::DEEPEST_RUN;
pub(crate) use self::drive::Whole;
#[doc(hidden)]
pub use self::drive::run;
pub use self::fan_out::MOST_ITEMS;
#[doc(hidden)]
pub use self::fan_out::Stacks;
#[doc(hidden)]
pub use self::fork::{Arm, Fork, PollArm, Polled, collected};
#[doc(hidden)]
pub use self::guard::guarded;
pub use self::held::Journaled;
#[doc(hidden)]
pub use self::held::{Held, Ran};
pub use self::place::DEEPEST;
pub(crate) use self::root::{Carried, Root};
#[doc(hidden)]
pub use self::scope::Scope;
#[doc(hidden)]
pub use self::spawn::{Spawned, spawn};

use std::future::Future;

use enact_action_core::{Action, Failure};

use crate::graph::Graph;

/// A checked graph of steps; itself an action. `workflow!` writes the impl.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a workflow",
    label = "not a workflow",
    note = "write it with `workflow! {{ … }}`"
)]
pub trait Workflow: Action {
    /// What it is made of, known while compiling.
    const GRAPH: &'static Graph;

    /// Whether a cancelled run is left as it is, and not undone.
    #[doc(hidden)]
    const LEAVES_CANCELLED: bool = false;

    /// Its steps, as straight code.
    #[doc(hidden)]
    fn body<'a>(
        &'a self,
        scope: &'a Scope<'a>,
    ) -> impl Future<Output = Result<Self::Output, Failure>> + Send + 'a;
}
