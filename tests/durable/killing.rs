//! `kill -9` at any instant: nothing recorded is repeated, nothing acknowledged is lost.
//!
//! The test starts itself again as children that work through runs, kills them, starts others over the same
//! journal, and at the end reads the effects' own ledger and the journal's records. `ENACT_KILLS=500` is the long form.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use enact::prelude::*;
use enact::workflow::Signals;
use enact::workflow::engine::Status;
use enact::workflow::journal::{Body, List};

use crate::ledger::{Everything, Ledger, expected, folder};
use crate::place::{Database, Place};

/// How many runs the children work through.
const RUNS: u32 = 40;

/// The child: works through all runs, and tells on standard output what it has acknowledged.
#[test]
fn child() {
    let Some(place) = Place::of_environment() else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(work(&place));
}

async fn work(place: &Place) {
    let builder = Context::builder().resource(Ledger::open(&place.folder.join("ledger")));
    let cx = builder.resource(Signals::new()).build();
    let engine = place.engine(&cx);
    println!("ready");
    let mut runs = Vec::new();
    for n in 0..RUNS {
        let end = if n % 5 == 4 { "bad" } else { "end" };
        let run = engine
            .start(&format!("run-{n}"), Everything::new(n, end))
            .await
            .unwrap();
        println!("started {n}");
        runs.push((n, run));
    }
    for (n, run) in runs {
        let answer = run.answer().await;
        match n % 5 {
            4 => assert_eq!(answer.unwrap_err().code(), "make.bad"),
            _ => assert_eq!(answer.unwrap(), expected(n)),
        }
        println!("answered {n}");
    }
    println!("done");
}

/// Runs a child until it has told so many lines, then kills it; whether it was done before.
fn child_until(place: &Place, lines: u32) -> bool {
    test_until("killing::child", place, lines)
}

/// The same of the child that is that test.
pub(crate) fn test_until(child: &str, place: &Place, lines: u32) -> bool {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", child, "--nocapture", "--test-threads=1"])
        .envs(place.environment())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let told = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut count = 0;
    for line in told.map_while(Result::ok) {
        if line == "done" {
            assert!(child.wait().unwrap().success());
            return true;
        }
        count += 1;
        if count == lines {
            break;
        }
    }
    assert!(count == lines, "the child ended by itself");
    // SIGKILL, on Unix.
    child.kill().unwrap();
    child.wait().unwrap();
    false
}

/// So many rounds of so many kills, each over a journal of its own: as often as told, or once.
pub(crate) fn rounds(kills: u32) -> u32 {
    let told = std::env::var("ENACT_KILLS").ok();
    let told = told.and_then(|told| told.parse().ok());
    told.map_or(1, |told: u32| told.div_ceil(kills))
}

#[test]
fn killed_again_and_again_it_ends_as_if_undisturbed() {
    const KILLS: u32 = 12;
    for _ in 0..rounds(KILLS) {
        let place = Place::file(&folder("killing"));
        let mut done = 0;
        for kill in 0..KILLS {
            // Not in even steps, so that it meets other instants each time.
            done += u32::from(child_until(&place, 4 + kill * 7 % 23));
        }
        while !child_until(&place, u32::MAX) {}
        assert!(done < KILLS, "nothing was ever killed");
        check(&Ledger::lines(&place.folder.join("ledger")), KILLS);
        check_records(&place, RUNS);
    }
}

#[test]
fn two_workers_that_are_killed_again_and_again_end_as_if_undisturbed() {
    const KILLS: u32 = 6;
    for seed in seeds(KILLS) {
        let Some(database) = Database::new("killing-two") else {
            return;
        };
        println!("ENACT_SEED={seed}");
        let place = &database.0;
        two_workers(KILLS, RUNS * 2, seed, |lines| child_until(place, lines));
        check(&Ledger::lines(&place.folder.join("ledger")), KILLS);
        check_records(place, RUNS);
    }
}

/// The seeds of as many rounds as are asked for, of so many kills each.
pub(crate) fn seeds(kills: u32) -> impl Iterator<Item = u64> {
    let seed = std::env::var("ENACT_SEED").ok();
    let seed = seed.and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or_else(|| fastrand::u64(..));
    (0..rounds(kills)).map(move |round| seed.wrapping_add(u64::from(round)))
}

/// Two workers side by side, each killed half as often and then left to end: after that many lines of its
/// ledger at most, which is before it is done. `until` runs one, and says whether it was done.
pub(crate) fn two_workers(kills: u32, lines: u32, seed: u64, until: impl Fn(u32) -> bool + Sync) {
    let until = &until;
    std::thread::scope(|threads| {
        let worker = |mut chance: fastrand::Rng| {
            threads.spawn(move || {
                for _ in 0..kills / 2 {
                    let lines = chance.u32(1..=lines);
                    assert!(!until(lines), "nothing was killed");
                }
                while !until(u32::MAX) {}
            })
        };
        let mut chance = fastrand::Rng::with_seed(seed);
        worker(chance.fork());
        worker(chance);
    });
}

/// Every run has ended as it should, and nothing of it is recorded twice.
pub(crate) fn check_records(place: &Place, runs: u32) {
    for (id, seen) in check_ended(place, runs) {
        assert!(seen > 8, "{id}: {seen}");
    }
}

/// Every run has ended, and nothing of it is recorded twice; how much is, of each.
pub(crate) fn check_ended(place: &Place, runs: u32) -> Vec<(String, usize)> {
    let mut reader = place.reader();
    let list = List {
        most: 1000,
        ..List::default()
    };
    let rows = reader.list(&list).unwrap();
    assert_eq!(rows.len(), runs as usize);
    let ended = rows.into_iter().map(|row| {
        assert_ne!(row.status(), Status::Open, "{}", row.new.id);
        let mut seen = BTreeSet::new();
        for record in reader.records(row.new.run).unwrap() {
            let Body::Text(text) = &record.body else {
                panic!("a small body is text");
            };
            let what: serde_json::Value = serde_json::from_str(text).unwrap();
            let place = (record.path, what["is"].to_string());
            assert!(
                seen.insert(place.clone()),
                "{}: {place:?} twice",
                row.new.id
            );
        }
        (row.new.id, seen.len())
    });
    ended.collect()
}

/// Every effect of every run is there; beyond once only where a kill fell between it and its record.
fn check(lines: &[String], kills: u32) {
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for line in lines {
        *counts.entry(line).or_default() += 1;
    }
    for n in 0..RUNS {
        let even = (n * 2) % 4 == 0;
        let steps = [
            "first",
            "left",
            "right/made",
            "items[0]/item",
            "items[2]/item",
            "count[0]/tick",
        ];
        for step in steps.into_iter().chain(even.then_some("second/even")) {
            let done = format!("run-{n}/{step}");
            assert!(counts.contains_key(&*done), "{done} is missing");
            let undone = counts.contains_key(&*format!("{done}/undo"));
            assert_eq!(undone, n % 5 == 4, "{done}");
        }
    }
    let most = counts.values().max().copied().unwrap_or_default();
    let repeats: u32 = counts.values().map(|count| count - 1).sum();
    println!(
        "{} effects, {repeats} repeated, one at most {most} times",
        counts.len()
    );
    assert!(repeats <= kills * RUNS * 2, "{repeats}");
}
