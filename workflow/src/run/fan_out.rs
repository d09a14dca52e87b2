//! One arm for each of many items, so many at once, results in the order of the items.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context as Task, Poll};

use enact_action_core::Failure;

use super::Scope;
use super::block::{Block, Stop};
use crate::event::What;
use crate::undo::Stack;

/// The most items of one fan-out.
pub const MOST_ITEMS: usize = 100_000;

type Boxed<'f, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'f>>;

impl<'a> Scope<'a> {
    /// Takes the items of a fan-out.
    ///
    /// # Errors
    /// `fan_out.too_many`, where there are more than [`MOST_ITEMS`].
    pub fn items<I: IntoIterator>(&self, node: u32, items: I) -> Result<Vec<I::Item>, Failure> {
        let items: Vec<I::Item> = items.into_iter().take(MOST_ITEMS + 1).collect();
        if items.len() > MOST_ITEMS {
            let message = format!(
                "a fan-out takes at most {MOST_ITEMS} items, and these are more; split them over \
                 several runs"
            );
            let failure = Failure::terminal("fan_out.too_many", message);
            return Err(self.failed(node, failure));
        }
        self.tell(node, || What::FanOut {
            items: u32::try_from(items.len()).unwrap_or(u32::MAX),
        });
        Ok(items)
    }

    /// Runs an arm for each item; the first failure stops the others.
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
        let results = stacks.run(self, max, items, arm, &stacks.block).await;
        let mut outputs = Vec::with_capacity(results.len());
        let mut failed = None;
        for result in results {
            match result {
                Ok(output) => outputs.push(output),
                Err(failure) => failed = Some(earlier(failed, failure)),
            }
        }
        match failed {
            None => Ok(outputs),
            Some(failure) => Err(failure),
        }
    }

    /// Runs an arm for each item to its end, and gives each one's result.
    pub async fn collect<'f, I, T>(
        &self,
        max: usize,
        stacks: &'f Stacks<'a>,
        items: Vec<I>,
        arm: impl Fn(Scope<'f>, I) -> Boxed<'f, T> + Send,
    ) -> Vec<Result<T, Failure>>
    where
        I: Send,
        T: Send,
    {
        stacks.run(self, max, items, arm, &Block::default()).await
    }
}

/// The failure that stopped the others, not one of theirs.
fn earlier(first: Option<Failure>, other: Failure) -> Failure {
    match first {
        Some(first) if first.kind() != enact_action_core::Kind::Cancelled => first,
        _ => other,
    }
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
        let at = match self.indexed {
            true => (self.scope.at).inside(u32::try_from(index).unwrap_or(u32::MAX)),
            false => self.scope.at,
        };
        Scope {
            root: self.scope.root,
            block: &self.block,
            undo: &self.undo[index],
            at,
        }
    }

    async fn run<'f, I, T>(
        &'f self,
        scope: &Scope<'_>,
        max: usize,
        items: Vec<I>,
        arm: impl Fn(Scope<'f>, I) -> Boxed<'f, T> + Send,
        stops: &Block<'_>,
    ) -> Vec<Result<T, Failure>> {
        let mut results: Vec<Option<Result<T, Failure>>> = items.iter().map(|_| None).collect();
        let mut waiting: VecDeque<(usize, I)> = items.into_iter().enumerate().collect();
        let mut running: Vec<(usize, Boxed<'f, T>)> = Vec::new();
        poll_fn(|task| {
            loop {
                let stopped = stops.stopped().is_some() || scope.block.stopped().is_some();
                if stopped {
                    waiting.clear();
                }
                while running.len() < max
                    && let Some((index, item)) = waiting.pop_front()
                {
                    running.push((index, arm(self.arm(index), item)));
                }
                if !poll_running(&mut running, &mut results, stops, task) {
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
        let left = || Err(Stop::Beside.failure());
        results
            .into_iter()
            .map(|result| result.unwrap_or_else(left))
            .collect()
    }
}

/// Polls each once, and says whether that changed what else there is to do.
fn poll_running<T>(
    running: &mut Vec<(usize, Boxed<'_, T>)>,
    results: &mut [Option<Result<T, Failure>>],
    stops: &Block<'_>,
    task: &mut Task<'_>,
) -> bool {
    let before = running.len();
    running.retain_mut(|(index, arm)| match arm.as_mut().poll(task) {
        Poll::Pending => true,
        Poll::Ready(result) => {
            if result.is_err() {
                stops.stop(Stop::Beside);
            }
            results[*index] = Some(result);
            false
        }
    });
    running.len() < before && (before > 0)
}

impl Drop for Stacks<'_> {
    fn drop(&mut self) {
        self.scope.undo.side(std::mem::take(&mut self.undo));
    }
}
