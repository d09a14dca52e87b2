//! Which runs are in memory.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::Engine;
use super::fate::Fates;
use super::live::Live;
use super::run::Held;

/// Which runs are in memory, and who waits for which.
#[derive(Default)]
pub(super) struct State {
    pub(super) live: HashMap<u64, Arc<Live>>,
    ids: HashMap<String, u64>,
    pub(super) fates: Fates,
    /// Runs that can't be read, or go another way than their journal says.
    pub(super) damaged: HashMap<u64, Held>,
}

impl State {
    pub(super) fn enter(&mut self, live: &Arc<Live>) {
        self.ids.insert(live.new.id.clone(), live.new.run);
        self.live.insert(live.new.run, Arc::clone(live));
    }

    pub(super) fn of(&self, id: &str) -> Option<Arc<Live>> {
        self.ids.get(id).and_then(|run| self.live.get(run)).cloned()
    }
}

impl Engine {
    /// A run is no longer in memory.
    pub(super) fn gone(&self, live: &Live) {
        let empty = {
            let mut state = self.state();
            let run = live.new.run;
            // It may have been taken up again by now, and that stay is another.
            let there = state.live.get(&run);
            if there.is_some_and(|there| std::ptr::eq(&raw const **there, live)) {
                state.live.remove(&run);
                if state.ids.get(&live.new.id) == Some(&run) {
                    state.ids.remove(&live.new.id);
                }
            }
            state.live.is_empty()
        };
        if empty {
            self.0.bell.gone.notify_waiters();
        }
        // Others may wait for its room.
        if self.0.bell.queued.swap(false, Ordering::Relaxed) {
            self.0.bell.ring.notify_one();
        }
    }

    /// A run waits in the journal for room in memory.
    pub(super) fn waits_for_room(&self) {
        self.0.bell.queued.store(true, Ordering::Relaxed);
        // Who left before that has rung for nobody.
        if self.state().live.len() < self.0.settings.most_live {
            self.0.bell.ring.notify_one();
        }
    }

    /// Somebody waits for the time at which a run is due.
    pub(super) fn wakes_at(&self, wake: u64) {
        let poll = crate::clock::millis(self.0.settings.poll);
        if wake <= self.0.settings.clock.now().saturating_add(poll) {
            self.0.bell.ring.notify_one();
        }
    }
}
