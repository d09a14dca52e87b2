//! Who is to hear that something was published: the subscriptions that are open.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::LogError;
use crate::persistent::{PersistentFigures, Shared};

/// The subscriptions that are open, by name, and how far the log goes.
#[derive(Debug, Default)]
pub(crate) struct Hub {
    open: Mutex<BTreeMap<Arc<str>, Weak<Shared>>>,
    last: AtomicU64,
}

impl Hub {
    /// The number of the last signal that is durable.
    pub(crate) fn last(&self) -> u64 {
        self.last.load(Ordering::Acquire)
    }

    /// It goes up to there, or on: of two who publish, the later may say so first.
    pub(crate) fn reach(&self, last: u64) {
        self.last.fetch_max(last, Ordering::AcqRel);
    }

    /// All up to there is durable.
    pub(crate) fn published(&self, last: u64) {
        self.reach(last);
        for shared in self.all() {
            shared.published(self.last());
        }
    }

    /// All subscriptions look again at what there is.
    pub(crate) fn wake(&self) {
        for shared in self.all() {
            shared.wake();
        }
    }

    /// The subscriptions that are open, in numbers.
    pub(crate) fn figures(&self) -> BTreeMap<Arc<str>, PersistentFigures> {
        let all = self.all().into_iter();
        all.map(|shared| (Arc::clone(shared.name()), shared.figures()))
            .collect()
    }

    /// The subscription of that name, if it is open.
    pub(crate) fn find(&self, name: &str) -> Option<Arc<Shared>> {
        self.open(|open| open.get(name).and_then(Weak::upgrade))
    }

    /// Somebody takes a name, unless another has it.
    pub(crate) fn enter(&self, name: &Arc<str>) -> Result<(), LogError> {
        self.open(|open| {
            if open.contains_key(name) {
                return Err(LogError::busy(Arc::clone(name)));
            }
            open.insert(Arc::clone(name), Weak::new());
            Ok(())
        })
    }

    /// What a name was taken for.
    pub(crate) fn fill(&self, shared: &Arc<Shared>) {
        let (name, shared) = (Arc::clone(shared.name()), Arc::downgrade(shared));
        self.open(|open| open.insert(name, shared));
    }

    /// A name is free again.
    pub(crate) fn leave(&self, name: &str) {
        self.open(|open| open.remove(name));
    }

    /// Whether somebody has a name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.open(|open| open.contains_key(name))
    }

    /// Let go of outside of the lock: the last one to do so may be this.
    fn all(&self) -> Vec<Arc<Shared>> {
        self.open(|open| open.values().filter_map(Weak::upgrade).collect())
    }

    fn open<T>(&self, look: impl FnOnce(&mut BTreeMap<Arc<str>, Weak<Shared>>) -> T) -> T {
        look(&mut self.open.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
