//! A store with windows: a crash may fall once something is written.

use std::ops::Range;
use std::time::Duration;

use super::windows::Windows;
use crate::journal::{
    Claim, Claimed, Entry, GraphRow, Mail, Reader, Record, Store, StoreError, What,
};

/// A store in which a crash may fall.
pub(super) struct Staged {
    store: Box<dyn Store>,
    windows: Windows,
}

impl Staged {
    pub(super) fn new(store: Box<dyn Store>, windows: Windows) -> Self {
        Self { store, windows }
    }

    fn pass(&self, name: impl FnOnce() -> String) -> Result<(), StoreError> {
        if self.windows.pass(name) {
            return Err(StoreError::new("write to", "", "a crash has stopped it"));
        }
        Ok(())
    }
}

impl Store for Staged {
    fn commit(&mut self, batch: &[Entry]) -> Result<Vec<usize>, StoreError> {
        let names: Vec<String> = batch.iter().map(name).collect();
        let names = names.join(", ");
        self.pass(|| format!("before there is on disk: {names}"))?;
        let refused = self.store.commit(batch)?;
        self.pass(|| format!("once there is on disk: {names}"))?;
        Ok(refused)
    }

    fn claim(&mut self, claim: &Claim) -> Result<Vec<Claimed>, StoreError> {
        let claimed = self.store.claim(claim)?;
        if !claimed.is_empty() {
            self.pass(|| "once the run is taken up".to_owned())?;
        }
        Ok(claimed)
    }

    fn numbers(&mut self, most: u64) -> Result<Range<u64>, StoreError> {
        self.store.numbers(most)
    }

    fn next_wake(&mut self, graphs: &[u64]) -> Result<Option<u64>, StoreError> {
        self.store.next_wake(graphs)
    }

    fn mail(&mut self, most: usize) -> Result<Vec<Mail>, StoreError> {
        self.store.mail(most)
    }

    fn graphs(&mut self, graphs: &[GraphRow]) -> Result<(), StoreError> {
        self.store.graphs(graphs)
    }

    fn prune(&mut self, before: u64, most: usize) -> Result<usize, StoreError> {
        self.store.prune(before, most)
    }

    fn prunes(&self, most: usize) -> usize {
        self.store.prunes(most)
    }

    fn lease(&self) -> Option<Duration> {
        self.store.lease()
    }

    fn renew(&mut self) -> Result<(), StoreError> {
        self.store.renew()
    }

    fn reader(&self) -> Result<Box<dyn Reader>, StoreError> {
        self.store.reader()
    }
}

/// What is written, in words.
fn name(entry: &Entry) -> String {
    match entry {
        Entry::Begin(..) | Entry::Enqueue(..) => "the start".to_owned(),
        Entry::Record { run, record, .. } => recorded(*run, record),
        Entry::Work(work) => format!("the effect of `{}`", work.path()),
        Entry::End { .. } => "the end".to_owned(),
        Entry::Park { .. } => "that it only waits".to_owned(),
        Entry::Post { .. } => "mail for it".to_owned(),
        Entry::Reopen { .. } => "that it is open again".to_owned(),
        Entry::Note { name, .. } => format!("the note `{name}`"),
    }
}

fn recorded(run: u64, record: &Record) -> String {
    let path = &record.path;
    let Ok(what) = record.what(run) else {
        return format!("something of `{path}`");
    };
    let kind = match what {
        What::Step(_) => "the outcome",
        What::Branch { .. } => "the arm",
        What::Items { .. } => "the number of items",
        What::Timer { .. } => "the timer",
        What::Waits { .. } => "that it waits",
        What::Done { .. } => "the effect",
        What::Taken { .. } => "which signal was taken",
        What::Emitted { .. } => "that it was sent",
        What::Undone => "that it was undone",
        What::Signal(sent) => return format!("the signal `{}`", sent.kind),
        What::Cancelled => return "the wish to cancel it".to_owned(),
        What::Retried { .. } => return "that it is tried again".to_owned(),
        What::GoesBack => return "that it goes on going back".to_owned(),
        What::Trace { .. } => return "the trace it is part of".to_owned(),
        What::Terminate => return "the wish to end it".to_owned(),
    };
    format!("{kind} of `{path}`")
}
