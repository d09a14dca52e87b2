//! Executing an action: the builder, and the one path every execution takes.

pub(crate) mod attempt;
mod drive;
pub(crate) mod guard;
mod handle;
mod retry;
pub(crate) mod undo;

use std::future::{Future, IntoFuture};
use std::pin::pin;
use std::time::Duration;

use tracing::Instrument as _;

pub(crate) use self::attempt::{Attempt, Checked, First, Tell};
pub(crate) use self::drive::drive;
pub(crate) use self::guard::check;
pub use self::handle::Handle;
use crate::action::{Action, Output};
use crate::context::Context;
use crate::failure::Failure;
use crate::spec::{Effect, Policy, Retry, Spec};
use crate::telemetry::Watch;

/// An execution about to begin: await it, or change its policy first.
///
/// ```
/// # extern crate enact_action_core as enact;
/// # use enact::prelude::*;
/// # /// Says hello.
/// # #[derive(Action)]
/// # #[action(effect = read)]
/// # struct Greet { #[doc = "Whom."] name: String }
/// # impl Run for Greet {
/// #     type Output = String;
/// #     async fn run(&self, _cx: &Context) -> Result<String, Failure> { Ok(format!("hello {}", self.name)) }
/// # }
/// use std::time::Duration;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Failure> {
/// let cx = Context::new();
/// let hello = Greet::new("Ada").exec(&cx).timeout(Duration::from_secs(1)).retry(Retry::times(2)).await?;
/// assert_eq!(hello, "hello Ada");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "an execution does nothing until it is awaited or spawned"]
pub struct Exec<L> {
    policy: Policy,
    cx: Context,
    launch: L,
}

/// Begins an execution under a policy; [`Execute::exec`](crate::Execute::exec) makes one.
pub trait Launch {
    /// What the action answers.
    type Output: Output;
    /// The running execution.
    type Future: Future<Output = Result<Self::Output, Failure>>;

    /// Begins.
    fn launch(self, cx: Context, policy: Policy) -> Self::Future;
}

impl<F, R, O> Launch for F
where
    F: FnOnce(Context, Policy) -> R,
    R: Future<Output = Result<O, Failure>>,
    O: Output,
{
    type Output = O;
    type Future = R;

    fn launch(self, cx: Context, policy: Policy) -> R {
        self(cx, policy)
    }
}

impl<L: Launch> Exec<L> {
    pub(crate) fn new(policy: Policy, cx: Context, launch: L) -> Self {
        Self { policy, cx, launch }
    }

    /// Bounds each attempt.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.policy.timeout = Some(timeout);
        self
    }

    /// Bounds the whole execution, retries and waits included.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.policy.deadline = Some(deadline);
        self
    }

    /// Tries failed attempts again.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.policy.retry = Some(retry);
        self
    }

    /// Makes one attempt, whatever the action's spec says.
    pub fn no_retry(mut self) -> Self {
        self.policy.retry = None;
        self
    }

    /// Runs it as a task of its own, which the handle owns: dropping the handle cancels it.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    pub fn spawn(self) -> Handle<L::Output>
    where
        L::Future: Send + 'static,
    {
        let (cx, token) = self.cx.child();
        Handle::spawn(self.launch.launch(cx, self.policy), token)
    }

    /// The same; what is `held` is dropped as soon as the task has ended.
    #[doc(hidden)]
    pub fn spawn_holding(self, held: impl Send + 'static) -> Handle<L::Output>
    where
        L::Future: Send + 'static,
    {
        let (cx, token) = self.cx.child();
        let run = self.launch.launch(cx, self.policy);
        let run = async move {
            let answer = run.await;
            drop(held);
            answer
        };
        Handle::spawn(run, token)
    }
}

impl<L: Launch> IntoFuture for Exec<L> {
    type Output = Result<L::Output, Failure>;
    type IntoFuture = L::Future;

    fn into_future(self) -> L::Future {
        self.launch.launch(self.cx, self.policy)
    }
}

pub(crate) async fn execute<A: Action>(
    action: A,
    cx: Context,
    policy: Policy,
) -> Result<A::Output, Failure> {
    refuse_if_dry(&A::SPEC, &cx)?;
    check(|| action.validate())?;
    let watch = Watch::begin(&A::SPEC, &cx, || action.redacted());
    if watch.is_none() && !is_undone_here(&A::SPEC) && is_plain(&policy, &cx) {
        let run = pin!(async { action.run(&cx).await });
        return guard::catch(run).await.map_err(|failure| failure.after(1));
    }
    let attempt = Checked(&action);
    let run = pin!(drive(&attempt, First::Not, &policy, &cx, None));
    watched(watch, run).await
}

/// In a dry run nothing is written.
fn refuse_if_dry(spec: &Spec, cx: &Context) -> Result<(), Failure> {
    if cx.is_dry() && spec.effect != Effect::Read {
        return Err(Failure::terminal(
            "dry_run.writes",
            format!("{} writes, and was not run in a dry run", spec.name),
        ));
    }
    Ok(())
}

/// Whether a failed execution calls the undo; what ends itself goes back by itself.
fn is_undone_here(spec: &Spec) -> bool {
    spec.undo && !spec.ends_itself
}

/// Nothing to bound or try again, and nobody who could cancel: the run is one call.
fn is_plain(policy: &Policy, cx: &Context) -> bool {
    policy.timeout.is_none()
        && policy.deadline.is_none()
        && policy.retry.is_none()
        && cx.deadline().is_none()
        && !cx.can_be_cancelled()
        && cx.attempt() == 1
}

/// Executes what the registry has read, under the action's own policy.
pub(crate) async fn execute_read<O>(attempt: &dyn Attempt<O>, cx: &Context) -> Result<O, Failure> {
    let spec = attempt.spec();
    refuse_if_dry(spec, cx)?;
    let watch = Watch::begin(spec, cx, || attempt.redacted());
    if watch.is_none() && !is_undone_here(spec) && is_plain(&spec.policy, cx) {
        return guard::catch(attempt.run(cx))
            .await
            .map_err(|failure| failure.after(1));
    }
    let run = pin!(drive(attempt, First::Not, &spec.policy, cx, None));
    watched(watch, run).await
}

/// Drives an action that a run runs inside itself, and lets telemetry watch it.
#[doc(hidden)]
pub async fn inside<O>(
    attempt: &dyn Attempt<O>,
    first: First<'_, O>,
    policy: &Policy,
    cx: &Context,
    tell: Option<Tell<'_>>,
) -> Result<O, Failure> {
    refuse_if_dry(attempt.spec(), cx)?;
    let watch = Watch::begin(attempt.spec(), cx, || attempt.redacted());
    // In a box, since runs lie deep inside of one another and stacks are small.
    watched(watch, Box::pin(drive(attempt, first, policy, cx, tell))).await
}

async fn watched<O>(
    watch: Option<Watch>,
    run: impl Future<Output = Result<O, Failure>>,
) -> Result<O, Failure> {
    match watch {
        None => run.await,
        Some(watch) => {
            let span = watch.span();
            watch.stop(run.instrument(span).await)
        }
    }
}
