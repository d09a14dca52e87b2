//! `kill -9` at any instant: nothing recorded is repeated, nothing acknowledged is lost.
//!
//! The test starts itself again as a child that works through runs, kills it, starts another over
//! the same journal, and at the end reads the effects' own ledger.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use enact::prelude::*;
use enact::workflow::Signals;
use enact::workflow::engine::Engine;

use crate::ledger::{Everything, Ledger, expected, folder};

/// How many runs the children work through.
const RUNS: u32 = 40;

fn kills() -> u32 {
    let told = std::env::var("ENACT_KILLS")
        .ok()
        .and_then(|told| told.parse().ok());
    told.unwrap_or(12)
}

/// The child: works through all runs, and tells on standard output what it has acknowledged.
#[test]
fn child() {
    let Ok(folder) = std::env::var("ENACT_DURABLE_CHILD") else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(work(PathBuf::from(folder)));
}

async fn work(folder: PathBuf) {
    let builder = Context::builder().resource(Ledger::open(&folder.join("ledger")));
    let cx = builder.resource(Signals::new()).build();
    let engine = Engine::open(folder.join("runs.db"), &cx).unwrap();
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
fn child_until(folder: &Path, lines: u32) -> bool {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "killing::child",
            "--nocapture",
            "--test-threads=1",
        ])
        .env("ENACT_DURABLE_CHILD", folder)
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

#[test]
fn killed_again_and_again_it_ends_as_if_undisturbed() {
    let folder = folder("killing");
    let mut done = 0;
    for kill in 0..kills() {
        // Not in even steps, so that it meets other instants each time.
        done += u32::from(child_until(&folder, 4 + kill * 7 % 23));
    }
    while !child_until(&folder, u32::MAX) {}
    assert!(done < kills(), "nothing was ever killed");
    check(&Ledger::lines(&folder.join("ledger")));
}

/// Every effect of every run is there; beyond once only where a kill fell between it and its record.
fn check(lines: &[String]) {
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
    assert!(repeats <= kills() * RUNS * 2, "{repeats}");
}
