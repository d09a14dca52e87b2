//! What is given out when, as pure state: events and the time go in, decisions come out.
//!
//! A signal that was found is a *slot* until it is settled. Slots of one key are a *lane*, and only its first
//! slot may be given out. A slot waits until it is due, is given, and is settled by an acknowledgement or by
//! running out of attempts. What changes is told by [`Machine::progress`], and is to be durable before
//! what [`Machine::give`] decided is given out.

mod found;
mod lanes;
mod tally;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use self::lanes::{Key, Lanes};
pub(super) use self::tally::Tally;
use super::policy::{Again, Policy};
use crate::log::{Change, DeadLetter, Standing, SubscriptionRow};

/// How many signals are settled above the low-water mark before no more are looked for.
const AHEAD: usize = 1 << 16;

/// How far the cursor may go before that is written for itself alone.
const STEP: u64 = 1024;

/// The deliveries of one subscription.
#[derive(Debug)]
pub(super) struct Machine {
    policy: Policy,
    /// Up to there all signals were looked at.
    scanned: u64,
    /// The low-water mark.
    cursor: u64,
    /// The low-water mark that was told last.
    told: u64,
    slots: BTreeMap<u64, Slot>,
    /// The slots above the low-water mark.
    open: BTreeSet<u64>,
    /// What is settled above the low-water mark.
    settled: BTreeSet<u64>,
    lanes: Lanes,
    /// What can be given out now.
    ready: BTreeSet<u64>,
    /// When something happens to a slot.
    timers: BTreeSet<(u64, u64)>,
    given: usize,
    changes: Vec<Change>,
    tally: Tally,
}

#[derive(Debug)]
struct Slot {
    key: Option<Key>,
    attempts: u32,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Until it is due.
    Waits { due: u64 },
    /// Nobody has it yet.
    Given,
    /// Somebody has it.
    Taken { deadline: u64 },
}

/// What is to be given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Give {
    pub(super) sequence: u64,
    /// Which attempt it is; the first is 1.
    pub(super) attempt: u32,
}

impl Machine {
    /// The machine of a subscription as the store has it; what is open is to be found by the caller.
    pub(super) fn new(policy: Policy, row: &SubscriptionRow) -> Self {
        Self {
            policy,
            scanned: row.cursor,
            cursor: row.cursor,
            told: row.cursor,
            slots: BTreeMap::new(),
            open: BTreeSet::new(),
            settled: row.settled.iter().copied().collect(),
            lanes: Lanes::default(),
            ready: BTreeSet::new(),
            timers: BTreeSet::new(),
            given: 0,
            changes: Vec::new(),
            tally: Tally::default(),
        }
    }

    /// Decides what to give out, so many at most; what is decided is open for one attempt more.
    pub(super) fn give(&mut self, most: usize, now: u64) -> Vec<Give> {
        self.give_up_to(self.policy.attempts, most, now)
    }

    /// The same for those who will be here: none in its last attempt, since that would be over where the process ends before
    /// somebody had it.
    pub(super) fn give_ahead(&mut self, most: usize, now: u64) -> Vec<Give> {
        self.give_up_to(self.policy.attempts - 1, most, now)
    }

    fn give_up_to(&mut self, attempts: u32, most: usize, now: u64) -> Vec<Give> {
        let free = self.policy.in_flight.saturating_sub(self.given);
        let mut given = Vec::new();
        while given.len() < most.min(free)
            && let Some(sequence) = self.ready.first().copied()
            && let Some(slot) = self.slots.get_mut(&sequence)
            && slot.attempts < attempts
        {
            self.ready.remove(&sequence);
            slot.attempts += 1;
            slot.state = State::Given;
            let attempt = slot.attempts;
            self.changes.push(Change::Open(Standing {
                sequence,
                attempts: attempt,
                due: now,
            }));
            given.push(Give { sequence, attempt });
        }
        self.given += given.len();
        given
    }

    /// Somebody has taken what was given out.
    pub(super) fn taken(&mut self, give: Give, now: u64) {
        if self.state(give) == Some(State::Given) {
            let deadline = now.saturating_add(self.policy.ack_deadline);
            self.set(give.sequence, State::Taken { deadline });
            self.timers.insert((deadline, give.sequence));
        }
    }

    /// What somebody has taken went through to them.
    pub(super) const fn handed_out(&mut self) {
        self.tally.given += 1;
    }

    /// Nobody takes any more what was given out and not taken: those were no attempts.
    pub(super) fn returned(&mut self, now: u64) {
        let given = self.slots.iter();
        let given = given.filter(|(_, slot)| slot.state == State::Given);
        let given: Vec<u64> = given.map(|(sequence, _)| *sequence).collect();
        for sequence in given {
            if let Some(slot) = self.slots.get_mut(&sequence) {
                slot.attempts -= 1;
                self.wait(sequence, now, now);
            }
        }
    }

    /// Somebody is done with a signal, in whichever attempt; whether that settles it.
    pub(super) fn ack(&mut self, sequence: u64, now: u64) -> bool {
        if !self.slots.contains_key(&sequence) {
            return false;
        }
        self.tally.acknowledged += 1;
        self.changes.push(Change::Settled(sequence));
        self.settle(sequence, now);
        true
    }

    /// An attempt has failed; whether it was the one that counts.
    pub(super) fn nack(&mut self, give: Give, again: Again, reason: &str, now: u64) -> bool {
        let counts = matches!(self.state(give), Some(State::Given | State::Taken { .. }));
        if counts {
            self.tally.failed += 1;
            self.fail(give, again, reason, now);
        }
        counts
    }

    /// A dead letter is to be given out again.
    pub(super) fn redriven(&mut self, sequence: u64, key: Option<&str>, now: u64) -> bool {
        self.settled.remove(&sequence);
        self.found(sequence, key, now)
    }

    /// A signal is not for anybody: it is settled as if it were acknowledged.
    pub(super) fn skip(&mut self, sequence: u64, now: u64) {
        if self.slots.contains_key(&sequence) {
            self.tally.skipped += 1;
            self.changes.push(Change::Settled(sequence));
            self.settle(sequence, now);
        }
    }

    /// A signal must not reach anybody: it is a dead letter.
    pub(super) fn refuse(&mut self, sequence: u64, reason: &str, now: u64) {
        if self.slots.contains_key(&sequence) {
            self.give_up(sequence, reason, now);
        }
    }

    /// Does what is due by now; whose deadlines have passed.
    pub(super) fn tick(&mut self, now: u64) -> Vec<Give> {
        let mut expired = Vec::new();
        while let Some((at, sequence)) = self.timers.first().copied()
            && at <= now
        {
            self.timers.pop_first();
            let Some(slot) = self.slots.get(&sequence) else {
                continue;
            };
            match slot.state {
                State::Waits { .. } => self.settle_in(sequence, now),
                State::Given => {}
                State::Taken { .. } => {
                    let attempt = slot.attempts;
                    let give = Give { sequence, attempt };
                    self.tally.expired += 1;
                    self.fail(give, Again::Backoff, "it was not acknowledged in time", now);
                    expired.push(give);
                }
            }
        }
        expired
    }

    /// When something is due next.
    pub(super) fn wake(&self) -> Option<u64> {
        self.timers.first().map(|(at, _)| *at)
    }

    /// The low-water mark and what has changed, where that is to be written.
    pub(super) fn progress(&mut self) -> Option<(u64, Vec<Change>)> {
        if self.changes.is_empty() && self.cursor - self.told < STEP {
            return None;
        }
        Some(self.all_progress())
    }

    /// The same, however little it is.
    pub(super) fn all_progress(&mut self) -> (u64, Vec<Change>) {
        self.told = self.cursor;
        (self.cursor, std::mem::take(&mut self.changes))
    }

    /// Whether a signal is still to be settled.
    pub(super) fn has(&self, sequence: u64) -> bool {
        self.slots.contains_key(&sequence)
    }

    /// The low-water mark: all signals up to there are settled, but those that were redriven.
    pub(super) const fn cursor(&self) -> u64 {
        self.cursor
    }

    /// How long somebody may have a signal.
    pub(super) const fn ack_deadline(&self) -> u64 {
        self.policy.ack_deadline
    }

    /// How many are with somebody.
    pub(super) const fn in_flight(&self) -> usize {
        self.given
    }

    /// What was counted since the subscription was opened.
    pub(super) const fn tally(&self) -> Tally {
        self.tally
    }

    /// The state of a slot, if that is its attempt.
    fn state(&self, give: Give) -> Option<State> {
        let slot = self.slots.get(&give.sequence)?;
        (slot.attempts == give.attempt).then_some(slot.state)
    }

    fn set(&mut self, sequence: u64, state: State) {
        if let Some(slot) = self.slots.get_mut(&sequence) {
            slot.state = state;
        }
    }

    fn fail(&mut self, give: Give, again: Again, reason: &str, now: u64) {
        let delay = match again {
            Again::Backoff => self.policy.wait(give.attempt),
            Again::After(delay) => delay,
            Again::Never => return self.give_up(give.sequence, reason, now),
        };
        if give.attempt >= self.policy.attempts {
            return self.give_up(give.sequence, reason, now);
        }
        self.wait(give.sequence, now.saturating_add(delay), now);
    }

    /// What somebody had waits for another attempt.
    fn wait(&mut self, sequence: u64, due: u64, now: u64) {
        self.given -= 1;
        let Some(slot) = self.slots.get_mut(&sequence) else {
            return;
        };
        if let State::Taken { deadline } = slot.state {
            self.timers.remove(&(deadline, sequence));
        }
        slot.state = State::Waits { due };
        self.changes.push(Change::Open(Standing {
            sequence,
            attempts: slot.attempts,
            due,
        }));
        self.settle_in(sequence, now);
    }

    /// A slot that waits is ready, has a timer, or stands behind another in its lane.
    fn settle_in(&mut self, sequence: u64, now: u64) {
        let Some(slot) = self.slots.get(&sequence) else {
            return;
        };
        let State::Waits { due } = slot.state else {
            return;
        };
        if !self.lanes.is_first(slot.key.as_ref(), sequence) {
            return;
        }
        if due <= now {
            self.ready.insert(sequence);
        } else {
            self.timers.insert((due, sequence));
        }
    }

    fn give_up(&mut self, sequence: u64, reason: &str, now: u64) {
        self.tally.dead += 1;
        let attempts = self.slots.get(&sequence).map_or(0, |slot| slot.attempts);
        self.changes.push(Change::Dead(DeadLetter {
            sequence,
            attempts,
            reason: reason.to_owned(),
            at: now,
        }));
        self.settle(sequence, now);
    }

    /// Nothing more is to be done about a signal; the next in its lane may go.
    fn settle(&mut self, sequence: u64, now: u64) {
        let Some(slot) = self.slots.remove(&sequence) else {
            return;
        };
        self.ready.remove(&sequence);
        match slot.state {
            State::Waits { due } => {
                self.timers.remove(&(due, sequence));
            }
            State::Given => self.given -= 1,
            State::Taken { deadline } => {
                self.given -= 1;
                self.timers.remove(&(deadline, sequence));
            }
        }
        if let Some(next) = self.lanes.leave(slot.key.as_ref(), sequence) {
            self.settle_in(next, now);
        }
        if self.open.remove(&sequence) {
            self.settled.insert(sequence);
        }
        self.advance();
    }

    /// Moves the low-water mark up to what is open.
    fn advance(&mut self) {
        let open = self.open.first().map_or(u64::MAX, |first| first - 1);
        let cursor = self.scanned.min(open);
        if cursor > self.cursor {
            self.cursor = cursor;
            self.settled = self.settled.split_off(&(cursor + 1));
        }
    }
}
