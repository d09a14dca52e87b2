//! Starts what is due, when it is.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::de::DeserializeOwned;
use tokio_util::sync::CancellationToken;

use super::due::Progress;
use super::{At, Schedule, Scheduled};
use crate::engine::{Engine, EngineError, Kind, reason};
use crate::journal::Body;
use crate::run::Workflow;

/// How often the clock is looked at, which may have jumped.
const LOOK: Duration = Duration::from_secs(10);

type Starting = Pin<Box<dyn Future<Output = Result<(), EngineError>> + Send>>;
type Starter = dyn Fn(Engine, String, At) -> Starting + Send + Sync;

/// A schedule, and what it starts.
pub(super) struct Task {
    name: String,
    schedule: Schedule,
    start: Box<Starter>,
    progress: Mutex<Progress>,
}

impl Task {
    pub(super) fn new<W>(
        name: &str,
        schedule: Schedule,
        make: impl Fn(&At) -> W + Send + Sync + 'static,
        now: u64,
    ) -> Self
    where
        W: Workflow<Output: DeserializeOwned>,
    {
        let start = move |engine: Engine, id: String, at: At| -> Starting {
            let made = catch_unwind(AssertUnwindSafe(|| make(&at)));
            Box::pin(async move {
                let made = made.map_err(|_| {
                    let why = "the function that makes its workflow has panicked";
                    EngineError::schedule(Kind::Refused, &id, why)
                })?;
                engine.start(&id, made).await.map(drop)
            })
        };
        Self {
            name: name.to_owned(),
            progress: Mutex::new(Progress::new(&schedule, now)),
            schedule,
            start: Box::new(start),
        }
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Goes on where the journal says, or begins.
    pub(super) async fn take_up(&self, engine: &Engine) -> Result<(), EngineError> {
        let new = self.progress().clone();
        match self.noted(engine).await? {
            Some(noted) if noted.schedule == new.schedule => {
                *self.progress() = noted;
                Ok(())
            }
            _ => self.note(engine, Some(&new)).await,
        }
    }

    /// Works until it is told to end, or the engine is gone, or its journal takes no more.
    pub(super) async fn keep(
        &self,
        engine: impl Fn() -> Option<Engine>,
        ending: CancellationToken,
    ) {
        let mut looked = None;
        while let Some(engine) = engine() {
            let turn = self.turn(&engine, &ending, &mut looked).await;
            let wait = match turn {
                Ok(Some(wait)) => wait,
                Ok(None) => return,
                Err(error) => {
                    if ending.is_cancelled() || engine.has_failed() {
                        return;
                    }
                    let (schedule, why) = (&*self.name, reason(&error));
                    tracing::error!(target: "enact::workflow", schedule, why, "could not start what is due; trying again");
                    LOOK
                }
            };
            drop(engine);
            tokio::select! {
                () = ending.cancelled() => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Starts what is due; how long there is nothing more to do, unless this is at its end.
    async fn turn(
        &self,
        engine: &Engine,
        ending: &CancellationToken,
        looked: &mut Option<u64>,
    ) -> Result<Option<Duration>, EngineError> {
        let now = engine.now();
        let before = looked.unwrap_or(now);
        let mut progress = self.progress().clone();
        if progress.due(&self.schedule, before, now).is_some() {
            match self.noted(engine).await? {
                // Others may have started it, and it may have ended since.
                Some(noted) if noted.is_ahead_of(&progress) => progress = noted,
                Some(_) => {}
                None => return Ok(None),
            }
            if let Some(due) = progress.due(&self.schedule, before, now) {
                for time in due.start {
                    if ending.is_cancelled() {
                        return Ok(None);
                    }
                    self.start(engine, time).await?;
                }
                self.note(engine, Some(&due.after)).await?;
                progress = due.after;
            }
            self.progress().clone_from(&progress);
        }
        *looked = Some(now);
        let left = progress.next(&self.schedule, now).map_or(LOOK, |next| {
            Duration::from_millis(next.saturating_sub(engine.now()))
        });
        Ok(Some(left.min(LOOK)))
    }

    /// Starts an occurrence; fails only where that may go well another time.
    async fn start(&self, engine: &Engine, time: u64) -> Result<(), EngineError> {
        let at = self.schedule.at(time);
        let id = format!("{}/{at}", self.name);
        let started = (self.start)(engine.clone(), id.clone(), at).await;
        match started {
            // A run that is there and can't go on has been started.
            Err(error) if error.kind() == Kind::Journal => Err(error),
            Err(error) if error.kind() != Kind::Held => {
                let (schedule, why) = (&*self.name, reason(&error));
                tracing::error!(target: "enact::workflow", schedule, run = id, why, "an occurrence is not started");
                Ok(())
            }
            _ => Ok(()),
        }
    }

    async fn noted(&self, engine: &Engine) -> Result<Option<Progress>, EngineError> {
        let Some(body) = engine.note(self.place()).await? else {
            return Ok(None);
        };
        body.read().map_err(|_| {
            let why = "what the journal keeps of it can't be read; give it another name";
            EngineError::schedule(Kind::Journal, &self.name, why)
        })
    }

    /// Keeps up to where all is dealt with; or that the schedule has ended.
    pub(super) async fn note(
        &self,
        engine: &Engine,
        progress: Option<&Progress>,
    ) -> Result<(), EngineError> {
        let body = Body::of(&progress).map_err(|error| {
            EngineError::schedule(Kind::Journal, &self.name, &error.to_string())
        })?;
        engine.write_note(self.place(), body).await
    }

    fn place(&self) -> String {
        format!("schedule/{}", self.name)
    }

    /// What there is to tell of it.
    pub(super) fn told(&self, now: u64) -> Scheduled {
        let progress = self.progress();
        Scheduled {
            name: self.name.clone(),
            schedule: progress.schedule.clone(),
            next: progress
                .next(&self.schedule, now)
                .map(|time| self.schedule.at(time)),
            last: progress.last.map(|time| self.schedule.at(time)),
        }
    }
}
