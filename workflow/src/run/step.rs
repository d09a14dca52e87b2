//! One step: a call, as long as nothing asks for more.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use enact_action_core::__private::{Checked, First, check};
use enact_action_core::spec::Policy;
use enact_action_core::{Action, Failure};

use super::Scope;
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
        self.may_go_on()?;
        // A workflow inside leaves its own undo.
        let kept = A::SPEC.undo && !A::SPEC.ends_itself && self.root.goes_back();
        if !const { asks_for_more::<A>() } && !kept && self.root.told.is_none() {
            action
                .validate()
                .map_err(|violations| self.refused(node, violations.into()))?;
            let output = self.call(node, &action, policy).await?;
            return Ok(Held::Alone(output));
        }
        Box::pin(self.told(node, action, policy, kept)).await
    }

    /// Runs the workflow itself as a step: its future is on the heap, and of no type.
    ///
    /// # Errors
    /// What it fails with, at the step's path.
    pub fn again<'a, A>(
        &'a self,
        node: u32,
        action: A,
        policy: &'a Policy,
    ) -> Pin<Box<dyn Future<Output = Result<Held<A>, Failure>> + Send + 'a>>
    where
        A: Action<Output: Journaled> + 'a,
    {
        Box::pin(self.step(node, action, policy))
    }

    /// The fast way: the action's own future, polled here.
    #[inline]
    async fn call<A: Action>(
        &self,
        node: u32,
        action: &A,
        policy: &Policy,
    ) -> Result<A::Output, Failure> {
        let mut run = pin!(action.run(&self.root.cx));
        let first = match once(run.as_mut()).await {
            Poll::Ready(Ok(output)) => return Ok(output),
            Poll::Ready(Err(failure)) => First::Failed(failure.inside()),
            Poll::Pending if is_plain(policy) => {
                let answer = self.until_stopped(run).await;
                return answer.map_err(|failure| self.failed(node, failure));
            }
            Poll::Pending => First::Waits(run),
        };
        Box::pin(self.driven(node, &Checked(action), first, policy)).await
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
    async fn told<A: Action>(
        &self,
        node: u32,
        action: A,
        policy: &Policy,
        kept: bool,
    ) -> Result<Held<A>, Failure> {
        if let Err(failure) = check(|| action.validate()) {
            return Err(self.refused(node, failure));
        }
        let path = self.root.path(node, self.at);
        if !kept {
            let answer = self
                .announced(node, &path, &Checked(&action), policy, true)
                .await;
            return answer.map(Held::Alone);
        }
        let ran = self
            .announced(node, &path, &Checked(&action), policy, false)
            .await;
        let (output, failure) = match ran {
            Ok(output) => (Some(output), None),
            // Nothing began, so there is nothing to undo.
            Err(failure) if failure.attempts() == 0 => return Err(failure),
            Err(failure) => (None, Some(failure)),
        };
        let ran = Arc::new(Ran { action, output });
        self.keep(path, Arc::<Ran<A>>::clone(&ran), policy);
        match failure {
            None => Ok(Held::Shared(ran)),
            Some(failure) => Err(failure),
        }
    }
}

/// What makes a step more than a call, whoever listens: a workflow's steps are its own to stop, and
/// a grace needs somebody who grants it.
const fn asks_for_more<A: Action>() -> bool {
    A::SPEC.ends_itself || !A::SPEC.policy.grace.is_zero()
}

/// Whether the policy asks for nothing.
pub(super) fn is_plain(policy: &Policy) -> bool {
    policy.timeout.is_none() && policy.deadline.is_none() && policy.retry.is_none()
}

async fn once<F: Future>(mut run: Pin<&mut F>) -> Poll<F::Output> {
    poll_fn(|task| Poll::Ready(run.as_mut().poll(task))).await
}
