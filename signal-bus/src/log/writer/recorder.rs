//! What the writer does with its jobs: numbers signals, knows those that it has, commits.

use std::sync::Arc;

use super::{Done, Job, Outcome, Waiter, Work};
use crate::log::clock::Clock;
use crate::log::hub::Hub;
use crate::log::store::{Entry, Page, Row, Store, StoreError};
use crate::log::telemetry::Tally;
use crate::log::window::{Name, Naming, Window};
use crate::log::{Published, Settings};

/// Signals that are to be recorded, and the name of each; the writer gives them their numbers where they lie, since to
/// move many costs as much as to write them.
#[derive(Debug)]
pub(crate) enum Drafts {
    /// One at most, for which no list is made.
    One(Option<(Entry, Name)>),
    Many(Vec<Entry>, Vec<Name>),
}

impl Drafts {
    pub(in crate::log) fn with_room_for(count: usize) -> Self {
        if count > 1 {
            Self::Many(Vec::with_capacity(count), Vec::with_capacity(count))
        } else {
            Self::One(None)
        }
    }

    pub(in crate::log) fn push(&mut self, ty: String, body: Vec<u8>, name: Name) {
        let entry = Entry::Append(Row::new(0, 0, ty, body));
        match self {
            Self::One(one @ None) => *one = Some((entry, name)),
            Self::One(one) => {
                let (mut entries, mut names): (Vec<_>, Vec<_>) = one.take().into_iter().unzip();
                entries.push(entry);
                names.push(name);
                *self = Self::Many(entries, names);
            }
            Self::Many(entries, names) => {
                entries.push(entry);
                names.push(name);
            }
        }
    }

    pub(in crate::log) fn len(&self) -> usize {
        match self {
            Self::One(one) => usize::from(one.is_some()),
            Self::Many(entries, _) => entries.len(),
        }
    }
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
    /// The number of the last signal, where some were recorded: the [hub](Recorder::hub) is to hear of it.
    pub(super) published: Option<u64>,
    /// What was written, to be let go once nobody waits for that.
    pub(super) written: Vec<Entry>,
}

impl Round {
    /// One in which nothing was done, since the store has failed.
    pub(super) fn refused(waiter: Waiter, failed: &Arc<StoreError>) -> Self {
        Self {
            finished: vec![(waiter, Err(Arc::clone(failed)))],
            failed: Some(Arc::clone(failed)),
            published: None,
            written: Vec::new(),
        }
    }
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
        let before = self.last;
        let (mut batch, mut finished) = (Vec::new(), Vec::with_capacity(jobs.len()));
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
        }
        let published = (failed.is_none() && self.last > before).then_some(self.last);
        Round {
            finished,
            failed,
            published,
            written: batch,
        }
    }

    /// Numbers signals; those that are there already have the numbers that they have.
    fn publish(&mut self, drafts: Drafts, batch: &mut Vec<Entry>) -> Done {
        match drafts {
            Drafts::One(None) => Done::Published(Vec::new()),
            Drafts::One(Some((mut entry, name))) => {
                let published = self.number(&mut entry, name);
                if published.is_new() {
                    batch.push(entry);
                }
                Done::One(published)
            }
            Drafts::Many(mut entries, names) => {
                let mut published = Vec::with_capacity(entries.len());
                let mut names = names.into_iter();
                entries.retain_mut(|entry| {
                    let one = names.next().map(|name| self.number(entry, name));
                    published.extend(one);
                    one.is_some_and(|one| one.is_new())
                });
                if batch.is_empty() {
                    *batch = entries;
                } else {
                    batch.append(&mut entries);
                }
                Done::Published(published)
            }
        }
    }

    fn number(&mut self, entry: &mut Entry, name: Name) -> Published {
        let sequence = self.last + 1;
        if let Some(sequence) = self.window.place(name, sequence) {
            return Published::again(sequence);
        }
        self.last = sequence;
        if let Entry::Append(row) = entry {
            (row.sequence, row.at) = (sequence, self.at);
        }
        Published::new(sequence)
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
