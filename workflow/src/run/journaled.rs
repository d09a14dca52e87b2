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
use serde_json::value::RawValue;

use super::Scope;
use super::held::{Held, Journaled, Ran};
use super::wait::no_signal;
use crate::clock;
use crate::event::What as Told;
use crate::journal::{
    Came, Deed, Haste, Kept, NEVER, Outcome, RunJournal, Sent, What, diverged, is_of_journal,
    unreadable,
};

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
        let answer = match self.known(journal, node, A::SPEC.effect).await {
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
                if kept && self.may_have_done(&failure) {
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
        effect: Effect,
    ) -> Option<Result<O, Failure>> {
        // Of a new run nothing is, and no path needs to be made up for that.
        if !journal.may_have_begun() {
            return None;
        }
        let path = self.root.path(node, self.at);
        Some(match journal.outcome(&path, effect)? {
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
        let effect = step.spec().effect;
        // All that an effect may depend on is on disk before it happens.
        if effect != Effect::Read {
            journal.sync().await?;
        }
        let _busy = journal.busy();
        let (path, began) = (self.root.path(node, self.at), journal.now());
        let step = self.announced(node, step, policy, !kept);
        let mut answer = journal.doing(Deed::Step, &path, step).await;
        let mut written = None;
        if let Ok(output) = &answer {
            let json = output.written().map_err(Failure::from);
            let fits = json.and_then(|json| journal.fits(&path, &json).map(|()| json));
            match fits {
                Ok(json) => written = Some(json),
                // It has had its effect, which is to be undone.
                Err(failure) => answer = Err(self.failed(node, failure.after(1))),
            }
        }
        let came = match (&answer, written) {
            (Ok(_), Some(json)) => Came::Answered(json),
            (Ok(_), None) => return answer,
            (Err(failure), _) => match self.failing(failure) {
                Some(outcome) => Came::Else(outcome),
                None => return answer,
            },
        };
        let haste = if effect == Effect::Read {
            Haste::None
        } else {
            Haste::Soon
        };
        journal.record_step(path, came, began, haste).await?;
        answer
    }

    /// Whether a step that failed so may have had its effect: in an attempt, or in one that a crash
    /// interrupted and that is not made again, since the run is stopped by now.
    pub(super) fn may_have_done(&self, failure: &Failure) -> bool {
        failure.attempts() > 0 || self.may_have_begun() && !is_of_journal(failure)
    }

    /// How a failure is recorded: not at all, where it is the journal's own or nothing began.
    fn failing(&self, failure: &Failure) -> Option<Outcome<&'static RawValue>> {
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
        let begun = journal.timer(&self.root.path(node, self.at));
        if let Some(known) = self.known(journal, node, Effect::Write).await {
            return known;
        }
        let until = match begun {
            Some(until) => until,
            None => self.begins_sleeping(journal, node, time).await?,
        };
        let slept = {
            let _waiting = journal.waiting(until);
            self.unless_stopped(journal.until(until)).await
        };
        self.ended(journal, node, &slept).await?;
        if slept.is_ok() {
            // Over is over, wherever the clock jumps.
            let path = self.root.path(node, self.at);
            let over = Came::Else(Outcome::Answer(RawValue::NULL));
            journal.record_step(path, over, until, Haste::None).await?;
            self.root.note();
        }
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
        let path = self.root.path(node, self.at);
        let begun = journal.waits(&path);
        if !journal.took_first(&path)
            && let Some(known) = self.known::<()>(journal, node, Effect::Write).await
        {
            known.map_err(|failure| self.failure_at(node, failure))?;
        }
        // As with steps: what it took is taken whatever stops the run by now, so that what came of it is undone.
        let waited = match journal.taken_before(&path) {
            Ok(Some(sent)) => {
                return taken_again(&path, &sent, &matches)
                    .map_err(|failure| self.failed(node, failure));
            }
            Ok(None) => self.awaited(journal, node, (timeout, begun), matches).await,
            Err(failure) => Err(failure),
        };
        let signal = waited.map_err(|failure| self.failed(node, failure))?;
        self.tell(node, || Told::Received {
            signal: S::TYPE.to_owned(),
        });
        Ok(signal)
    }

    async fn awaited<S: Signal>(
        &self,
        journal: &RunJournal,
        node: u32,
        (timeout, begun): (Option<Duration>, Option<u64>),
        matches: impl Fn(&S, Option<&str>) -> bool + Send + Sync,
    ) -> Result<S, Failure> {
        let path = self.root.path(node, self.at);
        let until = match begun {
            Some(until) => until,
            None => {
                self.tell(node, || Told::Waiting {
                    signal: S::TYPE.to_owned(),
                });
                self.begins_waiting(journal, &path, S::TYPE, timeout)
                    .await?
            }
        };
        let read = |sent: &Sent| {
            let signal = sent
                .read::<S>()
                .map_err(|why| self.leaves(S::TYPE, why))
                .ok()?;
            matches(&signal, sent.subject.as_deref()).then_some(signal)
        };
        let over = async {
            match until {
                NEVER => std::future::pending().await,
                until => journal.until(until).await,
            }
        };
        let next = async {
            tokio::select! {
                biased;
                signal = journal.wait(&path, S::TYPE, until, read) => signal,
                () = over => Err(no_signal::<S>(timeout.unwrap_or_default())),
            }
        };
        let waited = self.unless_stopped(next).await.and_then(identity);
        self.ended(journal, node, &waited).await?;
        waited
    }

    /// Says that a signal is left alone which a wait might be thought to take.
    fn leaves(&self, signal: &str, why: &str) {
        let run = self.root.run().unwrap_or_default();
        tracing::warn!(target: "enact::engine", run, signal, why, "a wait leaves a signal alone");
    }

    /// Records that a wait begins; until when it goes on.
    async fn begins_waiting(
        &self,
        journal: &RunJournal,
        path: &str,
        signal: &str,
        timeout: Option<Duration>,
    ) -> Result<u64, Failure> {
        let until = timeout.map(|timeout| journal.now().saturating_add(clock::millis(timeout)));
        let signal = signal.to_owned();
        let waits = What::Waits { signal, until };
        journal.record(path.to_owned(), &waits).await?;
        if until.is_some() {
            // Whoever waits may wait for months: let it be known by then.
            journal.sync().await?;
        }
        Ok(until.unwrap_or(NEVER))
    }

    /// Records how a sleep, a wait or an emit ended, where it failed: so it fails again after a crash, when what was
    /// done before it may be undone already.
    pub(super) async fn ended<T>(
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
        let came = Came::Else(outcome);
        journal
            .record_step(path, came, journal.now(), Haste::None)
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
            None => {
                self.tell(node, || Told::BranchTaken { arm });
                journal.record(path, &What::Branch { arm }).await
            }
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
            None => {
                self.tell(node, || Told::FanOut { items: count });
                journal.record(path, &What::Items { count }).await
            }
            Some(before) if before == count => Ok(()),
            Some(before) => {
                let how = format!("{before} items and not {count}");
                Err(self.failed(node, diverged(&path, &how)))
            }
        }
    }

    /// Records that a sleep begins; until when it goes on.
    async fn begins_sleeping(
        &self,
        journal: &RunJournal,
        node: u32,
        time: Duration,
    ) -> Result<u64, Failure> {
        let path = self.root.path(node, self.at);
        self.tell(node, || Told::Sleeping { time });
        let until = journal.now().saturating_add(clock::millis(time));
        journal.record(path, &What::Timer { until }).await?;
        // Whoever waits may wait for months: let it be known by then.
        journal.sync().await?;
        Ok(until)
    }
}

/// A signal that a wait has taken, whatever its rules are by now.
fn taken_again<S: Signal>(
    path: &str,
    sent: &Sent,
    matches: impl Fn(&S, Option<&str>) -> bool,
) -> Result<S, Failure> {
    let signal = S::deserialize(&sent.data).ok();
    let signal = signal.filter(|signal| matches(signal, sent.subject.as_deref()));
    signal.ok_or_else(|| diverged(path, "the signal it took no longer fits"))
}
