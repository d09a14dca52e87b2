//! What the writer does with its jobs: numbers signals, knows those that it has, commits.

use std::sync::Arc;

use super::{Done, Job, Outcome, Waiter, Work};
use crate::log::clock::Clock;
use crate::log::hub::Hub;
use crate::log::store::{Entry, Page, Row, Store, StoreError};
use crate::log::telemetry::Tally;
use crate::log::window::{Name, Naming, Window};
use crate::log::{Published, Settings};

/// A signal that is to be recorded.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) ty: String,
    pub(crate) body: Vec<u8>,
    /// The checksum of both.
    pub(in crate::log) sum: u32,
    pub(in crate::log) name: Name,
}

/// A store, and what is to be known to write to it.
pub(in crate::log) struct Recorder {
    store: Box<dyn Store>,
    window: Window,
    last: u64,
    at: u64,
    clock: Arc<dyn Clock>,
    hub: Arc<Hub>,
    tally: Arc<Tally>,
}

/// What came of some jobs.
pub(super) struct Round {
    pub(super) finished: Vec<(Waiter, Outcome)>,
    pub(super) failed: Option<Arc<StoreError>>,
    /// What was written, to be let go once nobody waits for that.
    pub(super) written: Vec<Entry>,
}

impl Recorder {
    /// Looks at what a store has; the names of its last signals are read.
    pub(in crate::log) fn open(
        store: Box<dyn Store>,
        hub: &Arc<Hub>,
        naming: &Naming,
        settings: &Settings,
    ) -> Result<Self, StoreError> {
        let mut reader = store.reader()?;
        let (last, at) = reader.last()?;
        let mut window = Window::new(settings.window);
        let mut page = Page {
            after: last.saturating_sub(settings.window as u64),
            up_to: last,
            pattern: None,
            most: 1024,
        };
        loop {
            let scan = reader.read(&page)?;
            if scan.up_to == page.after {
                break;
            }
            for row in &scan.rows {
                // A damaged one can't be told from others.
                if let Ok(envelope) = row.envelope() {
                    let name = naming.name(envelope.source(), envelope.id());
                    window.place(name, row.sequence);
                }
            }
            page.after = scan.up_to;
        }
        hub.reach(last);
        Ok(Self {
            store,
            window,
            last,
            at,
            clock: Arc::clone(&settings.clock),
            hub: Arc::clone(hub),
            tally: Arc::default(),
        })
    }

    pub(super) fn hub(&self) -> Arc<Hub> {
        Arc::clone(&self.hub)
    }

    pub(in crate::log) fn tally(&self) -> Arc<Tally> {
        Arc::clone(&self.tally)
    }

    /// Does some jobs under one sync; what to tell whom then.
    pub(super) fn round(&mut self, jobs: Vec<Job>) -> Round {
        let (before, mut batch, mut finished) = (self.last, Vec::new(), Vec::new());
        let (mut signals, mut failed) = (0, None);
        self.at = self.at.max(self.clock.now());
        for Job { work, waiter } in jobs {
            if failed.is_some() {
                finished.push((waiter, Ok(Done::Written)));
                continue;
            }
            let done = match work {
                Work::Publish(drafts) => {
                    signals += drafts.len() as u64;
                    Ok(self.publish(drafts, &mut batch))
                }
                Work::Write(entries) => {
                    batch.extend(entries);
                    Ok(Done::Written)
                }
                Work::Prune(before, most) => self.prune(&mut batch, before, most),
            };
            match done {
                Ok(done) => finished.push((waiter, Ok(done))),
                Err(error) => {
                    failed = Some(Arc::new(error));
                    finished.push((waiter, Ok(Done::Written)));
                }
            }
        }
        let failed = failed.or_else(|| self.flush(&batch).err().map(Arc::new));
        if let Some(error) = &failed {
            for (_, outcome) in &mut finished {
                *outcome = Err(Arc::clone(error));
            }
        } else {
            let recorded = self.last - before;
            self.tally.recorded(recorded, signals - recorded);
            if recorded > 0 {
                self.hub.published(self.last);
            }
        }
        Round {
            finished,
            failed,
            written: batch,
        }
    }

    /// Numbers signals; those that are there already have the numbers that they have.
    fn publish(&mut self, drafts: Vec<Draft>, batch: &mut Vec<Entry>) -> Done {
        // No `collect`, which would make them where the drafts were and give the rest of that back.
        let mut published = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let sequence = self.last + 1;
            if let Some(sequence) = self.window.place(draft.name, sequence) {
                published.push(Published::again(sequence));
                continue;
            }
            self.last = sequence;
            let Draft { ty, body, sum, .. } = draft;
            let at = self.at;
            batch.push(Entry::Append(Row {
                sequence,
                at,
                ty,
                body,
                sum,
            }));
            published.push(Published::new(sequence));
        }
        Done::Published(published)
    }

    fn prune(
        &mut self,
        batch: &mut Vec<Entry>,
        before: u64,
        most: usize,
    ) -> Result<Done, StoreError> {
        self.flush(batch)?;
        batch.clear();
        Ok(Done::Pruned(self.store.prune(before, most)?))
    }

    fn flush(&mut self, batch: &[Entry]) -> Result<(), StoreError> {
        if batch.is_empty() {
            return Ok(());
        }
        let Self { store, tally, .. } = self;
        tally.commit(batch.len(), || store.commit(batch))
    }
}
