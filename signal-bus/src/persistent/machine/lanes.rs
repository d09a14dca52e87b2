//! Signals of one key, one behind the other.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// What the signals of a lane share.
pub(super) type Key = Arc<str>;

/// The lanes in which there is something.
#[derive(Debug, Default)]
pub(super) struct Lanes(HashMap<Key, BTreeSet<u64>>);

impl Lanes {
    /// A signal comes into its lane; which one is no longer first for that.
    pub(super) fn enter(&mut self, key: Option<&Key>, sequence: u64) -> Option<u64> {
        let lane = self.0.entry(Arc::clone(key?)).or_default();
        let first = lane.first().copied();
        lane.insert(sequence);
        first.filter(|first| *first > sequence)
    }

    /// A signal leaves its lane; which one is first now, where it was.
    pub(super) fn leave(&mut self, key: Option<&Key>, sequence: u64) -> Option<u64> {
        let key = key?;
        let lane = self.0.get_mut(key)?;
        let was_first = lane.first() == Some(&sequence);
        lane.remove(&sequence);
        let next = lane.first().copied();
        if next.is_none() {
            self.0.remove(key);
        }
        next.filter(|_| was_first)
    }

    /// Whether none stands before a signal.
    pub(super) fn is_first(&self, key: Option<&Key>, sequence: u64) -> bool {
        let lane = key.and_then(|key| self.0.get(key));
        lane.is_none_or(|lane| lane.first() == Some(&sequence))
    }
}
