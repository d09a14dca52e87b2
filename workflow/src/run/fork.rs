//! The arms of a parallel block, side by side.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context as Task, Poll};

use enact_action_core::Failure;

use super::Scope;
use super::block::{Block, Stop};
use crate::journal::is_of_journal;
use crate::undo::{Stack, Unfinished, beside, go_back};

/// A parallel block under way: what stops its arms, and how each is undone.
#[expect(
    missing_debug_implementations,
    reason = "only generated code holds one"
)]
pub struct Fork<'a, const N: usize> {
    scope: &'a Scope<'a>,
    block: Block<'a>,
    undo: [Stack; N],
}

impl<'a, const N: usize> Fork<'a, N> {
    /// Of a part of a run.
    pub fn new(scope: &'a Scope<'a>) -> Self {
        Self {
            block: Block::inside(scope.block),
            undo: std::array::from_fn(|_| Stack::default()),
            scope,
        }
    }

    /// The part of the run that is one arm.
    ///
    /// # Panics
    /// Where there is no such arm, which generated code does not ask for.
    pub fn arm(&self, index: usize) -> Scope<'_> {
        Scope {
            root: self.scope.root,
            block: &self.block,
            undo: &self.undo[index],
            at: self.scope.at,
        }
    }

    /// Polls the arms until all have ended. The first failure stops the others; where it is the
    /// journal's own, they are left where they are, as by a crash.
    ///
    /// # Errors
    /// That failure.
    pub async fn join(&self, arms: [&mut (dyn PollArm + Send); N]) -> Result<(), Failure> {
        let (mut arms, mut first) = (arms, None);
        poll_fn(|task| poll_all(&mut arms, Some(&self.block), &mut first, task)).await;
        let first = by_journal(&arms).or(first);
        match first.and_then(|index| failure_of(&mut arms, index)) {
            None => Ok(()),
            Some(failure) => Err(failure),
        }
    }

    /// Polls the arms until all have ended, whatever comes of each but a failure of the journal's own.
    ///
    /// # Errors
    /// That of an arm, where the run is stopped, by the journal too: then it is not the arm that failed.
    pub async fn collect(&self, arms: [&mut (dyn PollArm + Send); N]) -> Result<(), Failure> {
        let (mut arms, mut first) = (arms, None);
        poll_fn(|task| {
            if self.block.stopped().is_none() {
                first = None;
            }
            poll_all(&mut arms, None, &mut first, task)
        })
        .await;
        let stopped = first.filter(|_| self.block.stopped().is_some());
        match by_journal(&arms)
            .or(stopped)
            .and_then(|index| failure_of(&mut arms, index))
        {
            None => Ok(()),
            Some(failure) => Err(failure),
        }
    }
}

impl<const N: usize> Drop for Fork<'_, N> {
    fn drop(&mut self) {
        if self.undo.iter_mut().any(|stack| !stack.is_empty()) {
            let stacks = self.undo.iter_mut().map(std::mem::take);
            self.scope.undo.side(stacks.collect());
        }
    }
}

/// The arm in which the journal has stopped the run, if one has.
fn by_journal(arms: &[&mut (dyn PollArm + Send)]) -> Option<usize> {
    arms.iter().position(|arm| arm.is_of_journal())
}

/// The failure of that arm, with what came of going back in the others.
fn failure_of(arms: &mut [&mut (dyn PollArm + Send)], index: usize) -> Option<Failure> {
    let failure = arms[index].take_failure()?;
    let others = arms.iter_mut().filter_map(|arm| arm.take_failure());
    Some(others.fold(failure, beside))
}

/// Polls each that has not ended; the first that fails stops the block, if there is one to stop.
///
/// Once the journal has stopped the run none is polled again: what they were stopped for would be
/// recorded, and be waited for by the run that goes on.
fn poll_all(
    arms: &mut [&mut (dyn PollArm + Send)],
    block: Option<&Block<'_>>,
    first: &mut Option<usize>,
    task: &mut Task<'_>,
) -> Poll<()> {
    loop {
        let (mut pending, mut again) = (false, false);
        for (index, arm) in arms.iter_mut().enumerate() {
            match arm.poll_arm(task) {
                Polled::Ended => {}
                Polled::Pending => pending = true,
                Polled::Failed if arm.is_of_journal() => return Poll::Ready(()),
                Polled::Failed => {
                    if first.is_none() {
                        *first = Some(index);
                        if let Some(block) = block {
                            block.stop(Stop::Beside);
                            // Those polled before it have not seen the stop yet.
                            again = pending;
                        }
                    }
                }
            }
        }
        if !again {
            return if pending {
                Poll::Pending
            } else {
                Poll::Ready(())
            };
        }
    }
}

/// What came of polling an arm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Polled {
    /// It waits.
    Pending,
    /// It has just failed.
    Failed,
    /// It has ended, now or before.
    Ended,
}

/// An arm whose type does not matter.
pub trait PollArm {
    /// Polls it, unless it has ended.
    fn poll_arm(&mut self, task: &mut Task<'_>) -> Polled;

    /// Takes its failure.
    fn take_failure(&mut self) -> Option<Failure>;

    /// Whether it has failed because of the journal.
    fn is_of_journal(&self) -> bool;
}

/// One arm: its future until it ends, and then its result.
#[expect(missing_debug_implementations, reason = "a future has nothing to show")]
pub struct Arm<'f, F, T> {
    future: Pin<&'f mut F>,
    result: Option<Result<T, Failure>>,
}

impl<'f, T, F: Future<Output = Result<T, Failure>>> Arm<'f, F, T> {
    /// An arm that has not begun.
    pub fn new(future: Pin<&'f mut F>) -> Self {
        Self {
            future,
            result: None,
        }
    }

    /// Its result, once all arms have been collected.
    ///
    /// # Errors
    /// What the arm failed with.
    ///
    /// # Panics
    /// Before that, which generated code does not do.
    pub fn result(self) -> Result<T, Failure> {
        self.result.expect("the arms have been collected")
    }
}

impl<T, F: Future<Output = Result<T, Failure>>> PollArm for Arm<'_, F, T> {
    fn poll_arm(&mut self, task: &mut Task<'_>) -> Polled {
        if self.result.is_some() {
            return Polled::Ended;
        }
        let Poll::Ready(result) = self.future.as_mut().poll(task) else {
            return Polled::Pending;
        };
        let polled = match &result {
            Ok(_) => Polled::Ended,
            Err(_) => Polled::Failed,
        };
        self.result = Some(result);
        polled
    }

    fn take_failure(&mut self) -> Option<Failure> {
        self.result.take()?.err()
    }

    fn is_of_journal(&self) -> bool {
        matches!(&self.result, Some(Err(failure)) if is_of_journal(failure))
    }
}

/// An arm that is collected: where it fails, it goes back by itself, since the workflow goes on;
/// where the whole is stopped, it goes back with the whole. What it could not undo is tried again
/// where the whole goes back later.
///
/// # Errors
/// What the arm fails with, and what came of its undo.
pub async fn collected<T>(
    scope: Scope<'_>,
    arm: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    match arm.await {
        Err(failure)
            if scope.root.goes_back()
                && scope.block.stopped().is_none()
                && !is_of_journal(&failure) =>
        {
            let mut failure = go_back(scope.root, scope.undo.take(), failure).await;
            // Nobody can take it out of a value that is only read, so the run keeps it.
            if let Some(unfinished) = Unfinished::of(&mut failure) {
                scope.undo.keep(unfinished.into_left());
            }
            Err(failure)
        }
        answer => answer,
    }
}
