//! What the driver needs of an action: to run it once more, and to undo it.

use std::pin::Pin;
use std::time::Duration;

use serde_json::Value;

use crate::action::{Action, BoxFuture};
use crate::context::Context;
use crate::failure::Failure;
use crate::spec::Spec;

/// An action with its params, ready to run any number of times.
pub trait Attempt<O>: Send + Sync {
    /// What the action says of itself.
    fn spec(&self) -> &'static Spec;

    /// Runs it once.
    fn run<'a>(&'a self, cx: &'a Context) -> BoxFuture<'a, Result<O, Failure>>;

    /// Undoes it, where it can be undone.
    fn undo<'a>(
        &'a self,
        output: Option<&'a O>,
        cx: &'a Context,
    ) -> Option<BoxFuture<'a, Result<(), Failure>>>;

    /// The params, as logs show them.
    fn redacted(&self) -> Value;

    /// The params, as whoever approves sees them: without secrets.
    fn shown(&self) -> Value {
        self.redacted()
    }

    /// Tells what running it would do, where the action can.
    fn dry_run<'a>(&'a self, cx: &'a Context) -> Option<BoxFuture<'a, Result<Value, Failure>>> {
        let _ = cx;
        None
    }

    /// What whoever approves is asked; none where no approval is needed.
    fn question(&self, cx: &Context) -> Option<&'static str> {
        let _ = cx;
        self.spec().confirm
    }
}

/// An action whose params have been checked.
#[derive(Debug)]
pub struct Checked<'a, A>(pub &'a A);

impl<A: Action> Attempt<A::Output> for Checked<'_, A> {
    fn spec(&self) -> &'static Spec {
        &const { A::SPEC }
    }

    fn run<'a>(&'a self, cx: &'a Context) -> BoxFuture<'a, Result<A::Output, Failure>> {
        Box::pin(async { self.0.run(cx).await })
    }

    fn undo<'a>(
        &'a self,
        output: Option<&'a A::Output>,
        cx: &'a Context,
    ) -> Option<BoxFuture<'a, Result<(), Failure>>> {
        self.0.undo_with(output, cx)
    }

    fn redacted(&self) -> Value {
        self.0.redacted()
    }
}

/// How far the first attempt has come before the driver takes over.
#[expect(missing_debug_implementations, reason = "a future has nothing to show")]
pub enum First<'a, O> {
    /// It has not begun.
    Not,
    /// It may have begun in a process before this one, and goes through what is recorded of it, whatever
    /// stops it by now.
    Recorded,
    /// It has been polled and waits for something.
    Waits(Pin<&'a mut (dyn Future<Output = Result<O, Failure>> + Send + 'a)>),
    /// It has failed.
    Failed(Failure),
}

/// Who is told of each attempt that failed and will be made again, after how long a wait.
pub type Tell<'a> = &'a (dyn Fn(u32, Duration, &Failure) + Send + Sync);
