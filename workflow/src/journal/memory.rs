//! A journal in memory, the twin of the one on disk: for tests, and for trying things out.

use std::collections::{BTreeMap, HashMap};

use super::record::{Record, Status};
use super::store::{Entry, RunRow, Store, StoreError};

/// A journal that ends with its process.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    runs: BTreeMap<u64, (RunRow, Vec<Record>)>,
    by_id: HashMap<String, u64>,
}

impl Store for Memory {
    fn commit(&mut self, batch: &[Entry]) -> Result<(), StoreError> {
        for entry in batch {
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
        Ok(())
    }

    fn find(&mut self, id: &str) -> Result<Option<RunRow>, StoreError> {
        let run = self.by_id.get(id).and_then(|run| self.runs.get(run));
        Ok(run.map(|(row, _)| row.clone()))
    }

    fn open_runs(&mut self) -> Result<Vec<(RunRow, Vec<Record>)>, StoreError> {
        let runs = self.runs.values();
        let open = runs.filter(|(row, _)| row.status == Status::Open);
        Ok(open.cloned().collect())
    }

    fn list(&mut self, most: usize) -> Result<Vec<RunRow>, StoreError> {
        let latest = self.runs.values().rev().take(most);
        Ok(latest.map(|(row, _)| row.clone()).collect())
    }

    fn last_run(&mut self) -> Result<u64, StoreError> {
        Ok(self.runs.keys().next_back().copied().unwrap_or_default())
    }
}
