//! One arm for each of many items, so many at once, results in the order of the items.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use enact_action_core::Failure;

use super::Scope;
use super::block::{Block, Stop};
use crate::event::What;
use crate::journal::is_of_journal;
use crate::undo::{Stack, beside};

/// The most items of one fan-out.
pub const MOST_ITEMS: usize = 100_000;

/// Of each item that has ended.
type Results<T> = Vec<Option<Result<T, Failure>>>;
type Boxed<'f, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'f>>;

impl<'a> Scope<'a> {
    /// Takes the items of a fan-out; one more than may be, where there are too many.
    pub fn items<I: IntoIterator>(&self, items: I) -> Vec<I::Item> {
        items.into_iter().take(MOST_ITEMS + 1).collect()
    }

    /// Begins a fan-out over so many items.
    ///
    /// # Errors
    /// `fan_out.too_many`, where there are more than [`MOST_ITEMS`]; `journal.diverged`, where the
    /// journal has another number.
    pub async fn counted<T: Send>(&self, node: u32, items: Vec<T>) -> Result<Vec<T>, Failure> {
        if items.len() > MOST_ITEMS {
            let message = format!(
                "a fan-out takes at most {MOST_ITEMS} items, and these are more; split them over \
                 several runs"
            );
            let failure = Failure::terminal("fan_out.too_many", message);
            return Err(self.failed(node, failure));
        }
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        match self.root.journal() {
            None => self.tell(node, || What::FanOut { items: count }),
            Some(journal) => Box::pin(self.journaled_items(journal, node, count)).await?,
        }
        Ok(items)
    }

    /// Runs an arm for each item; the first failure stops the others. Where it is the journal's own,
    /// they are left where they are, as by a crash.
    ///
    /// # Errors
    /// The first failure.
    pub async fn fan_out<'f, I, T>(
        &self,
        max: usize,
        stacks: &'f Stacks<'a>,
        items: Vec<I>,
        arm: impl Fn(Scope<'f>, I) -> Boxed<'f, T> + Send,
    ) -> Result<Vec<T>, Failure>
    where
        I: Send,
        T: Send,
    {
        let stops = Some(&stacks.block);
        let (results, first) = stacks.run(max, items, arm, stops).await;
        match first {
            Some(first) => Err(failure_of(results, first)),
            None => self.all_ended(results)?.into_iter().collect(),
        }
    }

    /// Runs an arm for each item to its end, and gives each one's result, unless the journal fails.
    ///
    /// # Errors
    /// That of an item, where the run is stopped, by the journal too: then it is not the item that
    /// failed.
    pub async fn collect<'f, I, T>(
        &self,
        max: usize,
        stacks: &'f Stacks<'a>,
        items: Vec<I>,
        arm: impl Fn(Scope<'f>, I) -> Boxed<'f, T> + Send,
    ) -> Result<Vec<Result<T, Failure>>, Failure>
    where
        I: Send,
        T: Send,
    {
        let (results, first) = stacks.run(max, items, arm, None).await;
        let stops =
            |first: &usize| self.block.stopped().is_some() || is_held(results[*first].as_ref());
        match first.filter(stops) {
            Some(first) => Err(failure_of(results, first)),
            None => self.all_ended(results),
        }
    }

    /// The results of all items; those that never began did not because the run is stopped.
    fn all_ended<T>(&self, results: Vec<Option<T>>) -> Result<Vec<T>, Failure> {
        let all: Option<Vec<T>> = results.into_iter().collect();
        all.ok_or_else(|| self.block.stopped().unwrap_or(Stop::Beside).failure())
    }
}

/// Whether the journal has stopped the run in that item.
fn is_held<T>(result: Option<&Result<T, Failure>>) -> bool {
    matches!(result, Some(Err(failure)) if is_of_journal(failure))
}

/// The failure of that item, with what came of going back in the others.
fn failure_of<T>(mut results: Results<T>, first: usize) -> Failure {
    let failure = results[first].take().and_then(Result::err);
    let others = results.into_iter().flatten().filter_map(Result::err);
    others.fold(failure.unwrap_or_else(Failure::cancelled), beside)
}

/// The undo of each item of a fan-out.
#[expect(
    missing_debug_implementations,
    reason = "only generated code holds one"
)]
pub struct Stacks<'a> {
    scope: &'a Scope<'a>,
    block: Block<'a>,
    undo: Vec<Stack>,
    /// Whether each arm has an index in its path.
    indexed: bool,
}

impl<'a> Stacks<'a> {
    /// For so many items.
    pub fn new(scope: &'a Scope<'a>, items: usize) -> Self {
        Self {
            block: Block::inside(scope.block),
            undo: std::iter::repeat_with(Stack::default).take(items).collect(),
            scope,
            indexed: true,
        }
    }

    /// For so many arms, which are no items.
    pub(crate) fn of_arms(scope: &'a Scope<'a>, arms: usize) -> Self {
        let mut stacks = Self::new(scope, arms);
        stacks.indexed = false;
        stacks
    }

    fn arm(&self, index: usize) -> Scope<'_> {
        let at = if self.indexed {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            self.scope.at.inside(index)
        } else {
            self.scope.at
        };
        Scope {
            root: self.scope.root,
            block: &self.block,
            undo: &self.undo[index],
            at,
        }
    }

    /// Runs the items to their ends, and says which failed first; since the stop, where there was
    /// one; the one in which the journal has stopped the run, where it has, and then no other is
    /// polled again. The first failure stops the others, if there is a block to stop.
    async fn run<'f, I, T>(
        &'f self,
        max: usize,
        items: Vec<I>,
        arm: impl Fn(Scope<'f>, I) -> Boxed<'f, T> + Send,
        stops: Option<&Block<'_>>,
    ) -> (Results<T>, Option<usize>) {
        let mut results: Results<T> = items.iter().map(|_| None).collect();
        let mut waiting: VecDeque<(usize, I)> = items.into_iter().enumerate().collect();
        let mut running: Vec<(usize, Boxed<'f, T>)> = Vec::new();
        let (mut first, mut held) = (None, None);
        poll_fn(|task| {
            loop {
                if self.block.stopped().is_none() {
                    first = None;
                } else if !self.scope.may_have_begun() {
                    // Those that began before a crash are gone through, so that they are undone.
                    waiting.clear();
                }
                while running.len() < max
                    && let Some((index, item)) = waiting.pop_front()
                {
                    running.push((index, arm(self.arm(index), item)));
                }
                let before = running.len();
                running.retain_mut(|(index, arm)| {
                    if held.is_some() {
                        return true;
                    }
                    let Poll::Ready(result) = arm.as_mut().poll(task) else {
                        return true;
                    };
                    if result.is_err() {
                        first = first.or(Some(*index));
                        stops.inspect(|block| block.stop(Stop::Beside));
                    }
                    results[*index] = Some(result);
                    held = Some(*index).filter(|index| is_held(results[*index].as_ref()));
                    false
                });
                if held.is_some() {
                    return Poll::Ready(());
                }
                // One that has ended makes room, or has stopped those polled before it.
                if running.len() == before {
                    break;
                }
            }
            if running.is_empty() {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
        (results, held.or(first))
    }
}

impl Drop for Stacks<'_> {
    fn drop(&mut self) {
        self.scope.undo.side(std::mem::take(&mut self.undo));
    }
}
