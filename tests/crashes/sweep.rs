//! The syscall sweep: each write, sync, cut, unlinking and opening of a file is one at which the process
//! is killed, or which fails, or from which on the disk is full.
//!
//! After a kill the next process goes on. After a failure the process says so and acknowledges nothing
//! more; then the next one goes on, and, since a failed sync may have thrown away what it was to keep,
//! so does one after a power cut, and one after a power cut that comes when the next process was at work.

use std::collections::HashMap;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};

use fastrand::Rng;

use crate::cut::disk::{Disk, Fate, Syncs};
use crate::cut::put;
use crate::cut::trace::{self, Event};
use crate::load::Load;
use crate::spread::{seed, spread};
use crate::strace::{self, traced};
use crate::work::Weight;
use crate::world::{Ledger, copy, folder};

/// How many syncs of the file itself are tried, of a heavy run that goes on: it has one each time that the write-ahead log is
/// copied.
const OF_THE_FILE: usize = 3;

/// How many places are tried of each kind: `ENACT_SWEEP`, which may be `all`. A heavy run has thousands
/// of them, and fewer are tried.
fn most(load: Load) -> usize {
    let (told, light) = (std::env::var("ENACT_SWEEP"), load.weight() == Weight::LIGHT);
    match told.as_deref() {
        Ok("all") if light => usize::MAX,
        Ok("all") => 50,
        Ok(told) => told.parse().unwrap(),
        Err(_) if light => 3,
        Err(_) => 0,
    }
}

/// What happens at a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// The process is killed.
    Kill,
    /// The call fails, and the next goes well.
    Io,
    /// The call fails for want of room, and all after it.
    Full,
}

impl Fault {
    /// The calls at which it can happen.
    fn calls(self) -> &'static [&'static str] {
        match self {
            Self::Kill => &[
                "pwrite64",
                "fsync",
                "fdatasync",
                "ftruncate",
                "unlink",
                "openat",
            ],
            Self::Io => &["pwrite64", "fsync", "fdatasync", "ftruncate", "openat"],
            Self::Full => &["pwrite64", "ftruncate", "openat"],
        }
    }

    fn inject(self, call: &str, n: usize) -> String {
        match self {
            Self::Kill => format!("--inject={call}:signal=KILL:when={n}"),
            Self::Io => format!("--inject={call}:error=EIO:when={n}"),
            Self::Full => format!("--inject={call}:error=ENOSPC:when={n}+"),
        }
    }
}

/// The n-th call of a name, by whichever thread comes to its n-th first.
#[derive(Debug, Clone, Copy)]
struct Point {
    fault: Fault,
    call: &'static str,
    n: usize,
    /// Whether only calls for the file itself count.
    alone: bool,
}

impl Point {
    const fn sync_of_the_file(n: usize) -> Self {
        Self {
            fault: Fault::Io,
            call: "fsync",
            n,
            alone: true,
        }
    }
}

/// What came of a point.
struct Tried {
    /// Whether the process noticed: it was killed, or said that it stops.
    noticed: bool,
    /// Whether that was after it had acknowledged something.
    at_work: bool,
}

/// A file that processes begin with: none, or one whose process was killed half way.
struct Base {
    name: String,
    load: Load,
    folder: PathBuf,
    counts: HashMap<&'static str, usize>,
}

impl Base {
    /// None yet. In one that is heavy the write-ahead log is copied into the file while work is under way.
    fn fresh(load: Load) -> Self {
        let name = format!("fresh-{}", load.told());
        let base = folder(&format!("sweep-{name}"));
        Self::of(name, load, base)
    }

    fn half(fresh: &Self) -> Self {
        let name = format!("half-{}", fresh.load.told());
        let half = folder(&format!("sweep-{name}"));
        let kill = Fault::Kill.inject("pwrite64", fresh.counts["pwrite64"] / 2);
        let trace = half.join("trace");
        let status = traced(&half, fresh.load, &trace, &[kill]);
        assert_eq!(status.signal(), Some(9));
        std::fs::remove_file(trace).unwrap();
        Self::of(name, fresh.load, half)
    }

    /// Counts the calls of an undisturbed process: the most of each name by one thread.
    fn of(name: String, load: Load, base: PathBuf) -> Self {
        let tried = folder(&format!("sweep-{name}-undisturbed"));
        copy(&base, &tried);
        let trace = tried.join("trace");
        assert!(traced(&tried, load, &trace, &watched(&tried, load)).success());
        let text = std::fs::read_to_string(trace).unwrap();
        std::fs::remove_dir_all(tried).unwrap();
        let mut threads: HashMap<(&str, &'static str), usize> = HashMap::new();
        for line in text.lines() {
            let (thread, rest) = line.split_once(' ').unwrap();
            let called = rest.trim_start().split_once('(').map(|(called, _)| called);
            let known = Fault::Kill
                .calls()
                .iter()
                .find(|&&call| Some(call) == called);
            if let Some(call) = known {
                *threads.entry((thread, call)).or_default() += 1;
            }
        }
        let mut counts: HashMap<&'static str, usize> = HashMap::new();
        for ((_, call), count) in threads {
            let most = counts.entry(call).or_default();
            *most = count.max(*most);
        }
        Self {
            name,
            load,
            folder: base,
            counts,
        }
    }

    /// The points to try: all, or so many of each kind.
    fn points(&self, rng: &mut Rng) -> Vec<Point> {
        let most = most(self.load);
        let mut points = Vec::new();
        for fault in [Fault::Kill, Fault::Io, Fault::Full] {
            for &call in fault.calls() {
                let count = self.counts.get(call).copied().unwrap_or_default();
                let mut all: Vec<usize> = (1..=count).collect();
                rng.shuffle(&mut all);
                all.truncate(most);
                let alone = false;
                points.extend(all.into_iter().map(|n| Point {
                    fault,
                    call,
                    n,
                    alone,
                }));
            }
        }
        points
    }

    fn try_out(&self, point: Point) -> Result<Tried, String> {
        let Point {
            fault,
            call,
            n,
            alone,
        } = point;
        let of = if alone { " of the file" } else { "" };
        let tried = folder(&format!("sweep-{}-{fault:?}-{call}{of}-{n}", self.name));
        copy(&self.folder, &tried);
        let outcome = meet(&tried, self.load, point);
        std::fs::remove_dir_all(&tried).unwrap();
        outcome.map_err(|error| format!("{}, {fault:?} at {call}{of} {n}: {error}", self.name))
    }
}

/// The files whose calls count, so that the n-th is one of them. The index of the write-ahead
/// log is made again by each process and is not among them.
fn watched(folder: &Path, load: Load) -> Vec<String> {
    let path = load.path(folder).display().to_string();
    let files = [
        path.clone(),
        format!("{path}-wal"),
        format!("{path}-journal"),
    ];
    let places = files.into_iter().chain([folder.display().to_string()]);
    places
        .map(|place| format!("--trace-path={place}"))
        .collect()
}

/// Lets a process meet its fault, and the next ones go on.
fn meet(folder: &Path, load: Load, point: Point) -> Result<Tried, String> {
    let mut disk = Disk::of(folder);
    let before = Ledger::lines(folder).len();
    let trace = folder.join("trace");
    let mut inject = watched(folder, load);
    if point.alone {
        inject.truncate(1);
    }
    inject.push(point.fault.inject(point.call, point.n));
    let status = traced(folder, load, &trace, &inject);
    if point.fault == Fault::Kill {
        load.check(folder)?;
        let noticed = status.signal() == Some(9);
        let at_work = false;
        return Ok(Tried { noticed, at_work });
    }
    disk.seen = Ledger::lines(folder);
    let noticed = is_told(&disk.seen[before..], status.code(), &load.path(folder))?;
    let at_work = noticed && disk.seen.iter().any(|line| line.starts_with("ack "));
    if point.alone {
        // What became of the other files was not noted.
        if !noticed {
            is_harmless(&trace, folder, load)?;
        }
        load.check(folder)?;
        return Ok(Tried { noticed, at_work });
    }
    let events = trace::read(&std::fs::read_to_string(trace).unwrap(), folder);
    let file = load.file();
    has_stopped(&events, file)?;
    for event in &events {
        disk.apply(event, Syncs::Heeded);
    }
    let checked = check_after_cut(&disk, folder, load);
    checked.map_err(|error| format!("then a power cut: {error}"))?;
    go_on(&mut disk, folder, load)?;
    let checked = check_after_cut(&disk, folder, load);
    checked.map_err(|error| format!("then the next process, and a power cut: {error}"))?;
    load.check(folder)?;
    Ok(Tried { noticed, at_work })
}

/// Lets the next process do all that is left; the disk is as it was when the outside saw the last of that.
fn go_on(disk: &mut Disk, folder: &Path, load: Load) -> Result<(), String> {
    let trace = folder.join("trace-next");
    if !traced(folder, load, &trace, &[]).success() {
        let lines = Ledger::lines(folder);
        return Err(format!("the next process stopped: {:?}", lines.last()));
    }
    let events = trace::read(&std::fs::read_to_string(trace).unwrap(), folder);
    let seen = |event: &Event| matches!(event, Event::Seen { .. });
    let up_to = events.iter().rposition(seen).map_or(0, |last| last + 1);
    for event in &events[..up_to] {
        disk.apply(event, Syncs::Heeded);
    }
    Ok(())
}

/// After a sync that failed nothing more is added to the write-ahead log.
fn has_stopped(events: &[Event], file: &str) -> Result<(), String> {
    let log = format!("{file}-wal");
    let failed = |event: &Event| matches!(event, Event::Synced { well: false, .. });
    let failed = events.iter().position(failed).unwrap_or(events.len());
    let added = |event: &Event| matches!(event, Event::Write { name, .. } if *name == log);
    if events[failed..].iter().any(added) {
        return Err("it went on writing after a sync that failed".to_owned());
    }
    Ok(())
}

/// Where a process did not notice a fault, there was none, or all that was to be copied stays where it was.
fn is_harmless(trace: &Path, folder: &Path, load: Load) -> Result<(), String> {
    let trace = std::fs::read_to_string(trace).unwrap();
    let log = folder.join(format!("{}-wal", load.file()));
    if trace.contains("(INJECTED)") && !log.exists() {
        return Err("it did not notice a sync that failed".to_owned());
    }
    Ok(())
}

/// Lets a process go on where a power cut took all that it could after the failure.
fn check_after_cut(disk: &Disk, failed: &Path, load: Load) -> Result<(), String> {
    let name = failed.file_name().unwrap();
    let cut = folder(&format!("{}-cut", name.display()));
    put(disk, Fate::Lost, &mut Rng::with_seed(0), &cut);
    let checked = load.check(&cut);
    std::fs::remove_dir_all(&cut).unwrap();
    checked
}

/// Whether a process that met a failure stopped; where it did, it said so and why.
fn is_told(lines: &[String], code: Option<i32>, path: &Path) -> Result<bool, String> {
    if lines.iter().any(|line| line == "ack late") {
        return Err("something was acknowledged after a failure".to_owned());
    }
    let told: Vec<&String> = lines
        .iter()
        .filter(|line| line.starts_with("refused "))
        .collect();
    let stopped = code != Some(0);
    let path = path.display().to_string();
    if stopped == told.is_empty() || !told.iter().all(|line| line.contains(&path)) {
        return Err(format!("it ended with {code:?} and said {told:?}"));
    }
    Ok(stopped)
}

#[test]
fn each_fault_of_the_system_is_told_and_the_next_process_goes_on() {
    sweep(Load::Runs);
}

#[test]
fn each_fault_is_told_by_a_log_of_signals_and_the_next_process_goes_on() {
    sweep(Load::Signals);
}

fn sweep(load: fn(Weight) -> Load) {
    if !strace::is_there() {
        return;
    }
    let seed = seed();
    let mut rng = Rng::with_seed(seed);
    let fresh = Base::fresh(load(Weight::LIGHT));
    let (half, heavy) = (Base::half(&fresh), Base::fresh(load(Weight::HEAVY)));
    let half_heavy = Base::half(&heavy);
    let of_the_file = (1..=OF_THE_FILE).map(Point::sync_of_the_file);
    let mut points: Vec<_> = of_the_file.map(|point| (&half_heavy, point)).collect();
    for base in [&fresh, &half, &heavy] {
        points.extend(base.points(&mut rng).into_iter().map(|point| (base, point)));
    }
    let tried = spread(points.len(), |number| {
        let (base, point) = points[number];
        base.try_out(point)
    });
    let (mut noticed, mut copying, mut wrong) = (0, 0, Vec::new());
    for (tried, (_, point)) in tried.into_iter().zip(&points) {
        match tried {
            Ok(tried) => {
                noticed += usize::from(tried.noticed);
                copying += usize::from(tried.at_work && point.alone);
            }
            Err(error) => wrong.push(error),
        }
    }
    println!(
        "{} faults, {noticed} noticed, ENACT_SEED={seed}",
        points.len()
    );
    assert!(wrong.is_empty(), "ENACT_SEED={seed}: {wrong:#?}");
    assert!(noticed * 2 > points.len(), "most faults are to be met");
    assert!(
        copying > 0,
        "a sync of the file is to fail while its log is copied"
    );
    for base in [fresh, half, heavy, half_heavy] {
        std::fs::remove_dir_all(base.folder).unwrap();
    }
}
