//! A log in memory, the twin of the one on disk: for tests, and for trying things out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use enact_signal_core::{Pattern, SignalType};

use super::store::{
    BYTES, Change, DeadLetter, Entry, LOOKS, Page, Progress, Reader, Row, Scan, Standing, Store,
    StoreError, SubscriptionRow,
};

/// A log that ends with its process.
///
/// A clone is another way into the same one.
///
/// ```
/// use enact_signal_bus::log::{Log, Memory, Settings};
///
/// let kept = Memory::default();
/// let log = Log::over(kept.clone(), Settings::default())?;
/// // As after a restart:
/// drop(log);
/// let log = Log::over(kept, Settings::default())?;
/// # Ok::<_, enact_signal_bus::log::LogError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Memory(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    rows: BTreeMap<u64, Row>,
    subscriptions: BTreeMap<Arc<str>, Slot>,
    index: BTreeSet<(u64, u64)>,
    indexed: u64,
}

#[derive(Debug)]
struct Slot {
    pattern: Pattern,
    cursor: u64,
    open: BTreeMap<u64, Standing>,
    settled: BTreeSet<u64>,
    dead: BTreeMap<u64, DeadLetter>,
}

impl Slot {
    fn apply(&mut self, progress: &Progress) {
        for change in &progress.changes {
            match change {
                Change::Open(standing) => {
                    self.settled.remove(&standing.sequence);
                    self.open.insert(standing.sequence, *standing);
                }
                Change::Settled(sequence) => self.settle(*sequence),
                Change::Dead(letter) => {
                    self.settle(letter.sequence);
                    self.dead.insert(letter.sequence, letter.clone());
                }
            }
        }
        self.cursor = self.cursor.max(progress.cursor);
        self.settled = self.settled.split_off(&(self.cursor + 1));
    }

    fn settle(&mut self, sequence: u64) {
        self.open.remove(&sequence);
        self.settled.insert(sequence);
    }

    /// Whether a signal has to be kept for it.
    fn wants(&self, sequence: u64) -> bool {
        sequence > self.cursor
            || self.open.contains_key(&sequence)
            || self.dead.contains_key(&sequence)
    }
}

impl Kept {
    fn write(&mut self, entry: &Entry) {
        match entry {
            Entry::Append(row) => {
                self.rows.insert(row.sequence, row.clone());
            }
            Entry::Subscribe {
                name,
                pattern,
                cursor,
            } => {
                let new = || Slot {
                    pattern: pattern.clone(),
                    cursor: *cursor,
                    open: BTreeMap::new(),
                    settled: BTreeSet::new(),
                    dead: BTreeMap::new(),
                };
                let slot = self.subscriptions.entry(Arc::clone(name));
                slot.or_insert_with(new).pattern = pattern.clone();
            }
            Entry::Progress(progress) => {
                if let Some(slot) = self.subscriptions.get_mut(&progress.name) {
                    slot.apply(progress);
                }
            }
            Entry::Redrive { name, sequences } => {
                let Some(slot) = self.subscriptions.get_mut(name) else {
                    return;
                };
                for sequence in sequences {
                    if slot.dead.remove(sequence).is_some() {
                        slot.settled.remove(sequence);
                        let (sequence, attempts, due) = (*sequence, 0, 0);
                        let standing = Standing {
                            sequence,
                            attempts,
                            due,
                        };
                        slot.open.insert(sequence, standing);
                    }
                }
            }
            Entry::Unsubscribe { name } => {
                self.subscriptions.remove(name);
            }
            Entry::Index { pairs, up_to } => {
                self.index.extend(pairs);
                self.indexed = *up_to;
            }
        }
    }
}

impl Memory {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for Memory {
    fn commit(&mut self, batch: &[Entry]) -> Result<(), StoreError> {
        let mut kept = self.kept();
        for entry in batch {
            kept.write(entry);
        }
        Ok(())
    }

    fn prune(&mut self, before: u64, most: usize) -> Result<usize, StoreError> {
        let mut kept = self.kept();
        let last = kept.rows.keys().next_back().copied().unwrap_or_default();
        let all = kept.rows.range(..before.min(last));
        let free = all.filter(|(sequence, _)| {
            let mut subscriptions = kept.subscriptions.values();
            !subscriptions.any(|slot| slot.wants(**sequence))
        });
        let free: Vec<u64> = free.map(|(sequence, _)| *sequence).take(most).collect();
        for sequence in &free {
            if let Some(row) = kept.rows.remove(sequence) {
                for key in row.keys() {
                    kept.index.remove(&(key, *sequence));
                }
            }
        }
        Ok(free.len())
    }

    fn reader(&self) -> Result<Box<dyn Reader>, StoreError> {
        Ok(Box::new(self.clone()))
    }
}

impl Reader for Memory {
    fn read(&mut self, page: &Page) -> Result<Scan, StoreError> {
        let kept = self.kept();
        let mut scan = Scan {
            rows: Vec::new(),
            up_to: page.after,
        };
        let mut bytes = 0;
        let range = kept
            .rows
            .range(page.after + 1..=page.up_to.max(page.after + 1));
        let bounded = range.take_while(|(sequence, _)| **sequence <= page.up_to);
        for (looked, (sequence, row)) in (1..).zip(bounded) {
            scan.up_to = *sequence;
            if page.pattern.as_ref().is_none_or(|it| stands(it, &row.ty)) {
                bytes += row.body.len();
                scan.rows.push(row.clone());
            }
            if looked >= LOOKS || scan.rows.len() >= page.most || bytes >= BYTES {
                return Ok(scan);
            }
        }
        Ok(scan)
    }

    fn last(&mut self) -> Result<(u64, u64), StoreError> {
        let kept = self.kept();
        let last = kept.rows.values().next_back();
        Ok(last.map_or((0, 0), |row| (row.sequence, row.at)))
    }

    fn first_at(&mut self, at: u64) -> Result<u64, StoreError> {
        let kept = self.kept();
        let first = kept.rows.values().find(|row| row.at >= at);
        let next = kept.rows.keys().next_back().map_or(1, |last| last + 1);
        Ok(first.map_or(next, |row| row.sequence))
    }

    fn subscription(&mut self, name: &str) -> Result<Option<SubscriptionRow>, StoreError> {
        let kept = self.kept();
        let found = kept.subscriptions.get_key_value(name);
        Ok(found.map(|(name, slot)| SubscriptionRow {
            name: Arc::clone(name),
            pattern: slot.pattern.clone(),
            cursor: slot.cursor,
            open: slot.open.values().copied().collect(),
            settled: slot.settled.iter().copied().collect(),
            dead: slot.dead.len() as u64,
        }))
    }

    fn names(&mut self) -> Result<Vec<Arc<str>>, StoreError> {
        Ok(self.kept().subscriptions.keys().cloned().collect())
    }

    fn dead(&mut self, name: &str, after: u64, most: usize) -> Result<Vec<DeadLetter>, StoreError> {
        let kept = self.kept();
        let Some(slot) = kept.subscriptions.get(name) else {
            return Ok(Vec::new());
        };
        let letters = slot.dead.range(after.saturating_add(1)..);
        Ok(letters
            .map(|(_, letter)| letter.clone())
            .take(most)
            .collect())
    }

    fn indexed(&mut self) -> Result<u64, StoreError> {
        Ok(self.kept().indexed)
    }

    fn lookup(&mut self, key: u64, after: u64, most: usize) -> Result<Vec<u64>, StoreError> {
        let kept = self.kept();
        let found = kept.index.range((key, after.saturating_add(1))..);
        let found = found.take_while(|(other, _)| *other == key);
        Ok(found.map(|(_, sequence)| *sequence).take(most).collect())
    }
}

/// Whether a pattern stands for a type as a store keeps it; one that is damaged is let through, so
/// that whoever reads it hears of it.
pub(super) fn stands(pattern: &Pattern, ty: &str) -> bool {
    SignalType::new(ty).map_or(true, |ty| pattern.matches(&ty))
}
