//! The fixed run: what each process does, whether it is the first on its journal or goes on after others.

use std::collections::HashSet;
use std::error::Error;
use std::fs::File;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use enact::prelude::*;
use enact::workflow::Signals;
use enact::workflow::engine::{Engine, EngineError, Kind as Why};
use tokio::task::JoinSet;

use crate::world::{Approved, Everything, Ledger, journal};

/// How many runs there are, all at once, so that a commit has records of several.
pub(crate) const RUNS: u32 = 4;

/// A process that has not ended by then waits for something that it has lost.
pub(crate) const HANGS: Duration = Duration::from_secs(30);

/// How many bytes the heavier steps answer with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Weight(pub(crate) u32);

impl Weight {
    /// Small enough that all the journal is a few pages.
    pub(crate) const LIGHT: Self = Self(0);
    /// Enough that the write-ahead log is copied into the file, and begun again, while runs are under way.
    pub(crate) const HEAVY: Self = Self(700_000);
}

/// The params of a run.
pub(crate) fn run(n: u32, weight: Weight) -> Everything {
    let end = if n % 3 == 2 { "bad" } else { "end" };
    Everything::new(n, weight.0, end)
}

pub(crate) fn id(n: u32) -> String {
    format!("run-{n}")
}

/// Why a process ended before its work was done.
#[derive(Debug)]
pub(crate) enum Stopped {
    /// It said that the journal can't be opened or written.
    Refused,
    /// It panicked.
    Panicked(String),
    /// It waited for what did not come.
    Hung,
}

/// Works through all runs and tells the ledger what was acknowledged; what is there already goes on.
///
/// When this returns the journal is closed.
pub(crate) fn work(folder: &Path, weight: Weight) -> Result<(), Stopped> {
    work_for(folder, weight, HANGS)
}

/// The same, where a process hangs after so long.
pub(crate) fn work_for(folder: &Path, weight: Weight, hangs: Duration) -> Result<(), Stopped> {
    let process = || process(folder, weight, hangs);
    let ended = std::thread::scope(|threads| threads.spawn(process).join());
    closed(folder);
    ended.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        Err(Stopped::Panicked(text.unwrap_or_default()))
    })
}

/// Waits until the journal's writer, which has a thread of its own, has let go of it.
fn closed(folder: &Path) {
    let mut lock = journal(folder).into_os_string();
    lock.push(".lock");
    if let Ok(file) = File::open(PathBuf::from(lock)) {
        file.lock().unwrap();
    }
}

fn process(folder: &Path, weight: Weight, hangs: Duration) -> Result<(), Stopped> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let ledger = Ledger::open(folder);
    let work = everything(folder, weight, &ledger);
    let ended = runtime
        .unwrap()
        .block_on(async { tokio::time::timeout(hangs, work).await });
    ended.map_err(|_| Stopped::Hung)?
}

async fn everything(folder: &Path, weight: Weight, ledger: &Ledger) -> Result<(), Stopped> {
    let cx = Context::builder().resource(ledger.clone());
    let cx = cx.resource(Signals::new()).build();
    let engine = match Engine::open(journal(folder), &cx) {
        Ok(engine) => engine,
        Err(error) => return Err(ledger.refused(&error)),
    };
    let lines = Ledger::lines(folder).into_iter();
    let signalled: HashSet<String> = lines
        .filter_map(|line| Some(line.strip_prefix("ack signalled ")?.to_owned()))
        .collect();
    let mut runs = JoinSet::new();
    for n in 0..RUNS {
        let (engine, ledger) = (engine.clone(), ledger.clone());
        let signal = !signalled.contains(&id(n));
        runs.spawn(async move { one(&engine, &ledger, n, weight, signal).await });
    }
    let mut ended = Ok(());
    while let Some(one) = runs.join_next().await {
        let one = one.unwrap_or_else(|error| resume_unwind(error.into_panic()));
        if let Err(error) = one {
            ended = Err(ledger.refused(&*error));
        }
    }
    if ended.is_err() {
        // What is asked for after a failure is never acknowledged.
        match engine.start("late", run(0, weight)).await {
            Ok(_) => ledger.write("ack late"),
            Err(error) => ended = Err(ledger.refused(&error)),
        }
    }
    ended
}

/// Starts a run, sends its signal if nobody has, and waits for its answer.
async fn one(
    engine: &Engine,
    ledger: &Ledger,
    n: u32,
    weight: Weight,
    signal: bool,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let id = id(n);
    let run = engine.start(&id, run(n, weight)).await?;
    ledger.write(&format!("ack started {id}"));
    if signal {
        let by = "ada".to_owned();
        match engine.signal(&id, &Approved { by }, None).await {
            Ok(()) => ledger.write(&format!("ack signalled {id}")),
            Err(error) if has_ended(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let answer = match run.answer().await {
        Ok(answer) => answer,
        Err(failure) if failure.code() == "make.bad" => failure.code().to_owned(),
        Err(failure) => return Err(failure.into()),
    };
    ledger.write(&format!("ack answered {id} {answer}"));
    Ok(())
}

/// A run that had its signal before may have ended by now.
fn has_ended(error: &EngineError) -> bool {
    error.kind() == Why::NotThere
}
