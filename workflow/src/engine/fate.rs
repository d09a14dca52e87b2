//! What becomes of a run, for whoever waits for its answer.

use std::sync::{Arc, Weak};

use serde_json::Value;
use tokio::sync::SetOnce;

use crate::journal::Kept;

/// What becomes of a run. It outlives the run's stays in memory.
#[derive(Debug, Default)]
pub(super) struct Fate(SetOnce<Result<Value, Kept>>);

impl Fate {
    /// Says what has become of it; what was said first stays.
    pub(super) fn seal(&self, answer: Result<Value, Kept>) {
        drop(self.0.set(answer));
    }

    pub(super) async fn answer(&self) -> Result<Value, Kept> {
        self.0.wait().await.clone()
    }

    pub(super) fn known(&self) -> Option<bool> {
        self.0.get().map(Result::is_ok)
    }
}

/// The fates that somebody waits for, by the runs' ids.
#[derive(Debug, Default)]
pub(super) struct Fates {
    by_id: std::collections::HashMap<String, Weak<Fate>>,
    /// How many there may be before those that nobody waits for are let go.
    room: usize,
    /// What all are told from the time on at which this engine will never know.
    given_up: Option<Result<Value, Kept>>,
}

impl Fates {
    pub(super) fn of(&mut self, id: &str) -> Arc<Fate> {
        if let Some(fate) = self.by_id.get(id).and_then(Weak::upgrade) {
            return fate;
        }
        if self.by_id.len() >= self.room {
            self.by_id.retain(|_, fate| fate.strong_count() > 0);
            self.room = (self.by_id.len() * 2).max(64);
        }
        let fate = Arc::new(Fate::default());
        if let Some(answer) = &self.given_up {
            fate.seal(answer.clone());
        }
        self.by_id.insert(id.to_owned(), Arc::downgrade(&fate));
        fate
    }

    /// Tells whoever waits, and whoever comes to wait, that this engine will never know.
    pub(super) fn seal_all(&mut self, answer: &Result<Value, Kept>) {
        self.given_up.get_or_insert_with(|| answer.clone());
        let fates = self.by_id.values().filter_map(Weak::upgrade);
        for fate in fates.filter(|fate| fate.known().is_none()) {
            fate.seal(answer.clone());
        }
    }

    pub(super) fn forget(&mut self, id: &str) {
        self.by_id.remove(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::closed;

    #[test]
    fn who_comes_to_wait_after_all_were_told_is_told_too() {
        let mut fates = Fates::default();
        let before = fates.of("a");
        fates.seal_all(&Err(Kept::of(&closed())));
        assert_eq!(before.known(), Some(false));
        assert_eq!(fates.of("b").known(), Some(false));
    }
}
