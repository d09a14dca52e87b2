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
    /// How much room is set aside for runs on their way here from the journal.
    coming: usize,
    pub(super) fates: Fates,
    /// Runs that can't be read, or go another way than their journal says.
    pub(super) damaged: HashMap<u64, Held>,
}

impl State {
    pub(super) fn enter(&mut self, live: &Arc<Live>) {
        self.ids.insert(live.new.id.clone(), live.new.run);
        self.live.insert(live.new.run, Arc::clone(live));
    }

    /// How many more may come, where so many may be here.
    pub(super) fn room(&self, most: usize) -> usize {
        most.saturating_sub(self.live.len() + self.coming)
    }

    /// Sets room aside, until the next time; how much there is, so much at most.
    pub(super) fn set_aside(&mut self, most_live: usize, most: usize) -> usize {
        self.coming = 0;
        self.coming = self.room(most_live).min(most);
        self.coming
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
        if self.state().room(self.0.settings.most_live) > 0 {
            self.0.bell.ring.notify_one();
        }
    }

    /// Those that room was set aside for are here.
    pub(super) fn have_come(&self) {
        let room = {
            let mut state = self.state();
            state.coming = 0;
            state.room(self.0.settings.most_live)
        };
        // Who found none meanwhile waits in the journal.
        if room > 0 && self.0.bell.queued.swap(false, Ordering::Relaxed) {
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
