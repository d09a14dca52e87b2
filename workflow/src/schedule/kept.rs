//! The schedules of one engine.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use tokio::sync::Mutex;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::drive::Task;
use super::{At, Schedule, Scheduled};
use crate::engine::{Engine, EngineError, Kind};
use crate::run::Workflow;

/// How many bytes a name may have.
const MOST_NAME: usize = 200;

/// The schedules of one engine, by their names.
#[derive(Default)]
pub(crate) struct Schedules(Mutex<BTreeMap<String, Kept>>);

/// A schedule that is at work.
struct Kept {
    task: Arc<Task>,
    ending: CancellationToken,
    work: JoinHandle<()>,
}

impl Schedules {
    /// Puts a schedule to work, until the engine ends or it is removed.
    pub(crate) async fn add<W>(
        &self,
        engine: &Engine,
        name: &str,
        schedule: Schedule,
        make: impl Fn(&At) -> W + Send + Sync + 'static,
    ) -> Result<(), EngineError>
    where
        W: Workflow<Output: DeserializeOwned>,
    {
        let task = Task::new(name, schedule, make, engine.now());
        self.put(engine, name, task).await
    }

    async fn put(&self, engine: &Engine, name: &str, task: Task) -> Result<(), EngineError> {
        if name.is_empty() || name.len() > MOST_NAME {
            let why = format!("a name has 1 to {MOST_NAME} bytes");
            return Err(EngineError::schedule(Kind::Refused, name, &why));
        }
        let mut kept = self.0.lock().await;
        if kept.get(name).is_some_and(|kept| !kept.work.is_finished()) {
            let why = "there is one of that name; take another, or `unschedule` it before";
            return Err(EngineError::schedule(Kind::Taken, name, why));
        }
        task.take_up(engine).await?;
        let (task, ending) = (Arc::new(task), engine.ending());
        let work = spawn(Arc::clone(&task), engine, ending.clone());
        let new = Kept { task, ending, work };
        kept.insert(name.to_owned(), new);
        Ok(())
    }

    /// Ends a schedule, and forgets what it has dealt with.
    pub(crate) async fn remove(&self, engine: &Engine, name: &str) -> Result<(), EngineError> {
        let mut all = self.0.lock().await;
        let Some(kept) = all.get_mut(name) else {
            let why = "there is none of that name; `schedules` tells which there are";
            return Err(EngineError::schedule(Kind::NotThere, name, why));
        };
        kept.ending.cancel();
        if !kept.work.is_finished() {
            // It does not panic.
            drop((&mut kept.work).await);
        }
        kept.task.note(engine, None).await?;
        all.remove(name);
        Ok(())
    }

    /// What there is to tell of each, in the order of their names.
    pub(crate) async fn told(&self, now: u64) -> Vec<Scheduled> {
        let kept = self.0.lock().await;
        let at_work = kept.values().filter(|kept| !kept.work.is_finished());
        at_work.map(|kept| kept.task.told(now)).collect()
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "it ends with the engine, and who removes it waits for it"
)]
fn spawn(task: Arc<Task>, engine: &Engine, ending: CancellationToken) -> JoinHandle<()> {
    let engine = engine.faint();
    tokio::spawn(async move { task.keep(engine, ending).await })
}
