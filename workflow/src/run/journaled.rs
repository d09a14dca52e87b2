//! What a recorded run does at its nodes: first it asks the journal, then it records.

use std::convert::identity;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use enact_action_core::__private::{Attempt, Checked, check};
use enact_action_core::spec::{Effect, Policy};
use enact_action_core::{Action, Failure};
use enact_signal_core::Signal;
use serde_json::Value;

use super::Scope;
use super::held::{Held, Journaled, Ran};
use crate::clock;
use crate::journal::{Kept, Outcome, RunJournal, What, diverged, is_of_journal, unreadable};

impl Scope<'_> {
    /// A step: what the journal has of it, or what it does now.
    pub(super) async fn journaled<A>(
        &self,
        journal: &RunJournal,
        node: u32,
        action: A,
        policy: &Policy,
        kept: bool,
    ) -> Result<Held<A>, Failure>
    where
        A: Action<Output: Journaled>,
    {
        let answer = match self.known(journal, node).await {
            Some(answer) => answer,
            None => {
                check(|| action.validate()).map_err(|failure| self.refused(node, failure))?;
                self.recorded(journal, node, &Checked(&action), policy, kept)
                    .await
            }
        };
        match answer {
            Ok(output) if !kept => Ok(Held::Alone(output)),
            Ok(output) => {
                let output = Some(output);
                let ran = Arc::new(Ran { action, output });
                self.keep(node, Arc::<Ran<A>>::clone(&ran), policy);
                Ok(Held::Shared(ran))
            }
            Err(failure) => {
                if kept && failure.attempts() > 0 {
                    let output = None;
                    self.keep(node, Arc::new(Ran { action, output }), policy);
                }
                Err(failure)
            }
        }
    }

    /// What the journal has of a step, if anything.
    ///
    /// It is taken whatever stops the run by now, so that a saga knows what there is to undo.
    pub(super) async fn known<O: Journaled>(
        &self,
        journal: &RunJournal,
        node: u32,
    ) -> Option<Result<O, Failure>> {
        let path = self.root.path(node, self.at);
        Some(match journal.outcome(&path)? {
            Outcome::Answer(json) => O::read_back(json).map_err(|error| unreadable(&path, error)),
            Outcome::Failure(failure) => Err(failure.failure()),
            Outcome::Stopped => Err(self.stopped_again().await),
        })
    }

    /// Runs a step and records what came of it.
    pub(super) async fn recorded<O: Journaled>(
        &self,
        journal: &RunJournal,
        node: u32,
        step: &dyn Attempt<O>,
        policy: &Policy,
        kept: bool,
    ) -> Result<O, Failure> {
        self.may_go_on()?;
        // All that an effect may depend on is on disk before it happens.
        if step.spec().effect != Effect::Read {
            journal.sync().await?;
        }
        let answer = self.announced(node, step, policy, !kept).await;
        let outcome = match &answer {
            Ok(output) => Outcome::Answer(output.written()?),
            Err(failure) => match self.failing(failure) {
                Some(outcome) => outcome,
                None => return answer,
            },
        };
        let path = self.root.path(node, self.at);
        journal.record(path, What::Step { outcome }).await?;
        answer
    }

    /// How a failure is recorded: not at all, where it is the journal's own or nothing began.
    fn failing(&self, failure: &Failure) -> Option<Outcome> {
        if is_of_journal(failure) {
            return None;
        }
        match self.block.stopped() {
            None => Some(Outcome::Failure(Kept::of(failure))),
            Some(_) => (failure.attempts() > 0).then_some(Outcome::Stopped),
        }
    }

    /// The failure of what was stopped, once it is stopped again.
    async fn stopped_again(&self) -> Failure {
        poll_fn(|_| match self.block.stopped() {
            Some(stop) => Poll::Ready(stop.failure().after(1)),
            None => Poll::Pending,
        })
        .await
    }

    /// Lets pass what is left of a time.
    pub(super) async fn journaled_sleep(
        &self,
        journal: &RunJournal,
        node: u32,
        time: Duration,
    ) -> Result<(), Failure> {
        if let Some(known) = self.known(journal, node).await {
            return known;
        }
        let time = self.journaled_timer(journal, node, time).await?;
        let slept = self.let_pass(node, time).await;
        self.ended(journal, node, &slept).await?;
        slept
    }

    /// Waits for a signal that was sent to the run; where that failed once, it fails again.
    pub(super) async fn journaled_wait<S: Signal>(
        &self,
        journal: &RunJournal,
        node: u32,
        timeout: Option<Duration>,
        matches: impl Fn(&S, Option<&str>) -> bool + Send + Sync,
    ) -> Result<S, Failure> {
        if let Some(known) = self.known::<()>(journal, node).await {
            known?;
        }
        let timeout = match timeout {
            None => None,
            Some(timeout) => Some(self.journaled_timer(journal, node, timeout).await?),
        };
        let path = self.root.path(node, self.at);
        let read = |data: &Value, subject: Option<&str>| {
            let signal = S::deserialize(data).ok()?;
            matches(&signal, subject).then_some(signal)
        };
        let next = journal.wait(&path, S::TYPE, read);
        let waited = self.in_time::<S, _>(timeout, next).await;
        let waited = waited.and_then(identity);
        self.ended(journal, node, &waited).await?;
        waited
    }

    /// Records how a sleep or a wait failed: what it did not wait for, it shall not find later.
    async fn ended<T>(
        &self,
        journal: &RunJournal,
        node: u32,
        answer: &Result<T, Failure>,
    ) -> Result<(), Failure> {
        let outcome = match answer {
            Ok(_) => return Ok(()),
            Err(failure) if is_of_journal(failure) => return Ok(()),
            Err(_) if self.block.stopped().is_some() => Outcome::Stopped,
            Err(failure) => Outcome::Failure(Kept::of(failure)),
        };
        let path = self.root.path(node, self.at);
        journal.record(path, What::Step { outcome }).await
    }

    pub(super) async fn journaled_branch(
        &self,
        journal: &RunJournal,
        node: u32,
        arm: u32,
    ) -> Result<(), Failure> {
        let path = self.root.path(node, self.at);
        match journal.arm(&path) {
            None => journal.record(path, What::Branch { arm }).await,
            Some(taken) if taken == arm => Ok(()),
            Some(taken) => {
                let how = format!("arm {taken} and not {arm}");
                Err(self.failed(node, diverged(&path, &how)))
            }
        }
    }

    pub(super) async fn journaled_items(
        &self,
        journal: &RunJournal,
        node: u32,
        count: u32,
    ) -> Result<(), Failure> {
        let path = self.root.path(node, self.at);
        match journal.items(&path) {
            None => journal.record(path, What::Items { count }).await,
            Some(before) if before == count => Ok(()),
            Some(before) => {
                let how = format!("{before} items and not {count}");
                Err(self.failed(node, diverged(&path, &how)))
            }
        }
    }

    /// How much is left of a time that began when it was recorded.
    async fn journaled_timer(
        &self,
        journal: &RunJournal,
        node: u32,
        time: Duration,
    ) -> Result<Duration, Failure> {
        let (path, now) = (self.root.path(node, self.at), clock::now());
        if let Some(until) = journal.timer(&path) {
            return Ok(Duration::from_millis(until.saturating_sub(now)));
        }
        let until = now.saturating_add(clock::millis(time));
        journal.record(path, What::Timer { until }).await?;
        // Whoever waits may wait for months: let it be known by then.
        journal.sync().await?;
        Ok(time)
    }
}
