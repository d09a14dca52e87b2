//! The traits of an action: what it is, how it runs, how it is undone.

use std::future::Future;
use std::pin::Pin;

use schemars::JsonSchema;
use serde::Serialize;

use crate::context::Context;
use crate::exec::{Exec, Launch};
use crate::failure::Failure;
use crate::params::Params;
use crate::params::limits::Limits;
use crate::spec::{Policy, Spec};

/// A boxed future, as trait objects need it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What an action does.
///
/// ```
/// # extern crate enact_action_core as enact;
/// use enact::prelude::*;
///
/// /// Adds two numbers.
/// #[derive(Action)]
/// #[action(effect = read)]
/// struct Add {
///     /// The first number.
///     a: i32,
///     /// The second number.
///     b: i32,
/// }
///
/// impl Run for Add {
///     type Output = i32;
///     async fn run(&self, _cx: &Context) -> Result<i32, Failure> {
///         self.a.checked_add(self.b).ok_or_else(|| Failure::terminal("add.overflow", "too large"))
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Failure> {
/// assert_eq!(Add::new(2, 3).exec(&Context::new()).await?, 5);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has params but nothing to run",
    label = "`impl Run for {Self}` is missing",
    note = "write `impl Run for {Self} {{ type Output = …; async fn run(&self, cx: &Context) -> \
            Result<Self::Output, Failure> {{ … }} }}`"
)]
pub trait Run: Sized + Send + Sync {
    /// What it answers.
    type Output: Output;

    /// Runs once, under whatever policy the caller has put around it.
    fn run(&self, cx: &Context) -> impl Future<Output = Result<Self::Output, Failure>> + Send;
}

/// What an action may answer: anything that serde can write and schemars can describe.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be the output of an action",
    label = "not an output",
    note = "an output is written as JSON and described by a schema: write `#[derive(Params)]` on it, \
            or derive `Serialize` and `JsonSchema`"
)]
pub trait Output: Send + Sync + 'static {
    // The two traits are asked for here and not as supertraits, of which rustc would complain
    // one by one and in words of theirs.
    #[doc(hidden)]
    type Plain: Serialize + JsonSchema;

    /// The output, as one that is written and described.
    #[doc(hidden)]
    fn plain(&self) -> &Self::Plain;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize + JsonSchema + Send + Sync + 'static> Output for T {
    type Plain = Self;

    fn plain(&self) -> &Self {
        self
    }
}

/// How an action is undone after it has run.
///
/// Declared with `#[action(undo)]`. It runs once, after the last attempt has failed, timed out or
/// been cancelled, and when a saga goes back.
#[diagnostic::on_unimplemented(
    message = "`{Self}` says `undo` but can't be undone",
    label = "`impl Undo for {Self}` is missing",
    note = "write `impl Undo for {Self} {{ async fn undo(&self, output: Option<&Self::Output>, \
            cx: &Context) -> Result<(), Failure> {{ … }} }}`, or take `undo` out"
)]
pub trait Undo: Run {
    /// Undoes; `output` is `None` when the attempt died midway, so part of it may have happened.
    fn undo(
        &self,
        output: Option<&Self::Output>,
        cx: &Context,
    ) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// A struct of params that can run: `#[derive(Action)]` plus `impl Run`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an action",
    note = "write `#[derive(Action)]` on it and `impl Run for {Self}`"
)]
pub trait Action: Params + Run {
    /// What the action says of itself.
    const SPEC: Spec;

    /// The rules that a literal param is held against while compiling, by the field's name.
    #[doc(hidden)]
    const LIMITS: &'static [(&'static str, Limits)] = &[];

    /// The undo, where the action has one.
    #[doc(hidden)]
    fn undo_with<'a>(
        &'a self,
        output: Option<&'a Self::Output>,
        cx: &'a Context,
    ) -> Option<BoxFuture<'a, Result<(), Failure>>> {
        let _ = (output, cx);
        None
    }
}

/// What every action can: be executed.
///
/// Apart from [`Action`] so that the compiler looks at it once, not once for each action.
pub trait Execute: Action {
    /// Executes the action under the policy of its spec, which the builder can override.
    ///
    /// The params are checked first. Await what this gives, or [`spawn`](Exec::spawn) it.
    /// Timeouts, deadlines and waits need a tokio runtime with its timer around them.
    fn exec(
        self,
        cx: &Context,
    ) -> Exec<impl Launch<Output = Self::Output, Future: Send + 'static> + Send + 'static> {
        let launch = move |cx: Context, policy: Policy| crate::exec::execute(self, cx, policy);
        Exec::new(Self::SPEC.policy, cx.clone(), launch)
    }
}

impl<A: Action> Execute for A {}
