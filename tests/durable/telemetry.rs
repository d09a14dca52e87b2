//! What is told of durable runs: events, spans, metrics.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::Ordering;

use enact::context::Trace;
use enact::prelude::*;
use enact::testing::Stage;
use enact::workflow::engine::Engine;
use enact::workflow::event::{Events, RunEvent};
use enact::workflow::journal::Memory;
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};

use crate::ledger::{Everything, Ledger, Look, Make, expected, folder};
use crate::parking::{counted, hasty};
use crate::resuming::{Gate, Pass, gated};
use crate::runs::{Approved, Wait, cx, reopened};

workflow! {
    /// Looks, inside of another run.
    Within { at: u32 } -> u32 {
        step look = Look { at };
        branch more = if look > 0 { step again = Look { at: look }; again } else { 0 };
        more
    }
}

workflow! {
    /// Looks and waits at the gate, inside of another run.
    Until { at: u32 } -> String {
        step look = Look { at };
        step passed = Pass { so_far: look.to_string() };
        passed
    }
}

workflow! {
    /// Has done much by the time it is at the gate.
    Much {} -> String {
        step made = Make { what: "a".to_owned() };
        branch more = if made.is_empty() { 0 } else { step look = Look { at: 1 }; look };
        step done = Within { at: more };
        parallel items = for n in 0..2_u32, max = 1 { step item = Look { at: n }; item };
        sleep "1ms";
        step open = Until { at: done };
        format!("{made} {open} {}", items.len())
    }
}

/// An event in a line: where, and what.
fn line(told: &RunEvent) -> String {
    let json = serde_json::to_value(told).unwrap();
    assert_eq!(
        (&json["run"], json["workflow"].is_string()),
        (&"a".into(), true)
    );
    let path = json["path"].as_str().unwrap();
    format!("{path} {}", json["event"].as_str().unwrap())
}

/// The lines up to one that begins so.
async fn lines(events: &mut Events<RunEvent>, last: &str) -> Vec<String> {
    let mut lines = Vec::new();
    while let Some(told) = events.next().await {
        lines.push(line(&told));
        if lines.last().is_some_and(|line| line == last) {
            break;
        }
    }
    lines
}

/// Does something with an engine in a runtime of its own, which ends with all its tasks as a process does.
fn process<T: Send>(folder: &Path, act: impl AsyncFnOnce(Engine) -> T + Send) -> T {
    let run = || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.unwrap().block_on(async {
            let gate = Gate::default();
            let open = Ledger::lines(&folder.join("ledger")).contains(&"at the gate".to_owned());
            gate.0.store(open, Ordering::Release);
            act(reopened(folder, &gated(folder, &gate)).await).await
        })
    };
    std::thread::scope(|threads| threads.spawn(run).join().unwrap())
}

#[test]
fn what_is_recorded_is_not_told_again() {
    let folder = folder("telemetry-again");
    let first = process(&folder, async |engine: Engine| {
        let mut events = engine.events();
        engine.start("a", Much::new()).await.unwrap();
        lines(&mut events, "open/passed step_started").await
    });
    let expected = [
        " run_started",
        "made step_started",
        "made step_finished",
        "more branch_taken",
        "more/look step_started",
        "more/look step_finished",
        "done step_started",
        "done run_started",
        "done/look step_started",
        "done/look step_finished",
        "done/more branch_taken",
        "done/more/again step_started",
        "done/more/again step_finished",
        "done run_finished",
        "done step_finished",
        "items fan_out",
        "items[0]/item step_started",
        "items[0]/item step_finished",
        "items[1]/item step_started",
        "items[1]/item step_finished",
        "sleep sleeping",
        "open step_started",
        "open run_started",
        "open/look step_started",
        "open/look step_finished",
        "open/passed step_started",
    ];
    assert_eq!(first, expected);
    let second = process(&folder, async |engine: Engine| {
        let mut events = engine.events();
        lines(&mut events, " run_finished").await
    });
    let expected = [
        " run_resumed",
        "open/passed step_started",
        "open/passed step_finished",
        "open run_finished",
        "open step_finished",
        " run_finished",
    ];
    assert_eq!(second, expected);
}

#[tokio::test]
async fn a_run_that_waits_is_told_of_once() {
    let (cx, _) = cx("telemetry-waits");
    let memory = Memory::default();
    let engine = Engine::with(Box::new(memory), hasty(), &cx).unwrap();
    let mut events = engine.events();
    engine.start("a", Wait::new("1042")).await.unwrap();
    counted(&engine, |counts| counts.waiting == 1).await;
    let signal = Approved {
        by: "ada".to_owned(),
    };
    let sent = engine.signal("a", &signal, Some("1042".to_owned()));
    sent.await.unwrap();
    let told = lines(&mut events, " run_finished").await;
    let expected = [
        " run_started",
        "made step_started",
        "made step_finished",
        "approval waiting",
        " run_parked",
        " run_resumed",
        "approval received",
        " run_finished",
    ];
    assert_eq!(told, expected);
    engine.close().await;
    assert!(events.next().await.is_none());
}

/// Notes its span, and waits at the gate.
#[derive(Debug, Action)]
#[action(effect = read)]
struct Trail;

impl Run for Trail {
    type Output = String;

    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        let trace = cx.trace().map(ToString::to_string).unwrap_or_default();
        cx.resource::<Ledger>()?.write(&trace)?;
        Pass { so_far: trace }.run(cx).await
    }
}

workflow! {
    /// Notes its span.
    Trailed {} -> String { step trail = Trail; trail }
}

/// The spans that a run noted before its process ended and after.
fn trail(name: &str, parent: Option<Trace>) -> [Trace; 2] {
    let folder = folder(name);
    let ledger = folder.join("ledger");
    process(&folder, async |engine: Engine| {
        match parent {
            Some(parent) => engine.start_in(&parent, "a", Trailed::new()).await,
            None => engine.start("a", Trailed::new()).await,
        }
        .unwrap();
        while !Ledger::lines(&ledger).contains(&"at the gate".to_owned()) {
            tokio::task::yield_now().await;
        }
    });
    process(&folder, async |engine: Engine| {
        engine.run("a").await.unwrap().answer().await.unwrap()
    });
    let lines = Ledger::lines(&ledger);
    [&lines[0], &lines[2]].map(|line| line.parse().unwrap())
}

#[test]
fn a_run_is_of_one_trace_in_all_processes_and_its_steps_of_several_spans() {
    let [before, after] = trail("telemetry-trace", None);
    assert_eq!(before.trace_id(), after.trace_id());
    assert_ne!(before.span_id(), after.span_id());
    let [other, _] = trail("telemetry-trace-other", None);
    assert_ne!(before.trace_id(), other.trace_id());
    let parent = Trace::root();
    let [before, after] = trail("telemetry-trace-given", Some(parent));
    let spans: BTreeSet<u64> = [parent, before, after].iter().map(Trace::span_id).collect();
    assert_eq!(spans.len(), 3);
    let traces: BTreeSet<u128> = [parent, before, after]
        .iter()
        .map(Trace::trace_id)
        .collect();
    assert_eq!(traces.len(), 1);
}

#[tokio::test]
async fn a_run_that_waits_for_room_keeps_the_trace_it_was_started_in() {
    let folder = folder("telemetry-room");
    let gate = Gate::default();
    let settings = hasty().most_live(1);
    let memory = Box::new(Memory::default());
    let engine = Engine::with(memory, settings, &gated(&folder, &gate)).unwrap();
    let first = engine.start("a", Trailed::new()).await.unwrap();
    let parent = Trace::root();
    let second = engine.start_in(&parent, "b", Trailed::new()).await.unwrap();
    // Both may have been started while somebody looked for runs that wait for room.
    while engine.live() == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(engine.live(), 1);
    engine.cancel("a").await.unwrap();
    assert_eq!(first.answer().await.unwrap_err().kind(), Kind::Cancelled);
    gate.0.store(true, Ordering::Release);
    while Ledger::lines(&folder.join("ledger")).len() < 4 {
        tokio::task::yield_now().await;
    }
    engine.cancel("b").await.ok();
    drop(second);
    let trace: Trace = Ledger::lines(&folder.join("ledger"))[2].parse().unwrap();
    assert_eq!(trace.trace_id(), parent.trace_id());
}

/// Runs to its end on a stage.
fn staged(stage: &Stage, name: &str, end: &str) {
    let (cx, _) = cx(name);
    stage.run(async |_| {
        let engine = Engine::memory(&cx).unwrap();
        let run = engine
            .start("a", Everything::new(2_u32, end))
            .await
            .unwrap();
        match run.answer().await {
            Ok(answer) => assert_eq!(answer, expected(2)),
            Err(failure) => assert_eq!(failure.code(), "make.bad"),
        }
        engine.close().await;
    });
}

#[test]
fn a_stay_in_memory_is_a_span_around_those_of_its_steps() {
    let stage = Stage::new();
    staged(&stage, "telemetry-spans", "end");
    let told = stage.told();
    let spans = told
        .iter()
        .filter(|told| ["run", "action"].contains(&&*told.name));
    let spans: Vec<_> = spans.collect();
    let run = &spans[0].fields;
    let fields = ["id", "workflow", "version", "resumed", "outcome"].map(|field| &*run[field]);
    assert_eq!(fields, ["a", "everything", "1", "false", "ok"]);
    let [own, parent]: [Trace; 2] = ["trace", "parent"].map(|field| run[field].parse().unwrap());
    assert_eq!(
        (own.trace_id(), own.is_sampled()),
        (parent.trace_id(), true)
    );
    assert!(
        spans[1..]
            .iter()
            .all(|span| span.inside.as_deref() == Some("run"))
    );
    let traced = |span: &str| span.parse::<Trace>().unwrap().trace_id() == own.trace_id();
    // All of its steps.
    assert_eq!(spans.len(), 1 + 11);
    assert!(spans[1..].iter().all(|span| traced(&span.fields["trace"])));
}

fn gauge(stage: &Stage, state: &str) -> String {
    stage.gauge("enact_runs", &[("state", state)]).to_string()
}

#[test]
fn runs_are_counted_by_how_they_ended() {
    let stage = Stage::new();
    let labels = |outcome| [("workflow", "everything"), ("outcome", outcome)];
    staged(&stage, "telemetry-counted", "end");
    assert_eq!(stage.counter("enact_runs_total", &labels("ok")), 1);
    staged(&stage, "telemetry-counted", "end");
    assert_eq!(stage.recorded("enact_run_seconds", &labels("ok")), 1);
    staged(&stage, "telemetry-counted", "bad");
    assert_eq!(stage.counter("enact_runs_total", &labels("failed")), 1);
    staged(&stage, "telemetry-counted", "end");
    assert_eq!(gauge(&stage, "running"), "0");
}

#[test]
fn runs_in_memory_and_in_the_journal_are_gauged() {
    let stage = Stage::new();
    let folder = folder("telemetry-gauged");
    stage.run(async |_| {
        let (memory, cx) = (Memory::default(), gated(&folder, &Gate::default()));
        let engine = Engine::with(Box::new(memory), hasty(), &cx).unwrap();
        engine.start("a", Wait::new("1042")).await.unwrap();
        engine.start("at the gate", Trailed::new()).await.unwrap();
        counted(&engine, |counts| counts.waiting == 1).await;
        // Both came, and one has left.
        assert_eq!(gauge(&stage, "running"), "1");
        // The stage's clock goes on by itself; each look sets a gauge to zero.
        while gauge(&stage, "waiting") != "1" {
            tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        }
        engine.close().await;
    });
}

/// The metrics of the whole process: a journal has a thread of its own.
fn snapshots() -> &'static Snapshotter {
    static RECORDER: OnceLock<Snapshotter> = OnceLock::new();
    RECORDER.get_or_init(|| {
        let recorder = DebuggingRecorder::new();
        let snapshots = recorder.snapshotter();
        metrics::set_global_recorder(recorder).unwrap();
        snapshots
    })
}

#[tokio::test]
async fn a_journal_tells_of_its_commits() {
    let snapshots = snapshots();
    let (cx, folder) = cx("telemetry-journal");
    let engine = Engine::open(folder.join("runs.db"), &cx).unwrap();
    let run = engine.start("a", Everything::new(2_u32, "end")).await;
    run.unwrap().answer().await.unwrap();
    engine.close().await;
    let figures = engine.figures();
    assert_eq!((figures.live, &figures.failed.is_some()), (0, &true));
    let told = snapshots.snapshot().into_vec();
    // Those of other tests are among them.
    let told = |name: &str| match told.iter().find(|(key, ..)| key.key().name() == name) {
        Some((.., DebugValue::Counter(count))) => {
            (*count, f64::from(u32::try_from(*count).unwrap()))
        }
        Some((.., DebugValue::Histogram(values))) => {
            let sum = values.iter().map(|value| value.into_inner()).sum();
            (values.len() as u64, sum)
        }
        _ => panic!("{name} is not told"),
    };
    assert!(told("enact_journal_commits_total").0 >= figures.commits);
    assert!(told("enact_journal_commit_seconds").0 >= figures.commits);
    let (batches, entries) = told("enact_journal_batch");
    assert!(batches >= figures.commits);
    assert!(entries >= f64::from(u32::try_from(figures.entries).unwrap()));
    // The start and the end, at least.
    assert!(told("enact_journal_wait_seconds").0 >= 2);
    assert!(figures.last_commit.is_some());
}
