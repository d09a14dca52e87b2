//! A journal in memory, the twin of the one on disk: for tests, and for trying things out.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::body::Body;
#[cfg(feature = "testing")]
use super::record::What;
use super::record::{Record, Status};
use super::store::{
    Claim, Claimed, Counts, Entry, GraphRow, List, Mail, NEVER, NOW, NewRun, Reader, RunRow, Store,
    StoreError,
};
use super::work::{Database, Work};

/// A journal that ends with its process.
#[derive(Debug, Default)]
pub struct Memory {
    kept: Arc<Mutex<Kept>>,
    /// Who this is among those that have opened it.
    worker: u64,
}

#[derive(Debug, Default)]
struct Kept {
    runs: BTreeMap<u64, Slot>,
    by_id: HashMap<String, u64>,
    mail: BTreeMap<u64, Mail>,
    graphs: HashMap<u64, Body>,
    notes: HashMap<String, Body>,
    /// Numbers up to this one are given out.
    numbers: u64,
    posted: u64,
    /// Who has opened it last.
    worker: u64,
}

#[derive(Debug)]
struct Slot {
    row: RunRow,
    records: Vec<Record>,
}

impl Memory {
    /// The same journal, opened anew as after a crash: what the worker before had is nobody's, and
    /// that one can't write any more.
    #[must_use]
    pub fn reopened(&self) -> Self {
        let mut kept = self.kept();
        kept.worker += 1;
        for slot in kept.runs.values_mut() {
            if slot.row.ending.is_none() {
                slot.row.wake.get_or_insert(NOW);
            }
        }
        Self {
            kept: Arc::clone(&self.kept),
            worker: kept.worker,
        }
    }

    /// How many signals are in the mail.
    #[cfg(feature = "testing")]
    pub(crate) fn mailed(&self) -> usize {
        let kept = self.kept();
        let signal = |mail: &&Mail| matches!(mail.body.read(), Ok(What::Signal(_)));
        kept.mail.values().filter(signal).count()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn own(&self) -> Result<MutexGuard<'_, Kept>, StoreError> {
        let kept = self.kept();
        if kept.worker == self.worker {
            return Ok(kept);
        }
        Err(StoreError::new(
            "write to",
            "in memory",
            "it was opened anew",
        ))
    }
}

impl Kept {
    /// Writes one entry; whether it was taken.
    fn write(&mut self, entry: &Entry) -> bool {
        match entry {
            Entry::Begin(new, first) => return self.begin(new, first.as_ref(), None),
            Entry::Enqueue(new, first) => return self.begin(new, first.as_ref(), Some(NOW)),
            Entry::Record { run, record, mail } => {
                if let Some(slot) = self.runs.get_mut(run) {
                    slot.records.push(record.clone());
                }
                mail.map(|mail| self.mail.remove(&mail));
            }
            Entry::Work(work) => return self.work(work),
            Entry::End { run, ending } => {
                if let Some(slot) = self.runs.get_mut(run) {
                    slot.row.ending = Some(ending.clone());
                    slot.row.wake = None;
                }
                self.mail.retain(|_, mail| mail.run != *run);
            }
            Entry::Park { run, wake } => {
                let waits = self.mail.values().any(|mail| mail.run == *run);
                if let Some(slot) = self.runs.get_mut(run)
                    && slot.row.ending.is_none()
                {
                    slot.row.wake = Some(if waits { NOW } else { *wake });
                }
            }
            Entry::Post { run, body } => return self.post(*run, body),
            Entry::Reopen { run, record } => return self.reopen(*run, record),
            Entry::Note { name, body } => {
                self.notes.insert(name.clone(), body.clone());
            }
        }
        true
    }

    fn begin(&mut self, new: &NewRun, first: Option<&Record>, wake: Option<u64>) -> bool {
        if self.by_id.contains_key(&new.id) {
            return false;
        }
        self.by_id.insert(new.id.clone(), new.run);
        let row = RunRow {
            new: new.clone(),
            ending: None,
            wake,
        };
        let records = first.cloned().into_iter().collect();
        self.runs.insert(new.run, Slot { row, records });
        true
    }

    fn work(&mut self, work: &Work) -> bool {
        let record = work.act(Database::None);
        let slot = self.runs.get_mut(&work.run());
        match (slot, record) {
            (Some(slot), Some(record)) => slot.records.push(record),
            _ => return false,
        }
        true
    }

    fn post(&mut self, run: u64, body: &Body) -> bool {
        let Some(slot) = self.runs.get_mut(&run) else {
            return false;
        };
        if slot.row.ending.is_some() {
            return false;
        }
        if let Some(wake) = &mut slot.row.wake {
            *wake = NOW;
        }
        self.posted += 1;
        let seq = self.posted;
        let body = body.clone();
        self.mail.insert(seq, Mail { seq, run, body });
        true
    }

    fn reopen(&mut self, run: u64, record: &Record) -> bool {
        let Some(slot) = self.runs.get_mut(&run) else {
            return false;
        };
        if slot.row.status() != Status::Failed {
            return false;
        }
        slot.row.ending = None;
        slot.row.wake = Some(NOW);
        slot.records.push(record.clone());
        true
    }

    /// Open runs that are nobody's, with the time at which they are due.
    fn free(&self) -> impl Iterator<Item = (u64, &RunRow)> {
        let rows = self.runs.values().map(|slot| &slot.row);
        rows.filter_map(|row| Some((row.wake?, row)))
    }
}

impl Store for Memory {
    fn commit(&mut self, batch: &[Entry]) -> Result<Vec<usize>, StoreError> {
        let mut kept = self.own()?;
        let entries = batch.iter().enumerate();
        let refused = entries.filter(|(_, entry)| !kept.write(entry));
        Ok(refused.map(|(place, _)| place).collect())
    }

    fn numbers(&mut self, most: u64) -> Result<Range<u64>, StoreError> {
        let mut kept = self.own()?;
        let first = kept.numbers + 1;
        kept.numbers += most;
        Ok(first..kept.numbers + 1)
    }

    fn claim(&mut self, claim: &Claim) -> Result<Vec<Claimed>, StoreError> {
        let mut kept = self.own()?;
        let due = kept
            .free()
            .filter(|(wake, row)| *wake <= claim.now && claim.graphs.contains(&row.new.graph));
        let mut due: Vec<(u64, u64)> = due.map(|(wake, row)| (wake, row.new.run)).collect();
        due.sort_unstable();
        due.truncate(claim.most);
        let mut claimed = Vec::new();
        for (_, run) in due {
            let mail = kept.mail.values().filter(|mail| mail.run == run);
            let mail = mail.cloned().collect();
            if let Some(slot) = kept.runs.get_mut(&run) {
                slot.row.wake = None;
                claimed.push(Claimed {
                    row: slot.row.clone(),
                    records: Ok(slot.records.clone()),
                    mail,
                });
            }
        }
        Ok(claimed)
    }

    fn next_wake(&mut self, graphs: &[u64]) -> Result<Option<u64>, StoreError> {
        let kept = self.kept();
        let known = kept
            .free()
            .filter(|(_, row)| graphs.contains(&row.new.graph));
        Ok(known
            .map(|(wake, _)| wake)
            .filter(|wake| *wake < NEVER)
            .min())
    }

    fn mail(&mut self, most: usize) -> Result<Vec<Mail>, StoreError> {
        let kept = self.kept();
        let had = |mail: &&Mail| {
            let slot = kept.runs.get(&mail.run);
            slot.is_some_and(|slot| slot.row.wake.is_none() && slot.row.ending.is_none())
        };
        Ok(kept.mail.values().filter(had).take(most).cloned().collect())
    }

    fn graphs(&mut self, graphs: &[GraphRow]) -> Result<(), StoreError> {
        let mut kept = self.own()?;
        for row in graphs {
            let body = || row.body.clone();
            kept.graphs.entry(row.graph).or_insert_with(body);
        }
        Ok(())
    }

    fn prune(&mut self, before: u64, most: usize) -> Result<usize, StoreError> {
        let mut kept = self.own()?;
        let ended = |slot: &Slot| slot.row.ending.as_ref().is_some_and(|end| end.at < before);
        let old = kept.runs.iter().filter(|(_, slot)| ended(slot));
        let old: Vec<u64> = old.map(|(run, _)| *run).take(most).collect();
        for run in &old {
            if let Some(slot) = kept.runs.remove(run) {
                kept.by_id.remove(&slot.row.new.id);
            }
        }
        Ok(old.len())
    }

    fn reader(&self) -> Result<Box<dyn Reader>, StoreError> {
        Ok(Box::new(Self {
            kept: Arc::clone(&self.kept),
            worker: self.worker,
        }))
    }
}

impl Reader for Memory {
    fn find(&mut self, id: &str) -> Result<Option<RunRow>, StoreError> {
        let kept = self.kept();
        let slot = kept.by_id.get(id).and_then(|run| kept.runs.get(run));
        Ok(slot.map(|slot| slot.row.clone()))
    }

    fn list(&mut self, list: &List) -> Result<Vec<RunRow>, StoreError> {
        let kept = self.kept();
        let before = list.before.unwrap_or(u64::MAX);
        let rows = kept.runs.range(..before).rev().map(|(_, slot)| &slot.row);
        let rows = rows.filter(|row| {
            let stands = list.status.is_none_or(|status| row.status() == status);
            let named = list.workflow.as_ref();
            stands && named.is_none_or(|name| row.new.workflow == *name)
        });
        Ok(rows.take(list.most).cloned().collect())
    }

    fn records(&mut self, run: u64) -> Result<Vec<Record>, StoreError> {
        let kept = self.kept();
        let slot = kept.runs.get(&run);
        Ok(slot.map(|slot| slot.records.clone()).unwrap_or_default())
    }

    fn strangers(&mut self, graphs: &[u64], most: usize) -> Result<Vec<RunRow>, StoreError> {
        let kept = self.kept();
        let rows = kept.free().map(|(_, row)| row);
        let strange = rows.filter(|row| !graphs.contains(&row.new.graph));
        Ok(strange.take(most).cloned().collect())
    }

    fn graph(&mut self, graph: u64) -> Result<Option<Body>, StoreError> {
        Ok(self.kept().graphs.get(&graph).cloned())
    }

    fn note(&mut self, name: &str) -> Result<Option<Body>, StoreError> {
        Ok(self.kept().notes.get(name).cloned())
    }

    fn notes(&mut self, prefix: &str) -> Result<Vec<(String, Body)>, StoreError> {
        let kept = self.kept();
        let notes = kept.notes.iter();
        let notes = notes.filter(|(name, _)| name.starts_with(prefix));
        let mut notes: Vec<_> = notes
            .map(|(name, body)| (name.clone(), body.clone()))
            .collect();
        notes.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        Ok(notes)
    }

    fn counts(&mut self, now: u64) -> Result<Counts, StoreError> {
        let kept = self.kept();
        let mut counts = Counts::default();
        for slot in kept.runs.values().filter(|slot| slot.row.ending.is_none()) {
            match slot.row.wake {
                None => counts.running += 1,
                Some(wake) if wake <= now => counts.queued += 1,
                Some(_) => counts.waiting += 1,
            }
        }
        Ok(counts)
    }

    fn leave(&mut self, entry: &Entry) -> Result<bool, StoreError> {
        Ok(self.kept().write(entry))
    }
}
