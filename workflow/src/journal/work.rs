//! An effect in the store's own database, which is there together with its record or not at all.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
#[cfg(feature = "postgres")]
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use enact_action_core::Failure;
use serde::Serialize;
use serde_json::value::RawValue;

use super::body::Body;
use super::record::Record;
#[cfg(feature = "sealed")]
use super::store::StoreError;
use crate::clock::Clock;

/// The database of a store, inside of the transaction that its records are written in.
#[derive(Debug)]
#[non_exhaustive]
pub enum Database<'a> {
    /// The store has none that others may write to.
    None,
    /// `SQLite`.
    #[cfg(feature = "sqlite")]
    Sqlite(&'a rusqlite::Connection),
    /// `PostgreSQL`.
    #[cfg(feature = "postgres")]
    Postgres(&'a super::postgres::Transaction<'a>),
    #[doc(hidden)]
    Other(std::marker::PhantomData<&'a ()>),
}

/// An effect in the store's own database.
///
/// A store does it between two savepoints and writes what [`act`](Self::act) returns with it; where
/// that is nothing, it goes back to the first.
#[derive(Clone)]
pub struct Work {
    inner: Arc<Inner>,
    /// What its record is sealed with.
    #[cfg(feature = "sealed")]
    seal: Option<Seal>,
}

/// Seals a record of that run.
#[cfg(feature = "sealed")]
pub(crate) type Seal = Arc<dyn Fn(u64, &Record) -> Result<Record, StoreError> + Send + Sync>;

type Act = dyn Fn(Database<'_>) -> Result<Box<RawValue>, Failure> + Send + Sync;

struct Inner {
    run: u64,
    path: String,
    name: String,
    clock: Arc<dyn Clock>,
    act: Box<Act>,
    answer: Mutex<Option<Result<Box<RawValue>, Failure>>>,
    /// How often it took a whole transaction with it.
    #[cfg(feature = "postgres")]
    spoilt: AtomicU32,
    /// Whether it took so long that it lost one.
    #[cfg(feature = "postgres")]
    slow: AtomicBool,
}

/// The record of an effect as it is written.
#[derive(Serialize)]
struct DoneLine<'a> {
    is: &'static str,
    name: &'a str,
    answer: &'a RawValue,
}

impl Work {
    pub(crate) fn new(
        run: u64,
        (path, name): (String, String),
        clock: Arc<dyn Clock>,
        act: impl Fn(Database<'_>) -> Result<Box<RawValue>, Failure> + Send + Sync + 'static,
    ) -> Self {
        let inner = Inner {
            run,
            path,
            name,
            clock,
            act: Box::new(act),
            answer: Mutex::new(None),
            #[cfg(feature = "postgres")]
            spoilt: AtomicU32::new(0),
            #[cfg(feature = "postgres")]
            slow: AtomicBool::new(false),
        };
        Self {
            inner: Arc::new(inner),
            #[cfg(feature = "sealed")]
            seal: None,
        }
    }

    /// The same effect, whose record is sealed before any store sees it.
    #[cfg(feature = "sealed")]
    pub(crate) fn sealed(&self, seal: Seal) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            seal: Some(seal),
        }
    }

    /// The record as it is written.
    #[cfg_attr(
        not(feature = "sealed"),
        expect(clippy::unnecessary_wraps, reason = "only sealing can fail")
    )]
    fn written(&self, body: Body) -> Result<Record, Failure> {
        let (path, at) = (self.inner.path.clone(), self.inner.clock.now());
        let record = Record::new(self.inner.run, path, at, body);
        #[cfg(feature = "sealed")]
        if let Some(seal) = &self.seal {
            return Ok(seal(self.inner.run, &record)?);
        }
        Ok(record)
    }

    /// The number of the run it belongs to.
    pub fn run(&self) -> u64 {
        self.inner.run
    }

    /// The path of the step whose effect it is.
    pub fn path(&self) -> &str {
        &self.inner.path
    }

    /// Does it; what is to be recorded with it, or nothing, where it is to be as if it had not been.
    pub fn act(&self, database: Database<'_>) -> Option<Record> {
        // Unwind safety: what it did is rolled back.
        let done = catch_unwind(AssertUnwindSafe(|| (self.inner.act)(database)));
        let done = done.unwrap_or_else(|_| {
            let message = format!("what `{}` does in the database panicked", self.inner.path);
            Err(Failure::panicked(message))
        });
        let recorded = done.and_then(|answer| {
            let line = DoneLine {
                is: "done",
                name: &self.inner.name,
                answer: &answer,
            };
            let record = self.written(Body::of(&line)?)?;
            Ok((answer, record))
        });
        let (answer, record) = match recorded {
            Ok((answer, record)) => (Ok(answer), Some(record)),
            Err(failure) => (Err(failure), None),
        };
        *self.answer() = Some(answer);
        record
    }

    /// Lets it have failed, though it has not: nothing of it is there.
    #[cfg(any(feature = "sqlite", feature = "postgres"))]
    pub(crate) fn fail(&self, failure: Failure) {
        *self.answer() = Some(Err(failure));
    }

    /// Counts one more transaction that could not go on after it.
    #[cfg(feature = "postgres")]
    pub(crate) fn spoil(&self) {
        self.inner.spoilt.fetch_add(1, Ordering::Relaxed);
    }

    /// How many transactions could not go on after it.
    #[cfg(feature = "postgres")]
    pub(crate) fn spoilt(&self) -> u32 {
        self.inner.spoilt.load(Ordering::Relaxed)
    }

    /// Notes that it took so long that its transaction was lost.
    #[cfg(feature = "postgres")]
    pub(crate) fn slow(&self) {
        self.inner.slow.store(true, Ordering::Relaxed);
    }

    /// Whether it did.
    #[cfg(feature = "postgres")]
    pub(crate) fn is_slow(&self) -> bool {
        self.inner.slow.load(Ordering::Relaxed)
    }

    /// What came of it, once it is written.
    pub(crate) fn take(&self) -> Option<Result<Box<RawValue>, Failure>> {
        self.answer().take()
    }

    /// What it answered, where that is not taken.
    pub(crate) fn answered(&self) -> Option<Box<RawValue>> {
        self.answer().as_ref()?.as_ref().ok().cloned()
    }

    fn answer(&self) -> std::sync::MutexGuard<'_, Option<Result<Box<RawValue>, Failure>>> {
        self.inner
            .answer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Work")
            .field("run", &self.inner.run)
            .field("path", &self.inner.path)
            .finish_non_exhaustive()
    }
}
