//! What is under the lock of a subscription, and what is decided there.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use tokio::sync::oneshot;

use super::Shared;
use crate::bus::Delivery;
use crate::log::{Change, Page, Progress, Recorded, StoreError};
use crate::persistent::figures::Counted;
use crate::persistent::machine::{Give, Machine, Tally};

pub(super) struct Inside {
    pub(super) machine: Machine,
    /// What is to be settled.
    pub(super) signals: HashMap<u64, Recorded>,
    /// How many bytes that is.
    pub(super) bytes: usize,
    /// What somebody has, as the middlewares are to hear of it; nothing, where there are none.
    pub(super) had: HashMap<Give, Delivery>,
    /// What is durably given out, and nobody has taken.
    pub(super) out: VecDeque<Give>,
    /// How much was given out and is not durable yet.
    pub(super) coming: usize,
    /// How many wait for something to be given out.
    pub(super) waiting: usize,
    /// How many have settled something and will be back for more.
    pub(super) back: usize,
    pub(super) reading: bool,
    /// Whom to tell once all that was settled is durable.
    pub(super) answers: Vec<Answer>,
    pub(super) failed: Option<Arc<StoreError>>,
    /// What was counted and where the low-water mark was when that was told last.
    told: (Tally, u64),
}

pub(super) type Answer = oneshot::Sender<Result<(), Arc<StoreError>>>;

/// What is to be done outside of the lock.
#[derive(Default)]
pub(super) struct Todo {
    pub(super) write: Option<Write>,
    pub(super) read: Option<Page>,
    /// Whose deadlines have passed.
    pub(super) expired: Vec<Delivery>,
    /// What is to be told.
    pub(super) counted: Option<Counted>,
}

pub(super) struct Write {
    pub(super) progress: Progress,
    pub(super) given: Vec<Give>,
    pub(super) answers: Vec<Answer>,
}

/// How many signals are looked for at once.
const ROWS: usize = 256;

/// How many bytes of signals are at hand before no more are looked for.
const BYTES: usize = 64 << 20;

impl Inside {
    pub(super) fn new(machine: Machine) -> Self {
        Self {
            told: (machine.tally(), machine.cursor()),
            machine,
            signals: HashMap::new(),
            bytes: 0,
            had: HashMap::new(),
            out: VecDeque::new(),
            coming: 0,
            waiting: 0,
            back: 0,
            reading: false,
            answers: Vec::new(),
            failed: None,
        }
    }

    /// Decides what is to be done now.
    pub(super) fn turn(&mut self, shared: &Shared, now: u64) -> Todo {
        if self.failed.is_none() {
            self.failed = shared.log.writer.failed();
        }
        if let Some(failed) = &self.failed {
            for answer in self.answers.drain(..) {
                // Whoever asked may be gone.
                drop(answer.send(Err(Arc::clone(failed))));
            }
            return Todo::default();
        }
        let expired = self.machine.tick(now);
        let expired = expired.iter().filter_map(|give| self.had.remove(give));
        let expired = expired.collect();
        // Who has just settled something will be back: what is next for them goes with that.
        let at_hand = self.out.len() + self.coming;
        let mut given = self.machine.give(self.waiting.saturating_sub(at_hand), now);
        let wanted = (self.waiting + self.back).saturating_sub(at_hand + given.len());
        given.extend(self.machine.give_ahead(wanted, now));
        self.coming += given.len();
        Todo {
            write: self.write(shared, given),
            read: self.page(shared),
            expired,
            counted: self.counted(),
        }
    }

    /// What was counted and is not told yet.
    pub(super) fn counted(&mut self) -> Option<Counted> {
        let (tally, cursor) = (self.machine.tally(), self.machine.cursor());
        let before = std::mem::replace(&mut self.told, (tally, cursor));
        (before != self.told).then(|| Counted {
            more: tally.since(before.0),
            in_flight: self.machine.in_flight(),
            cursor,
        })
    }

    fn write(&mut self, shared: &Shared, given: Vec<Give>) -> Option<Write> {
        let progress = if self.answers.is_empty() {
            self.machine.progress()
        } else {
            Some(self.machine.all_progress())
        };
        let (cursor, changes) = progress?;
        self.let_go(&changes);
        Some(Write {
            progress: Progress {
                name: Arc::clone(&shared.name),
                cursor,
                changes,
            },
            given,
            answers: std::mem::take(&mut self.answers),
        })
    }

    fn page(&mut self, shared: &Shared) -> Option<Page> {
        let last = shared.log.hub.last();
        let after = self.machine.wants_after()?;
        let has_room = self.signals.is_empty() || self.bytes < BYTES;
        if self.reading || after >= last || !has_room {
            return None;
        }
        self.reading = true;
        Some(Page {
            after,
            up_to: last,
            pattern: Some(shared.subscriber.pattern().clone()),
            most: ROWS,
        })
    }

    /// What is settled need not be at hand any more.
    fn let_go(&mut self, changes: &[Change]) {
        for change in changes {
            let sequence = match change {
                Change::Settled(sequence) => *sequence,
                Change::Dead(letter) => letter.sequence,
                Change::Open(_) => continue,
            };
            if !self.machine.has(sequence)
                && let Some(signal) = self.signals.remove(&sequence)
            {
                self.bytes -= signal.size();
            }
        }
    }
}
