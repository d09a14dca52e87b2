//! What a recorded run does at its nodes: first it asks the journal, then it records.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use enact_action_core::__private::{Checked, check};
use enact_action_core::action::Output;
use enact_action_core::spec::{Effect, Policy};
use enact_action_core::{Action, Failure};

use super::Scope;
use super::held::{Held, Journaled, Ran};
use crate::clock;
use crate::journal::{Kept, Outcome, RunJournal, What, diverged};

impl Scope<'_> {
    /// A step: what the journal has of it, or what it does now.
    ///
    /// What is recorded is taken whatever stops the run by now, so that a saga knows what there is
    /// to undo.
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
        let path = self.root.path(node, self.at);
        let answer = match journal.outcome(&path) {
            Some(Outcome::Answer(json)) => A::Output::read_back(json)
                .map_err(|error| diverged(&path, "its output can't be read back").because(error)),
            Some(Outcome::Failure(failure)) => Err(failure.failure()),
            Some(Outcome::Stopped) => Err(self.stopped_again().await),
            None => {
                let step = Checked(&action);
                self.recorded(journal, node, &step, policy, kept).await
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

    /// Runs a step and records what came of it.
    async fn recorded<A>(
        &self,
        journal: &RunJournal,
        node: u32,
        step: &Checked<'_, A>,
        policy: &Policy,
        kept: bool,
    ) -> Result<A::Output, Failure>
    where
        A: Action<Output: Journaled>,
    {
        self.may_go_on()?;
        check(|| step.0.validate()).map_err(|failure| self.refused(node, failure))?;
        // All that an effect may depend on is on disk before it happens.
        if A::SPEC.effect != Effect::Read {
            journal.sync().await?;
        }
        let answer = self.announced(node, step, policy, !kept).await;
        let outcome = match &answer {
            Ok(output) => Outcome::Answer(serde_json::to_value(output.plain())?),
            Err(failure) if is_journals(failure) => return answer,
            Err(_) if self.block.stopped().is_some() => Outcome::Stopped,
            Err(failure) => Outcome::Failure(Kept::of(failure)),
        };
        let path = self.root.path(node, self.at);
        journal.record(path, What::Step { outcome }).await?;
        answer
    }

    /// The failure of a step that was stopped, once it is stopped again.
    async fn stopped_again(&self) -> Failure {
        poll_fn(|_| match self.block.stopped() {
            Some(stop) => Poll::Ready(stop.failure().after(1)),
            None => Poll::Pending,
        })
        .await
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
    pub(super) async fn journaled_timer(
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

fn is_journals(failure: &Failure) -> bool {
    failure.code().starts_with("journal.")
}
