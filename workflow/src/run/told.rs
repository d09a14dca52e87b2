//! A step that is told of: its own context, its events, its bounds.

use std::future::{Future as _, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

use enact_action_core::__private::{Attempt, First, Inside, catch, inside};
use enact_action_core::action::BoxFuture;
use enact_action_core::context::Trace;
use enact_action_core::spec::{Policy, Spec};
use enact_action_core::{Context, Failure};
use serde_json::Value;
use tokio::time::Instant;

use super::Scope;
use super::root::Carried;
use super::step::is_plain;
use crate::event::{Again, Listener, What};
use crate::undo::{Stack, Step, Undoable};

impl Scope<'_> {
    /// Runs an attempt, told of from its start to its end. Where `undo` is not wanted, it is left
    /// to the saga.
    pub(crate) async fn announced<O>(
        &self,
        node: u32,
        attempt: &dyn Attempt<O>,
        policy: &Policy,
        undo: bool,
    ) -> Result<O, Failure> {
        let spec = attempt.spec();
        let inner = (spec.ends_itself && self.root.goes_back()).then(Arc::<Stack>::default);
        let again = spec.ends_itself.then(|| self.begun_before(node)).flatten();
        let listener = again.clone().or_else(|| self.listener());
        let mut cx = self.step_cx(node, "", inner.as_ref(), listener);
        if spec.ends_itself {
            cx = cx.deeper();
        }
        if again.is_none() {
            self.tell(node, || What::StepStarted {
                action: spec.name.to_owned(),
            });
        }
        let without = WithoutUndo(attempt);
        let attempt = if undo { attempt } else { &without };
        let first = if spec.ends_itself && self.may_have_begun() {
            First::Recorded
        } else {
            First::Not
        };
        let answer = if is_one_call(spec, policy, &cx, undo) {
            self.called(attempt, &cx).await
        } else {
            self.bounded(node, attempt, first, policy, &cx).await
        };
        if let (Some(inner), Ok(_)) = (inner, &answer) {
            self.undo.take_over(inner.take());
        }
        if again.is_some_and(|again| !again.has_news()) {
            return answer.map_err(|failure| self.failure_at(node, failure));
        }
        match answer {
            Ok(output) => {
                self.tell(node, || What::StepFinished);
                Ok(output)
            }
            Err(failure) => Err(self.failed(node, failure)),
        }
    }

    fn listener(&self) -> Option<Listener> {
        self.root.told.as_ref()?.listener.clone()
    }

    /// Who is to be told of the run inside that a step is, where that had begun before the run came
    /// back into memory, and where anybody hears it.
    fn begun_before(&self, node: u32) -> Option<Listener> {
        let listener = self.listener().filter(|listener| listener.hears())?;
        let journal = self.root.journal()?;
        let begun = journal.has_begun(&self.root.path(node, self.at));
        begun.then(|| Again::listener(listener))
    }

    /// Goes on with a step that the fast way began and that asks for more.
    #[cold]
    pub(crate) async fn driven<O>(
        &self,
        node: u32,
        attempt: &dyn Attempt<O>,
        first: First<'_, O>,
        policy: &Policy,
    ) -> Result<O, Failure> {
        let answer = self
            .bounded(node, attempt, first, policy, &self.root.cx)
            .await;
        answer.map_err(|failure| self.failed(node, failure))
    }

    /// One call, which ends where this part is stopped.
    async fn called<O>(&self, attempt: &dyn Attempt<O>, cx: &Context) -> Result<O, Failure> {
        let mut run = pin!(catch(attempt.run(cx)));
        let answer = match poll_fn(|task| Poll::Ready(run.as_mut().poll(task))).await {
            Poll::Ready(answer) => answer,
            Poll::Pending => self.until_stopped(run).await,
        };
        answer.map_err(|failure| failure.after(1))
    }

    /// Drives attempts; what stops this part cancels them.
    async fn bounded<O>(
        &self,
        node: u32,
        attempt: &dyn Attempt<O>,
        first: First<'_, O>,
        policy: &Policy,
        cx: &Context,
    ) -> Result<O, Failure> {
        let (cx, token) = cx.child();
        // A bound and a pause of a workflow inside are kept in memory, and so is the run as long as there are any.
        let journal = self.root.journal();
        let is_bounded = policy.timeout.is_some() || policy.deadline.is_some();
        let _busy = journal
            .filter(|_| attempt.spec().ends_itself && is_bounded)
            .map(|journal| journal.busy());
        let pause = Mutex::new(None);
        let tell = |attempt: u32, wait: Duration, failure: &Failure| {
            if let Some(journal) = journal {
                journal.tried(self.root.path(node, self.at), failure);
                let until = Instant::now().checked_add(wait);
                let paused = until.map(|until| (journal.busy(), until));
                *pause.lock().unwrap_or_else(PoisonError::into_inner) = paused;
            }
            self.tell(node, || What::StepRetried {
                attempt,
                wait,
                code: failure.code().to_owned(),
            });
        };
        // In a box, since a workflow may run itself many times over and stacks are small.
        let mut run = Box::pin(inside(attempt, first, policy, &cx, Some(&tell)));
        poll_fn(|task| {
            self.hand_on(&token);
            let polled = run.as_mut().poll(task);
            let mut pause = pause.lock().unwrap_or_else(PoisonError::into_inner);
            pause.take_if(|(_, until)| *until <= Instant::now());
            polled
        })
        .await
    }

    /// Whether a workflow that is a step may have begun before a crash: then it goes through what is
    /// recorded of it, whatever stops it by now, so that a saga knows what there is to undo.
    pub(super) fn may_have_begun(&self) -> bool {
        let journal = self.root.journal();
        journal.is_some_and(|journal| journal.may_have_begun())
    }

    /// The context of one step, or of its undo: its own key and span, and what it hands to a run
    /// inside.
    fn step_cx(
        &self,
        node: u32,
        part: &str,
        undo: Option<&Arc<Stack>>,
        listener: Option<Listener>,
    ) -> Context {
        let cx = &self.root.cx;
        let mut path = self.root.path(node, self.at);
        let journal = self.root.journal();
        // What was undone and is done anew is another effect.
        let turn = match journal.map_or(0, |journal| journal.turn(&path)) {
            0 => String::new(),
            turn => format!("~{turn}"),
        };
        // The run's own key has the path of the step that it may be.
        let own = self.root.inside(&path);
        let key = cx.idempotency_key();
        let idempotency_key = key.map(|key| [key, "/", own, &turn, part].concat().into());
        path.push_str(part);
        let carried = Carried {
            listener,
            prefix: path,
            journal: journal.cloned(),
            undo: undo.cloned(),
        };
        cx.inside(Inside {
            idempotency_key,
            trace: cx.trace().map(Trace::child),
            carried: Some(Arc::new(carried)),
        })
    }

    /// Keeps a step that has run, or died midway, for its undo.
    pub(crate) fn keep(&self, node: u32, ran: Arc<dyn Undoable>, policy: &Policy) {
        let cx = self.step_cx(node, "/undo", None, self.listener());
        let policy = Policy {
            undo_retry: self.root.undo_retry,
            ..*policy
        };
        let path = self.root.path(node, self.at);
        let journal = self.root.journal().cloned();
        self.undo.push(Step::new(path, ran, policy, cx, journal));
    }

    /// A step that failed.
    #[cold]
    pub(crate) fn failed(&self, node: u32, failure: Failure) -> Failure {
        self.tell(node, || What::StepFailed {
            code: failure.code().to_owned(),
            message: failure.message().to_owned(),
            attempts: failure.attempts(),
        });
        self.failure_at(node, failure)
    }

    /// A step whose params break a rule: the run's own mistake, not its caller's.
    #[cold]
    pub(crate) fn refused(&self, node: u32, failure: Failure) -> Failure {
        self.failed(node, failure.inside())
    }
}

/// Whether a step comes to no more than a call: nobody bounds it, tries it again, grants it a grace, undoes
/// it here or watches it.
fn is_one_call(spec: &Spec, policy: &Policy, cx: &Context, undo: bool) -> bool {
    is_plain(policy)
        && policy.grace.is_zero()
        && !(spec.ends_itself || spec.undo && undo)
        && !spec.telemetry.is_heard()
        && cx.deadline().is_none()
        && !cx.is_cancelled()
}

/// An attempt whose undo is the saga's.
struct WithoutUndo<'a, O>(&'a dyn Attempt<O>);

impl<O> Attempt<O> for WithoutUndo<'_, O> {
    fn spec(&self) -> &'static Spec {
        self.0.spec()
    }

    fn run<'a>(&'a self, cx: &'a Context) -> BoxFuture<'a, Result<O, Failure>> {
        self.0.run(cx)
    }

    fn undo<'a>(
        &'a self,
        _: Option<&'a O>,
        _: &'a Context,
    ) -> Option<BoxFuture<'a, Result<(), Failure>>> {
        None
    }

    fn redacted(&self) -> Value {
        self.0.redacted()
    }
}
