//! Up to where all is on disk, and who waits for that.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::wake::{Answer, Waiter, wake};
use crate::journal::store::{Entry, StoreError};

/// A number up to which all must be on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Synced(pub(super) u64);

#[derive(Debug, Default)]
pub(super) struct Acks {
    synced: AtomicU64,
    waiting: Mutex<Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    who: Vec<(u64, Waiter)>,
    /// Why there will be no more.
    failed: Option<Arc<StoreError>>,
}

impl Acks {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether all up to that number is on disk.
    pub(super) fn has(&self, up_to: Synced) -> bool {
        self.synced.load(Ordering::Acquire) >= up_to.0
    }

    pub(super) async fn synced(&self, up_to: Synced) -> Result<(), Arc<StoreError>> {
        let answered = {
            let mut waiting = self.waiting();
            // Looked at again under the lock, which whoever moves it holds.
            if self.has(up_to) {
                return Ok(());
            }
            if let Some(failed) = &waiting.failed {
                return Err(Arc::clone(failed));
            }
            let (waiter, answered) = Waiter::new();
            waiting.who.push((up_to.0, waiter));
            answered
        };
        match answered.await {
            Ok(answer) => answer.map(drop),
            Err(_) => Err(self.failed().unwrap_or_else(super::gone)),
        }
    }

    /// So many more are on disk, which is answered to those who asked and to all who have waited for it; how
    /// many they are.
    pub(super) fn pass(
        &self,
        count: u64,
        mut answers: Vec<(Waiter, Answer)>,
        written: Vec<Entry>,
    ) -> usize {
        let mut waiting = self.waiting();
        let synced = self.synced.load(Ordering::Relaxed) + count;
        self.synced.store(synced, Ordering::Release);
        let passed = waiting.who.extract_if(.., |(up_to, _)| *up_to <= synced);
        answers.extend(passed.map(|(_, waiter)| (waiter, Ok(true))));
        drop(waiting);
        let count = answers.len();
        wake(answers, written);
        count
    }

    /// There will be no more; the first reason stays.
    pub(super) fn fail(&self, error: &Arc<StoreError>) {
        let mut waiting = self.waiting();
        waiting.failed.get_or_insert_with(|| Arc::clone(error));
        let who = std::mem::take(&mut waiting.who);
        drop(waiting);
        let told = who
            .into_iter()
            .map(|(_, waiter)| (waiter, Err(Arc::clone(error))));
        wake(told.collect(), Vec::new());
    }

    pub(super) fn failed(&self) -> Option<Arc<StoreError>> {
        self.waiting().failed.clone()
    }
}
