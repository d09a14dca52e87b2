//! A world whose luck is in a seed, and that knows all that was done in it.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use enact::prelude::*;
use enact::workflow::journal::{Body, Reader, Record};

/// The world, which outlives every process in it.
#[derive(Clone)]
pub(crate) struct World(Arc<Mutex<Inner>>);

struct Inner {
    seed: u64,
    /// How many of a hundred steps fail for good.
    doom: u64,
    /// Nothing fails any more.
    healed: bool,
    life: u32,
    ledger: Vec<Line>,
    wrong: Vec<String>,
    journal: Option<Box<dyn Reader>>,
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) life: u32,
    pub(crate) key: String,
    pub(crate) what: Done,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Done {
    Looked,
    Made,
    Doomed,
    Undone,
}

/// What becomes of an effect.
struct Luck {
    delay: Duration,
    /// It happens before it is waited for, or after.
    early: bool,
    /// So many attempts fail, and the next does not.
    flaky: u32,
    doomed: bool,
}

impl World {
    pub(crate) fn new(seed: u64, doom: u64) -> Self {
        Self(Arc::new(Mutex::new(Inner {
            seed,
            doom,
            healed: false,
            life: 0,
            ledger: Vec::new(),
            wrong: Vec::new(),
            journal: None,
        })))
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap()
    }

    /// Begins another life, in which that journal says what is recorded.
    pub(crate) fn begin(&self, life: u32, journal: Box<dyn Reader>) {
        let mut inner = self.inner();
        inner.life = life;
        inner.journal = Some(journal);
    }

    pub(crate) fn heal(&self) {
        self.inner().healed = true;
    }

    pub(crate) fn ledger(&self) -> Vec<Line> {
        self.inner().ledger.clone()
    }

    pub(crate) fn complain(&self, wrong: impl Into<String>) {
        self.inner().wrong.push(wrong.into());
    }

    pub(crate) fn wrong(&self) -> Vec<String> {
        self.inner().wrong.clone()
    }

    fn luck(&self, key: &str) -> Luck {
        let inner = self.inner();
        let mut hash = DefaultHasher::new();
        (inner.seed, key.replace('~', "again")).hash(&mut hash);
        let mut rng = fastrand::Rng::with_seed(hash.finish());
        let delay = Duration::from_millis(rng.u64(0..40) * rng.u64(0..3));
        Luck {
            delay,
            early: rng.bool(),
            flaky: if rng.u8(0..5) == 0 { rng.u32(1..3) } else { 0 },
            doomed: rng.u64(0..100) < inner.doom && !inner.healed,
        }
    }

    fn note(&self, key: &str, what: Done) {
        let mut inner = self.inner();
        let line = Line {
            life: inner.life,
            key: key.to_owned(),
            what,
        };
        inner.ledger.push(line);
    }

    /// Notes where something is done again that is on disk.
    fn suspect(&self, key: &str) {
        let mut inner = self.inner();
        let inner = &mut *inner;
        let Some(journal) = &mut inner.journal else {
            return;
        };
        let (run, path) = key.split_once('/').unwrap();
        let path = path.split('~').next().unwrap();
        let Some(row) = journal.find(run).unwrap() else {
            inner
                .wrong
                .push(format!("{key} runs, and its run was never recorded"));
            return;
        };
        let records = journal.records(row.new.run).unwrap();
        if is_recorded(&records, path) {
            inner.wrong.push(format!(
                "{key} runs again in life {}, though it is recorded",
                inner.life
            ));
        }
    }

    /// An effect, as its luck has it.
    pub(crate) async fn act(&self, cx: &Context, what: Done) -> Result<(), Failure> {
        let key = cx.idempotency_key().unwrap_or_default().to_owned();
        if cx.attempt() == 1 {
            self.suspect(&key);
        }
        let luck = self.luck(&key);
        if luck.doomed {
            tokio::time::sleep(luck.delay).await;
            self.note(&key, Done::Doomed);
            return Err(Failure::terminal("act.doomed", "it can't be done"));
        }
        if cx.attempt() <= luck.flaky {
            return Err(Failure::retryable("act.flaky", "not yet"));
        }
        if luck.early {
            self.note(&key, what);
        }
        tokio::time::sleep(luck.delay).await;
        if !luck.early {
            self.note(&key, what);
        }
        Ok(())
    }

    /// An undo, which may fail twice.
    pub(crate) async fn undo(&self, cx: &Context) -> Result<(), Failure> {
        let key = cx.idempotency_key().unwrap_or_default().to_owned();
        let luck = self.luck(&key);
        if cx.attempt() <= luck.flaky {
            return Err(Failure::retryable("undo.flaky", "not yet"));
        }
        self.note(&key, Done::Undone);
        tokio::time::sleep(luck.delay).await;
        Ok(())
    }
}

/// Whether the outcome of a step stands, by what is recorded of its run. Where anything was undone, a run
/// that is tried again does all its steps again: none of them changes the world anew each time.
fn is_recorded(records: &[Record], path: &str) -> bool {
    let (mut stands, mut stopped, mut failed, mut undone) = (false, false, false, false);
    for record in records {
        let Body::Text(text) = &record.body else {
            continue;
        };
        let what: serde_json::Value = serde_json::from_str(text).unwrap();
        match what["is"].as_str().unwrap() {
            "step" if record.path == path => {
                stands = true;
                stopped = what["outcome"] == "stopped";
                failed = what["outcome"]["failure"].is_object();
            }
            "undone" => undone = true,
            "retried" if stopped || undone || failed && what["failed"] == path => {
                (stands, stopped, failed, undone) = (false, false, false, false);
            }
            _ => {}
        }
    }
    stands
}
