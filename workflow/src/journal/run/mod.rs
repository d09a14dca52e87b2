//! The journal of one run: what is recorded of it, and what it records.

mod deed;
mod failure;
mod recorded;
mod rest;
mod signals;
mod transact;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, AtomicU64};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::Waker;
use std::time::Duration;

use enact_action_core::Failure;

pub(crate) use self::deed::Deed;
pub(crate) use self::failure::{
    diverged, is_of_journal, refused, too_large, unreadable, unwritable,
};
use self::recorded::Recorded;
use self::rest::Rest;
use self::signals::Signals;
use super::body::Body;
use super::origin::Origin;
use super::record::{Damage, Record, Tried, What};
use super::stepped::{Answered, Came};
use super::store::Entry;
use super::writer::{Haste, Synced, Writer};
use crate::clock::Clock;

/// How often whoever waits for a time looks at the clock, which may have jumped.
const LOOK: Duration = Duration::from_secs(10);

/// How many failed attempts of one step are recorded.
const MOST_TRIED: usize = 32;

/// The journal of one run, shared by all its parts.
#[derive(Debug)]
pub(crate) struct RunJournal {
    run: u64,
    /// Whether it was taken up, so that what is not recorded may have begun all the same.
    taken_up: bool,
    writer: Writer,
    clock: Arc<dyn Clock>,
    /// How many bytes of JSON an output may have.
    most: usize,
    state: Mutex<State>,
    /// How much of the run is under way.
    busy: AtomicU32,
    /// Counts what the run has not seen when it was polled last.
    arrivals: AtomicU64,
    /// Wakes whoever polls the run.
    task: OnceLock<Waker>,
    /// Held while a signal is recorded, so that signals stand in memory in the journal's order.
    sending: tokio::sync::Mutex<()>,
    arrived: tokio::sync::Notify,
    /// The effects in the journal's own database that are under way, so that none happens twice.
    works: tokio::sync::Mutex<transact::Works>,
}

#[derive(Debug)]
struct State {
    /// What was recorded before this process took the run up.
    recorded: Recorded,
    signals: Signals,
    rest: Rest,
    /// The attempts that failed, of steps that are under way.
    tried: HashMap<String, Vec<Tried>>,
    /// Up to where all that this run has recorded is on disk.
    last: Synced,
}

impl RunJournal {
    /// The journal of a run of which so much is recorded; of a new one, where nothing can be.
    pub(crate) fn new(
        run: u64,
        writer: Writer,
        clock: Arc<dyn Clock>,
        most: usize,
        records: Option<&[Record]>,
    ) -> Result<Self, Damage> {
        let (recorded, signals) = recorded::read(run, records.unwrap_or_default())?;
        Ok(Self {
            run,
            taken_up: records.is_some(),
            writer,
            clock,
            most,
            state: Mutex::new(State {
                recorded,
                signals,
                rest: Rest::default(),
                tried: HashMap::new(),
                last: Synced::default(),
            }),
            busy: AtomicU32::new(0),
            arrivals: AtomicU64::new(0),
            task: OnceLock::new(),
            sending: tokio::sync::Mutex::default(),
            arrived: tokio::sync::Notify::new(),
            works: tokio::sync::Mutex::default(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a step of which nothing is recorded may have begun before a crash: then it may have had
    /// its effect.
    pub(crate) fn may_have_begun(&self) -> bool {
        self.taken_up
    }

    /// Now, in milliseconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        self.clock.now()
    }

    /// Waits until the clock has passed that time.
    pub(crate) async fn until(&self, time: u64) {
        loop {
            let left = Duration::from_millis(time.saturating_sub(self.now()));
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left.min(LOOK)).await;
        }
    }

    /// Records, without waiting for the disk.
    pub(crate) fn record(
        &self,
        path: String,
        what: &What,
    ) -> impl Future<Output = Result<(), Failure>> + Send + use<'_> {
        self.write(path, Body::of(what), None, Haste::None)
    }

    /// Records what should not happen again for want of a record, without waiting for the disk.
    pub(crate) fn record_soon(
        &self,
        path: String,
        what: &What,
    ) -> impl Future<Output = Result<(), Failure>> + Send + use<'_> {
        self.write(path, Body::of(what), None, Haste::Soon)
    }

    /// What a new run was started by, which its first record says.
    pub(crate) fn started_by(&self, origin: Origin) {
        self.state().recorded.origin = Some(origin);
    }

    /// Records what came of a step that began at that time, without waiting for the disk.
    pub(crate) fn record_step(
        &self,
        path: String,
        came: Came,
        began: u64,
        haste: Haste,
    ) -> impl Future<Output = Result<(), Failure>> + Send + use<'_> {
        let tried = self.take_tried(&path);
        self.write(path, came.body(began, tried), None, haste)
    }

    /// The attempts that failed of a step that has ended.
    fn take_tried(&self, path: &str) -> Vec<Tried> {
        let tried = &mut self.state().tried;
        if tried.is_empty() {
            return Vec::new();
        }
        tried.remove(path).unwrap_or_default()
    }

    /// Makes sure that an output is not too large to be recorded.
    pub(crate) fn fits(&self, path: &str, output: &Answered) -> Result<(), Failure> {
        let bytes = output.bytes();
        if bytes > self.most {
            return Err(too_large(path, bytes, self.most));
        }
        Ok(())
    }

    /// Notes that an attempt of a step failed and is made again; recorded with the step.
    pub(crate) fn tried(&self, path: String, failure: &Failure) {
        let (at, mut state) = (self.now(), self.state());
        let tried = state.tried.entry(path).or_default();
        if tried.len() < MOST_TRIED {
            tried.push(Tried {
                at,
                code: failure.code().to_owned(),
                message: failure.message().to_owned(),
            });
        }
    }

    /// Hands a record over before it is awaited, so that what waits is small: runs wait often.
    fn write(
        &self,
        path: String,
        body: serde_json::Result<Body>,
        mail: Option<u64>,
        haste: Haste,
    ) -> impl Future<Output = Result<(), Failure>> + Send + use<'_> {
        let busy = self.busy();
        let written = body.map(|body| {
            let (run, record) = (self.run, Record::new(self.run, path, self.now(), body));
            self.writer
                .write_in(haste, Entry::Record { run, record, mail })
        });
        async move {
            let synced = written?.await.map_err(unwritable)?;
            let mut state = self.state();
            state.last = state.last.max(synced);
            drop(state);
            drop(busy);
            Ok(())
        }
    }

    /// Waits until all that this run has recorded is on disk.
    pub(crate) async fn sync(&self) -> Result<(), Failure> {
        let _busy = self.busy();
        let last = self.state().last;
        self.writer.synced(last).await.map_err(unwritable)
    }
}
