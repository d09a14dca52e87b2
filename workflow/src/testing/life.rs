//! One life of a run's process: from opening the journal to a crash, or to the run's end.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use enact_action_core::Context;
use serde_json::Value;
use tokio::runtime::Builder;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use super::crash::{CrashTest, ID, seen};
use super::outcome::{End, Ended, deed};
use super::windows::Windows;
use crate::clock::{Clock, millis};
use crate::engine::{Engine, EngineError, Kind, Settings};
use crate::event::{What as Told, listen};
use crate::journal::{Deed, Memory, Outcome, Record, What};

/// Looks at the world.
pub(super) type World = Box<dyn Fn(&Context) -> serde_json::Result<Value> + Send + Sync>;

/// How often an engine looks for what nobody but itself leaves in its journal.
const POLL: Duration = Duration::from_hours(1);

type Deeds = BTreeSet<(Deed, String)>;

/// A world with a journal, over several lives of a process.
pub(super) struct Life<'a> {
    test: &'a CrashTest,
    cx: &'a Context,
    memory: Memory,
    /// The time of day at which the next life begins.
    now: u64,
    /// What was done before the crash.
    done: Deeds,
    /// What was on disk when the crash fell.
    recorded: Deeds,
}

/// How one life has ended.
pub(super) enum Lived {
    Ended(Ended, Duration),
    Struck(Duration),
}

impl<'a> Life<'a> {
    pub(super) fn new(test: &'a CrashTest, cx: &'a Context) -> Self {
        Self {
            test,
            cx,
            memory: Memory::default(),
            // The first of January 2000.
            now: 946_684_800_000,
            done: Deeds::new(),
            recorded: Deeds::new(),
        }
    }

    /// Notes what a crash leaves behind.
    pub(super) fn crash(&mut self, windows: &Windows, lived: Duration) {
        self.now += millis(lived);
        self.done.extend(windows.deeds());
        let recorded = self.records().into_iter().filter_map(|(path, what)| {
            let deed = match what {
                What::Step(stepped) if stepped.outcome != Outcome::Stopped => Deed::Step,
                What::Emitted { .. } => Deed::Emit,
                What::Undone => Deed::Undo,
                _ => return None,
            };
            Some((deed, path))
        });
        self.recorded = recorded.collect();
    }

    /// Lives until a window is struck or the run has ended, so long at most.
    pub(super) fn live(&self, windows: &Windows, limit: Duration) -> Result<Lived, String> {
        // So that what waits a random time waits the same one in every life.
        fastrand::seed(1);
        let runtime = Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build();
        let runtime = runtime.map_err(|error| format!("there is no runtime for it: {error}"))?;
        let lived = runtime.block_on(async {
            let since = Instant::now();
            let engine = self.open(windows, since);
            let engine = engine.map_err(|error| text(&error))?;
            let run = timeout(limit, self.to_its_end(&engine.0, &engine.1));
            tokio::select! {
                biased;
                () = windows.struck() => Ok(Lived::Struck(since.elapsed())),
                end = run => match end {
                    Ok(end) => Ok(Lived::Ended(self.ended(end?)?, since.elapsed())),
                    Err(_) => Err(self.never_ends()),
                },
            }
        })?;
        // With it end all tasks, wherever they are.
        drop(runtime);
        self.check(&windows.deeds())?;
        Ok(lived)
    }

    fn open(&self, windows: &Windows, since: Instant) -> Result<(Engine, Waits), EngineError> {
        let clock = Follows {
            base: self.now,
            since,
        };
        let settings = Settings::default().poll(POLL).clock(clock).windows(windows);
        let waits = self.waits();
        let cx = if self.test.signals.is_empty() {
            self.cx.clone()
        } else {
            waits.heard(self.cx)
        };
        let engine = Engine::with(Box::new(self.memory.reopened()), settings, &cx)?;
        Ok((engine, waits))
    }

    async fn to_its_end(&self, engine: &Engine, waits: &Waits) -> Result<End, String> {
        let run = match engine.run(ID).await {
            Err(error) if error.kind() == Kind::NotThere => {
                let started = (self.test.start)(engine.clone()).await;
                started.map_err(|error| text(&error))?;
                engine.run(ID).await
            }
            run => run,
        };
        let run = run.map_err(|error| text(&error))?;
        tokio::select! {
            biased;
            answer = run.answer() => Ok(End::of(answer)),
            error = self.send(engine, waits) => Err(text(&error)),
        }
    }

    /// Sends the signals that are not on disk yet; whoever sends them knows that by their answers.
    async fn send(&self, engine: &Engine, waits: &Waits) -> EngineError {
        for signal in self.test.signals.iter().skip(self.sent()) {
            waits.until(signal.kind).await;
            match (signal.send)(engine.clone()).await {
                Ok(()) => {}
                Err(error) if error.kind() == Kind::NotThere => break,
                Err(error) => return error,
            }
        }
        std::future::pending().await
    }

    /// How many signals the journal has.
    fn sent(&self) -> usize {
        let records = self.records().into_iter();
        let recorded = records.filter(|(_, what)| matches!(what, What::Signal(_)));
        recorded.count() + self.memory.mailed()
    }

    /// What the run waits for since before: that is not told again.
    fn waits(&self) -> Waits {
        let waits = Waits::default();
        for (_, what) in self.records() {
            if let What::Waits { signal, .. } = what {
                waits.0.send_if_modified(|kinds| kinds.insert(signal));
            }
        }
        waits
    }

    fn records(&self) -> Vec<(String, What)> {
        let Ok(mut reader) = crate::journal::Store::reader(&self.memory) else {
            return Vec::new();
        };
        let Ok(Some(row)) = reader.find(ID) else {
            return Vec::new();
        };
        let run = row.new.run;
        let records: Vec<Record> = reader.records(run).unwrap_or_default();
        let read = records.into_iter();
        read.filter_map(|record| Some((record.path.clone(), record.what(run).ok()?)))
            .collect()
    }

    fn ended(&self, end: End) -> Result<Ended, String> {
        let world = seen(self.test.world.as_ref(), self.cx)?;
        Ok(Ended { end, world })
    }

    /// Nothing recorded is done again, nothing is done twice, and nothing is recorded that was not done.
    fn check(&self, deeds: &[(Deed, String)]) -> Result<(), String> {
        let mut done = Deeds::new();
        for (kind, path) in deeds {
            let new = done.insert((*kind, path.clone()));
            if self.recorded.contains(&(*kind, path.clone())) {
                let deed = deed(*kind, path);
                return Err(format!("{deed} was done again, though it was on disk"));
            }
            // An undo that failed may be tried again.
            if !new && *kind != Deed::Undo {
                let deed = deed(*kind, path);
                return Err(format!("{deed} was done twice, with no crash between"));
            }
        }
        let records = self.records();
        let timed = |path: &str| {
            let mut records = records.iter();
            records.any(|(other, what)| other == path && matches!(what, What::Timer { .. }))
        };
        for (path, what) in &records {
            let answered = matches!(what, What::Step(stepped) if matches!(stepped.outcome, Outcome::Answer(_)));
            let step = (Deed::Step, path.clone());
            if answered && !timed(path) && !done.contains(&step) && !self.done.contains(&step) {
                return Err(format!("step `{path}` has an answer, and never ran"));
            }
        }
        Ok(())
    }

    fn never_ends(&self) -> String {
        let last = self.records().pop();
        let last = last.map_or_else(
            || "nothing is recorded of it".to_owned(),
            |(path, _)| format!("the last that is recorded of it is of `{path}`"),
        );
        format!("it does not end; {last}; where it waits for a signal, send it one")
    }
}

/// The types of signals that the run waits for.
#[derive(Clone, Default)]
struct Waits(Arc<watch::Sender<BTreeSet<String>>>);

impl Waits {
    fn heard(&self, cx: &Context) -> Context {
        let waits = self.clone();
        listen(cx, move |event| {
            if let Told::Waiting { signal } = &event.what {
                waits
                    .0
                    .send_if_modified(|kinds| kinds.insert(signal.clone()));
            }
        })
    }

    async fn until(&self, kind: &str) {
        // This holds the sender.
        drop(
            self.0
                .subscribe()
                .wait_for(|kinds| kinds.contains(kind))
                .await,
        );
    }
}

/// A time of day that follows tokio's clock.
#[derive(Debug)]
struct Follows {
    base: u64,
    since: Instant,
}

impl Clock for Follows {
    fn now(&self) -> u64 {
        self.base + millis(self.since.elapsed())
    }
}

/// An error with its causes.
fn text(error: &EngineError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
