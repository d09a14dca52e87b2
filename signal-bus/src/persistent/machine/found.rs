//! What comes into the machine: signals that are found, by reading on or beside that.

use super::lanes::Key;
use super::{AHEAD, Machine, Slot, State};
use crate::log::Standing;

impl Machine {
    /// A signal of the subscription was found; whether it is to be kept at hand.
    pub(in crate::persistent) fn found(
        &mut self,
        sequence: u64,
        key: Option<&str>,
        now: u64,
    ) -> bool {
        self.resumed(
            Standing {
                sequence,
                attempts: 0,
                due: now,
            },
            key,
            now,
        )
    }

    /// A delivery was found that a process before has left open.
    pub(in crate::persistent) fn resumed(
        &mut self,
        standing: Standing,
        key: Option<&str>,
        now: u64,
    ) -> bool {
        let Standing {
            sequence,
            attempts,
            due,
        } = standing;
        if self.slots.contains_key(&sequence) || self.settled.contains(&sequence) {
            return false;
        }
        let key = key.map(Key::from);
        let slot = Slot {
            key: key.clone(),
            attempts,
            state: State::Waits { due },
        };
        self.slots.insert(sequence, slot);
        if sequence > self.cursor {
            self.open.insert(sequence);
        }
        if let Some(behind) = self.lanes.enter(key.as_ref(), sequence) {
            // An older one has come back: what was first before it waits behind it.
            self.ready.remove(&behind);
        }
        self.settle_in(sequence, now);
        if attempts >= self.policy.attempts {
            self.give_up(sequence, "the process ended in the last attempt", now);
            return false;
        }
        true
    }

    /// A signal was found that can't be read.
    pub(in crate::persistent) fn unreadable(&mut self, sequence: u64, reason: &str, now: u64) {
        if self.found(sequence, None, now) {
            self.give_up(sequence, reason, now);
        }
    }

    /// All signals up to there were looked at.
    pub(in crate::persistent) fn scanned(&mut self, up_to: u64) {
        self.scanned = self.scanned.max(up_to);
        self.advance();
    }

    /// From where to look on, where there is room for more.
    pub(in crate::persistent) fn wants_after(&self) -> Option<u64> {
        let most = self.policy.in_flight.saturating_mul(4).max(1024);
        let has_room = self.slots.len() < most && self.settled.len() < AHEAD;
        has_room.then_some(self.scanned)
    }
}
