//! Durable runs in numbers: processor time a run, memory, recovery, and whether what has ended slows
//! down what runs.
//!
//! Aims: at most 40 µs of processor time for a run of five steps with 64 in flight; an idle process in at
//! most 20 MB and 100,000 runs that wait in at most 120 MB; of 100,000 runs that a crash has stopped the
//! first goes on within 5 seconds and all have ended within 60; a run of 100,000 steps; no slow-down after
//! 1,000,000 runs that have ended.
//!
//! `cargo bench -p enact-benches --bench durable_scale -- cpu memory recovery history ended` runs all; one word,
//! that one alone. `ENACT_SCALE=10` takes that many percent of everything but the history, 1000 ten times as
//! much.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use enact::prelude::*;
use enact::workflow::engine::{Counts, Engine, Settings};
use enact::workflow::signals::Signal;
use serde::de::DeserializeOwned;

/// Counts.
#[derive(Debug, Action)]
struct Count {
    /// From where.
    from: u64,
}

impl Run for Count {
    type Output = u64;

    async fn run(&self, _cx: &Context) -> Result<u64, Failure> {
        Ok(self.from + 1)
    }
}

workflow! {
    /// Counts five times.
    Five { from: u64 } -> u64 {
        step one = Count { from };
        step two = Count { from: one };
        step three = Count { from: two };
        step four = Count { from: three };
        step five = Count { from: four };
        five
    }
}

/// Goes through once the gate is open.
#[derive(Debug, Action)]
#[action(effect = idempotent)]
struct Enter {
    /// Who.
    who: u64,
}

/// A gate, and who has come by.
#[derive(Debug, Default)]
struct Gate {
    open: AtomicBool,
    came: AtomicU64,
}

impl Run for Enter {
    type Output = u64;

    async fn run(&self, cx: &Context) -> Result<u64, Failure> {
        let gate: &Arc<Gate> = cx.resource()?;
        gate.came.fetch_add(1, Ordering::Relaxed);
        if !gate.open.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        Ok(self.who)
    }
}

workflow! {
    /// Is half done when it comes to the gate.
    Half { who: u64 } -> u64 {
        step one = Count { from: who };
        step two = Count { from: one };
        step entered = Enter { who: two };
        entered
    }
}

/// Somebody has approved.
#[derive(Debug, Clone, Params)]
struct Approved {
    /// Who.
    by: String,
}

impl Signal for Approved {
    const TYPE: &'static str = "order.approved";
}

workflow! {
    /// Waits for somebody.
    Approve { order: String } -> String {
        step one = Count { from: 1 };
        wait approval = Approved where subject == order;
        format!("{one} by {}", approval.by)
    }
}

/// Looks.
#[derive(Debug, Action)]
#[action(effect = read)]
struct Look {
    /// How often it has looked.
    seen: u64,
}

impl Run for Look {
    type Output = u64;

    async fn run(&self, _cx: &Context) -> Result<u64, Failure> {
        Ok(self.seen)
    }
}

workflow! {
    /// Looks many times, and waits then.
    Long { times: u64 } -> String {
        parallel seen = for n in 0..times, max = 64 { step look = Look { seen: n }; look };
        wait approval = Approved;
        format!("{} by {}", seen.len(), approval.by)
    }
}

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    let chosen = |word: &str| words.is_empty() || words.iter().any(|chosen| chosen == word);
    let percent: u64 = std::env::var("ENACT_SCALE")
        .ok()
        .and_then(|scale| scale.parse().ok())
        .unwrap_or(100);
    let of = |count: u64| count * percent / 100;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("durable-scale");
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        if chosen("memory") {
            memory(&folder, of(100_000)).await?;
        }
        if chosen("cpu") {
            cpu(&folder, of(100_000)).await?;
        }
        if chosen("recovery") {
            recovery(&folder, of(100_000)).await?;
        }
        if chosen("history") {
            history(&folder).await?;
        }
        if chosen("ended") {
            ended(&folder, of(1_000_000)).await?;
        }
        Ok(())
    })
}

fn tell(line: &str) -> Outcome<()> {
    Ok(writeln!(std::io::stdout().lock(), "{line}")?)
}

/// Runs of five steps, so many in flight; how long they took and how much processor time.
async fn runs(
    engine: &Engine,
    name: &str,
    count: u64,
    flight: usize,
) -> Outcome<(Duration, Duration)> {
    let (begun, before) = (Instant::now(), processor()?);
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..count {
        if tasks.len() >= flight
            && let Some(ended) = tasks.join_next().await
        {
            ended??;
        }
        let (engine, id) = (engine.clone(), format!("{name}-{n}"));
        tasks.spawn(async move {
            let run = engine.start(&id, Five { from: n }).await?;
            run.answer().await
        });
    }
    for answer in tasks.join_all().await {
        answer?;
    }
    Ok((begun.elapsed(), processor()?.saturating_sub(before)))
}

async fn cpu(folder: &Path, count: u64) -> Outcome<()> {
    let engine = Engine::open(folder.join("cpu.db"), &Context::new())?;
    for flight in [1, 64, 256] {
        let count = if flight == 1 { count / 50 } else { count };
        let before = engine.figures().commits;
        let (took, processor) = runs(&engine, &format!("cpu-{flight}"), count, flight).await?;
        let commits = f64::from(u32::try_from(engine.figures().commits - before)?);
        let counted = f64::from(u32::try_from(count)?);
        let rate = counted / took.as_secs_f64();
        let each = processor.as_secs_f64() * 1e6 / counted;
        tell(&format!(
            "{flight} in flight: {rate:.0} runs/s, {each:.0} µs of processor time and {:.2} commits a run",
            commits / counted
        ))?;
    }
    engine.close().await;
    bare(&folder.join("bare.db"), count)
}

/// What as many rows take in as few commits, with nothing around them: each run is a row that begins,
/// five records and an end, and 64 runs share a commit.
fn bare(path: &Path, count: u64) -> Outcome<()> {
    let connection = rusqlite::Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.execute_batch(
        "CREATE TABLE journal (seq INTEGER PRIMARY KEY, run INTEGER, path TEXT, body TEXT)",
    )?;
    let before = processor()?;
    for _ in 0..count * 7 / 64 {
        let transaction = connection.unchecked_transaction()?;
        for run in 0..64 {
            let sql = "INSERT INTO journal (run, path, body) VALUES (?1, ?2, ?3)";
            let mut insert = transaction.prepare_cached(sql)?;
            insert.execute((run, "three", r#"{"is":"step","outcome":{"answer":4}}"#))?;
        }
        transaction.commit()?;
    }
    let processor = processor()?.saturating_sub(before);
    let each = processor.as_secs_f64() * 1e6 / f64::from(u32::try_from(count)?);
    tell(&format!(
        "64 in flight, bare commits of the same rows: {each:.0} µs of processor time a run"
    ))
}

async fn memory(folder: &Path, count: u64) -> Outcome<()> {
    let engine = Engine::open(folder.join("memory.db"), &Context::new())?;
    tell(&format!("idle: {} MB", resident()?))?;
    let begun = Instant::now();
    let order = |n: u64| Approve {
        order: n.to_string(),
    };
    started(&engine, "wait", count, order).await?;
    let started = begun.elapsed();
    while engine.client().counts().await?.waiting < count {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tell(&format!(
        "{count} runs that wait: {} MB, {} in memory; started in {started:.1?}",
        resident()?,
        engine.live()
    ))?;
    let begun = Instant::now();
    let signal = Approved {
        by: "ada".to_owned(),
    };
    engine
        .signal("wait-7", &signal, Some("7".to_owned()))
        .await?;
    let answer = engine.run("wait-7").await?.answer().await?;
    tell(&format!(
        "one of them was woken and answered {answer} in {:.1?}",
        begun.elapsed()
    ))?;
    engine.close().await;
    Ok(())
}

/// Starts so many runs, 256 at a time.
async fn started<W>(
    engine: &Engine,
    name: &str,
    count: u64,
    workflow: impl Fn(u64) -> W,
) -> Outcome<()>
where
    W: Workflow<Output: DeserializeOwned + Send>,
{
    let mut starts = tokio::task::JoinSet::new();
    for n in 0..count {
        if starts.len() >= 256
            && let Some(started) = starts.join_next().await
        {
            started??;
        }
        let (engine, id, workflow) = (engine.clone(), format!("{name}-{n}"), workflow(n));
        starts.spawn(async move { engine.start(&id, workflow).await.map(drop) });
    }
    for started in starts.join_all().await {
        started?;
    }
    Ok(())
}

async fn history(folder: &Path) -> Outcome<()> {
    let path = folder.join("history.db");
    let engine = Engine::open(&path, &Context::new())?;
    let begun = Instant::now();
    engine.start("long", Long { times: 100_000 }).await?;
    while engine.client().counts().await?.waiting < 1 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let wrote = begun.elapsed();
    engine.close().await;
    drop(engine);
    let engine = Engine::open(&path, &Context::new())?;
    let begun = Instant::now();
    let signal = Approved {
        by: "ada".to_owned(),
    };
    engine.signal("long", &signal, None).await?;
    let answer = engine.run("long").await?.answer().await?;
    tell(&format!(
        "a run of 100,000 steps: written in {wrote:.1?}; opened again, signalled and answered {answer} in {:.1?}, {} MB",
        begun.elapsed(),
        resident()?
    ))?;
    engine.close().await;
    Ok(())
}

async fn recovery(folder: &Path, count: u64) -> Outcome<()> {
    let path: PathBuf = folder.join("recovery.db");
    let gate = Arc::new(Gate::default());
    let cx = Context::builder().resource(Arc::clone(&gate)).build();
    let settings = Settings::default().most_live(usize::try_from(count)? + 1);
    let engine = Engine::open_with(&path, settings, &cx)?;
    started(&engine, "half", count, |who| Half { who }).await?;
    while gate.came.load(Ordering::Relaxed) < count {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    engine.close().await;
    drop(engine);
    gate.open.store(true, Ordering::Relaxed);
    gate.came.store(0, Ordering::Relaxed);
    let begun = Instant::now();
    let engine = Engine::open(&path, &cx)?;
    while gate.came.load(Ordering::Relaxed) == 0 {
        tokio::task::yield_now().await;
    }
    let first = begun.elapsed();
    while engine.client().counts().await? != Counts::default() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tell(&format!(
        "{count} half-done runs: the first goes on after {first:.1?}, all have ended after {:.1?}, {} MB",
        begun.elapsed(),
        resident()?
    ))?;
    engine.close().await;
    Ok(())
}

async fn ended(folder: &Path, count: u64) -> Outcome<()> {
    let engine = Engine::open(folder.join("ended.db"), &Context::new())?;
    let probe = count / 50;
    runs(&engine, "warm", probe, 256).await?;
    let (before, _) = runs(&engine, "before", probe, 256).await?;
    runs(&engine, "many", count, 256).await?;
    let (after, _) = runs(&engine, "after", probe, 256).await?;
    let ratio = after.as_secs_f64() / before.as_secs_f64();
    tell(&format!(
        "after {count} ended runs: {ratio:.2} x the time of before"
    ))?;
    engine.close().await;
    Ok(())
}

/// The processor time of this process, in steps of 10 ms.
fn processor() -> Outcome<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after = stat.rsplit(')').next().unwrap_or_default();
    let fields = after.split_whitespace().skip(11).take(2);
    let ticks: u64 = fields.map(|field| field.parse::<u64>().unwrap_or(0)).sum();
    Ok(Duration::from_millis(ticks * 10))
}

/// The memory of this process that is resident, in MB.
fn resident() -> Outcome<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm")?;
    let pages: u64 = statm.split_whitespace().nth(1).unwrap_or("0").parse()?;
    Ok(pages * 4096 / 1_000_000)
}
