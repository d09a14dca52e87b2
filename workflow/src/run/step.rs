//! One step: a call, as long as nothing asks for more.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use enact_action_core::__private::{Checked, First, catch, check};
use enact_action_core::spec::Policy;
use enact_action_core::{Action, Failure};
use tokio_util::sync::CancellationToken;

use super::Scope;
use super::block::Stop;
use super::guard::Here;
use super::held::{Held, Journaled, Ran};

impl Scope<'_> {
    /// Runs a step under its policy.
    ///
    /// # Errors
    /// What the action fails with, at the step's path.
    pub async fn step<A>(&self, node: u32, action: A, policy: &Policy) -> Result<Held<A>, Failure>
    where
        A: Action<Output: Journaled>,
    {
        if self.root.told.is_none() {
            self.may_go_on()?;
        }
        // A workflow inside leaves its own undo.
        let kept = A::SPEC.undo && !A::SPEC.ends_itself && self.root.goes_back();
        if !const { asks_for_more::<A>() } && !kept && self.root.told.is_none() {
            let output = self.call(node, &action, policy).await?;
            return Ok(Held::Alone(output));
        }
        let alone = !self.root.goes_back() && self.root.told.is_none();
        if A::SPEC.ends_itself && alone && is_plain(policy) {
            let output = Box::pin(self.within(node, &action)).await?;
            return Ok(Held::Alone(output));
        }
        // The steps of a workflow inside are recorded, and it goes through them again.
        match self.root.journal() {
            Some(journal) if !A::SPEC.ends_itself => {
                Box::pin(self.journaled(journal, node, action, policy, kept)).await
            }
            _ => Box::pin(self.told(node, action, policy, kept)).await,
        }
    }

    /// The fast way: the action's own future, polled here.
    #[inline]
    async fn call<A: Action>(
        &self,
        node: u32,
        action: &A,
        policy: &Policy,
    ) -> Result<A::Output, Failure> {
        let here = Here { scope: self, node };
        let valid = action.validate();
        valid.map_err(|violations| self.refused(node, violations.into()))?;
        let mut run = pin!(action.run(&self.root.cx));
        let first = match once(run.as_mut()).await {
            Poll::Ready(Ok(output)) => {
                here.passed();
                return Ok(output);
            }
            Poll::Ready(Err(failure)) => First::Failed(failure.inside()),
            Poll::Pending if is_plain(policy) => {
                let answer = self.until_stopped(run).await;
                return answer.map_err(|failure| self.failed(node, failure.after(1)));
            }
            Poll::Pending => First::Waits(run),
        };
        Box::pin(self.driven(node, &Checked(action), first, policy)).await
    }

    /// The way of a workflow inside of which nothing is asked: it is told to stop, and awaited.
    async fn within<A: Action>(&self, node: u32, action: &A) -> Result<A::Output, Failure> {
        check(|| action.validate()).map_err(|failure| self.refused(node, failure))?;
        let (cx, token) = self.root.cx.clone().deeper().child();
        let run = pin!(action.run(&cx));
        let mut run = pin!(catch(run));
        let answer = poll_fn(|task| {
            self.hand_on(&token);
            run.as_mut().poll(task)
        });
        answer.await.map_err(|failure| {
            let failure = failure.undone_at(&self.root.path(node, self.at));
            self.failed(node, failure.after(1))
        })
    }

    /// Cancels what runs inside, where this part is stopped.
    pub(crate) fn hand_on(&self, token: &CancellationToken) {
        // At the deadline it stops by itself: its context has the same one.
        if let Some(Stop::Cancelled | Stop::Beside) = self.block.stopped() {
            token.cancel();
        }
    }

    /// Polls, and looks each time whether this part is stopped.
    pub(super) async fn until_stopped<O>(
        &self,
        mut run: Pin<&mut impl Future<Output = Result<O, Failure>>>,
    ) -> Result<O, Failure> {
        poll_fn(|task| match self.block.stopped() {
            Some(stop) => Poll::Ready(Err(stop.failure())),
            None => run.as_mut().poll(task).map_err(Failure::inside),
        })
        .await
    }

    /// The way of a step that is told of, kept for its undo, or a workflow itself.
    #[cold]
    async fn told<A>(
        &self,
        node: u32,
        action: A,
        policy: &Policy,
        kept: bool,
    ) -> Result<Held<A>, Failure>
    where
        A: Action<Output: Journaled>,
    {
        if !self.may_have_begun() {
            self.may_go_on()?;
        }
        if let Err(failure) = check(|| action.validate()) {
            return Err(self.refused(node, failure));
        }
        let ran = self.announced(node, &Checked(&action), policy, !kept).await;
        let (output, failure) = match ran {
            answer if !kept => return answer.map(Held::Alone),
            Ok(output) => (Some(output), None),
            // Nothing began, so there is nothing to undo.
            Err(failure) if failure.attempts() == 0 => return Err(failure),
            Err(failure) => (None, Some(failure)),
        };
        let ran = Arc::new(Ran { action, output });
        self.keep(node, Arc::<Ran<A>>::clone(&ran), policy);
        match failure {
            None => Ok(Held::Shared(ran)),
            Some(failure) => Err(failure),
        }
    }
}

/// What makes a step more than a call, whoever listens: a workflow's steps are its own to stop, a
/// grace needs somebody who grants it, and an undo somebody who calls it.
const fn asks_for_more<A: Action>() -> bool {
    A::SPEC.ends_itself || A::SPEC.undo || !A::SPEC.policy.grace.is_zero()
}

/// Whether the policy asks for nothing.
pub(super) fn is_plain(policy: &Policy) -> bool {
    policy.timeout.is_none() && policy.deadline.is_none() && policy.retry.is_none()
}

async fn once<F: Future>(mut run: Pin<&mut F>) -> Poll<F::Output> {
    poll_fn(|task| Poll::Ready(run.as_mut().poll(task))).await
}
