//! A journal in memory, the twin of the one on disk: for tests, and for trying things out.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::record::{Record, Status};
use super::store::{Entry, Finder, RunRow, Store, StoreError};

/// A journal that ends with its process.
#[derive(Debug, Default, Clone)]
pub(crate) struct Memory(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    runs: BTreeMap<u64, (RunRow, Vec<Record>)>,
    by_id: HashMap<String, u64>,
}

impl Memory {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn write(&mut self, entry: &Entry) {
        match entry {
            Entry::Begin(new) => {
                self.by_id.insert(new.id.clone(), new.run);
                let row = RunRow {
                    new: new.clone(),
                    status: Status::Open,
                    ended: None,
                };
                self.runs.insert(new.run, (row, Vec::new()));
            }
            Entry::Record { run, record } => {
                if let Some((_, records)) = self.runs.get_mut(run) {
                    records.push(record.clone());
                }
            }
            Entry::End { run, ending, at } => {
                if let Some((row, _)) = self.runs.get_mut(run) {
                    row.status = ending.status;
                    row.ended = Some((ending.body.clone(), *at));
                }
            }
        }
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

    fn open_runs(&mut self) -> Result<Vec<(RunRow, Vec<Record>)>, StoreError> {
        let kept = self.kept();
        let open = kept.runs.values();
        let open = open.filter(|(row, _)| row.status == Status::Open);
        Ok(open.cloned().collect())
    }

    fn last_run(&mut self) -> Result<u64, StoreError> {
        Ok(self
            .kept()
            .runs
            .keys()
            .next_back()
            .copied()
            .unwrap_or_default())
    }

    fn finder(&self) -> Result<Box<dyn Finder>, StoreError> {
        Ok(Box::new(self.clone()))
    }
}

impl Finder for Memory {
    fn find(&self, id: &str) -> Result<Option<RunRow>, StoreError> {
        let kept = self.kept();
        let run = kept.by_id.get(id).and_then(|run| kept.runs.get(run));
        Ok(run.map(|(row, _)| row.clone()))
    }

    fn list(&self, most: usize) -> Result<Vec<RunRow>, StoreError> {
        let kept = self.kept();
        let latest = kept.runs.values().rev().take(most);
        Ok(latest.map(|(row, _)| row.clone()).collect())
    }
}
