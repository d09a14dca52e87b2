//! What the driver needs of an action: to run it once more, and to undo it.

use serde_json::Value;

use crate::action::{Action, BoxFuture};
use crate::context::Context;
use crate::failure::Failure;
use crate::spec::Spec;

/// An action with its params, ready to run any number of times.
pub(crate) trait Attempt<O>: Send + Sync {
    fn spec(&self) -> &'static Spec;

    fn run<'a>(&'a self, cx: &'a Context) -> BoxFuture<'a, Result<O, Failure>>;

    fn undo<'a>(&'a self, cx: &'a Context) -> Option<BoxFuture<'a, Result<(), Failure>>>;

    fn redacted(&self) -> Value;
}

/// An action whose params have been checked.
pub(crate) struct Checked<'a, A>(pub(crate) &'a A);

impl<A: Action> Attempt<A::Output> for Checked<'_, A> {
    fn spec(&self) -> &'static Spec {
        &const { A::SPEC }
    }

    fn run<'a>(&'a self, cx: &'a Context) -> BoxFuture<'a, Result<A::Output, Failure>> {
        Box::pin(async { self.0.run(cx).await })
    }

    fn undo<'a>(&'a self, cx: &'a Context) -> Option<BoxFuture<'a, Result<(), Failure>>> {
        self.0.undo_with(None, cx)
    }

    fn redacted(&self) -> Value {
        self.0.redacted()
    }
}
