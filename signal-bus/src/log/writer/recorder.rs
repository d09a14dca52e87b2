//! What the writer does with its jobs: numbers signals, knows those that it has, commits.

use std::sync::Arc;

use super::{Done, Job, Outcome, Waiter, Work};
use crate::log::clock::Clock;
use crate::log::hub::Hub;
use crate::log::store::{Entry, Page, Row, Store, StoreError};
use crate::log::telemetry::{Since, Tally};
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

/// What is to go under one sync, as far as it is there.
pub(super) struct Batch {
    entries: Vec<Entry>,
    /// How many of those are written.
    ahead: usize,
    finished: Vec<(Waiter, Outcome)>,
    failed: Option<Arc<StoreError>>,
    /// The number of the last signal before.
    before: u64,
    /// How many signals were to be published.
    signals: u64,
    since: Since,
}

impl Batch {
    /// What is not written yet.
    fn rest(&self) -> &[Entry] {
        self.entries.get(self.ahead..).unwrap_or_default()
    }
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

    /// What is to go under one sync.
    pub(super) fn batch(&self) -> Batch {
        Batch {
            entries: Vec::new(),
            ahead: 0,
            finished: Vec::new(),
            failed: None,
            before: self.last,
            signals: 0,
            since: Since::now(),
        }
    }

    /// Adds some jobs.
    pub(super) fn add(&mut self, batch: &mut Batch, jobs: Vec<Job>) {
        self.at = self.at.max(self.clock.now());
        batch.finished.reserve(jobs.len());
        for Job { work, waiter } in jobs {
            let done = match work {
                // All of them hear of that.
                _ if batch.failed.is_some() => Ok(Done::Written),
                Work::Publish(drafts) => {
                    batch.signals += drafts.len() as u64;
                    Ok(self.publish(drafts, &mut batch.entries))
                }
                Work::Write(entries) => {
                    batch.entries.extend(entries);
                    Ok(Done::Written)
                }
                Work::Prune(before, most) => self.prune(batch, before, most),
            };
            let done = done.unwrap_or_else(|error| {
                batch.failed = Some(Arc::new(error));
                Done::Written
            });
            batch.finished.push((waiter, Ok(done)));
        }
    }

    /// Writes what there is of a batch while more is to come, where the store does so; whether there may be more.
    pub(super) fn write_ahead(&mut self, batch: &mut Batch) -> bool {
        let rest = batch.rest();
        if batch.failed.is_none() && !rest.is_empty() {
            match self.store.begin(rest) {
                Ok(true) => batch.ahead = batch.entries.len(),
                Ok(false) => {}
                Err(error) => batch.failed = Some(Arc::new(error)),
            }
        }
        batch.failed.is_none()
    }

    /// Makes a batch durable; what to tell whom then.
    pub(super) fn commit(&mut self, mut batch: Batch) -> Round {
        let flushed = match batch.failed.take() {
            Some(failed) => Err(failed),
            None => self.flush(&batch).map_err(Arc::new),
        };
        let (last, recorded) = (self.last, self.last - batch.before);
        let failed = flushed.err();
        if let Some(error) = &failed {
            for (_, outcome) in &mut batch.finished {
                *outcome = Err(Arc::clone(error));
            }
        } else {
            self.tally.recorded(recorded, batch.signals - recorded);
        }
        Round {
            finished: batch.finished,
            published: (failed.is_none() && recorded > 0).then_some(last),
            failed,
            written: batch.entries,
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

    fn prune(&mut self, batch: &mut Batch, before: u64, most: usize) -> Result<Done, StoreError> {
        self.flush(batch)?;
        (batch.entries, batch.ahead) = (Vec::new(), 0);
        Ok(Done::Pruned(self.store.prune(before, most)?))
    }

    fn flush(&mut self, batch: &Batch) -> Result<(), StoreError> {
        if batch.entries.is_empty() {
            return Ok(());
        }
        let Self { store, tally, .. } = self;
        let commit = || store.commit(batch.rest());
        tally.commit(batch.entries.len(), batch.since, commit)
    }
}
