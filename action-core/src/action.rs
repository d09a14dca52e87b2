//! The traits of an action: what it is, how it runs, how it is undone.

use std::future::Future;
use std::pin::Pin;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

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

/// What an action would do, found out without doing it.
///
/// Declared with `#[action(dry_run)]`. The params have been checked, and the context is
/// [dry](Context::is_dry): actions that write refuse to run in it. What the resources of the context
/// do is up to whoever uses them here.
///
/// ```
/// # extern crate enact_action_core as enact;
/// use enact::prelude::*;
/// use serde_json::json;
///
/// /// Deletes the orders of a year.
/// #[derive(Action)]
/// #[action(confirm = "Delete these orders for good?", dry_run)]
/// struct Purge {
///     /// The year.
///     year: u16,
/// }
///
/// impl Run for Purge {
///     type Output = u32;
///     async fn run(&self, _cx: &Context) -> Result<u32, Failure> {
///         Ok(12)
///     }
/// }
///
/// impl DryRun for Purge {
///     type Told = String;
///     async fn dry_run(&self, _cx: &Context) -> Result<String, Failure> {
///         Ok(format!("deletes 12 orders of {}", self.year))
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Failure> {
/// let preview = Registry::global().dry_run("purge", json!({ "year": 2019 }), &Context::new()).await?;
/// assert_eq!(preview.told, Some(json!("deletes 12 orders of 2019")));
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` says `dry_run` but can't tell what it would do",
    label = "`impl DryRun for {Self}` is missing",
    note = "write `impl DryRun for {Self} {{ type Told = String; async fn dry_run(&self, cx: &Context) -> \
            Result<String, Failure> {{ … }} }}`, or take `dry_run` out"
)]
pub trait DryRun: Run {
    /// What it tells: a text for people, or anything that serde can write.
    type Told: Serialize + Send;

    /// Tells what [`run`](Run::run) would do now; it may be wrong by the time that runs.
    fn dry_run(&self, cx: &Context) -> impl Future<Output = Result<Self::Told, Failure>> + Send;
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

    /// The dry run, where the action has one.
    #[doc(hidden)]
    fn dry_run_with<'a>(
        &'a self,
        cx: &'a Context,
    ) -> Option<BoxFuture<'a, Result<Value, Failure>>> {
        let _ = cx;
        None
    }

    /// What whoever approves of this very call is asked; none where it needs no approval.
    #[doc(hidden)]
    fn question_with(&self, cx: &Context) -> Option<&'static str> {
        let _ = cx;
        Self::SPEC.confirm
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
