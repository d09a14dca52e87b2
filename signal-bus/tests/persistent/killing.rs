//! `kill -9` at any instant: no signal is lost, none that was acknowledged comes again, keys keep their
//! order, and what comes twice had its acknowledgement under way.
//!
//! The test starts itself again as a child that publishes and subscribes, kills it, starts it over the same file,
//! and at the end a checker reads the ledger that all of them wrote. `ENACT_KILLS=200 ENACT_SIGNALS=100000` is the long
//! form, `ENACT_SEED` says which instants.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use enact_signal_bus::log::{Log, Published, StartFrom};
use enact_signal_bus::persistent::PersistentSubscription;
use tokio::task::JoinSet;

use crate::place::{folder, order, orders};

/// The subjects that signals are about; each has an order of its own.
const KEYS: u64 = 23;

/// How many publish at once, so many that the log begins to write before all are there, and how many take from the subscription.
const PUBLISHERS: u64 = 20;
const TAKERS: usize = 8;

fn told(name: &str, default: u64) -> u64 {
    let told = std::env::var(name).ok().and_then(|told| told.parse().ok());
    told.unwrap_or(default)
}

/// A file that outlives whoever writes to it: one line for each thing that happened, in one write.
#[derive(Clone)]
struct Ledger(Arc<Mutex<File>>);

impl Ledger {
    fn open(folder: &Path) -> Self {
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(folder.join("ledger"));
        Self(Arc::new(Mutex::new(file.unwrap())))
    }

    fn write(&self, line: &str) {
        let line = format!("{line}\n");
        self.0.lock().unwrap().write_all(line.as_bytes()).unwrap();
    }
}

/// The child: publishes what is not published yet, takes what comes, and writes down both.
#[test]
fn child() {
    let Some(folder) = std::env::var_os("ENACT_KILLING").map(PathBuf::from) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(work(&folder));
}

async fn work(folder: &Path) {
    let ledger = Ledger::open(folder);
    let log = Log::open(folder.join("signals.db")).unwrap();
    let subscribe = log
        .subscribe("billing", orders())
        .start_from(StartFrom::Origin);
    let attempts = u32::try_from(told("ENACT_KILLS", 0) + 1000).unwrap();
    let subscribe = subscribe.attempts(
        attempts,
        std::time::Duration::ZERO,
        std::time::Duration::ZERO,
    );
    let subscription = subscribe.max_in_flight(64).open().await.unwrap();
    println!("ready");
    let signals = told("ENACT_SIGNALS", 0);
    let mut tasks = JoinSet::new();
    for n in 0..PUBLISHERS {
        tasks.spawn(publish(log.clone(), ledger.clone(), n, signals));
    }
    let mut takers = JoinSet::new();
    for _ in 0..TAKERS {
        takers.spawn(take(subscription.clone(), ledger.clone()));
    }
    while let Some(ended) = tasks.join_next().await {
        ended.unwrap();
    }
    // All are published; the takers go on until the last of them is settled.
    while subscription.low_water_mark() < log.last() {
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
    println!("done");
}

/// Publishes its part in order; what a process before has published it publishes again, under the same
/// ids, and the log knows it.
async fn publish(log: Log, ledger: Ledger, part: u64, signals: u64) {
    let first = log.last() / PUBLISHERS;
    let first = first.saturating_sub(first.min(200));
    for n in first..signals / PUBLISHERS {
        let id = n * PUBLISHERS + part;
        // The parts have keys of their own, so that each key has one who publishes.
        let key = (n % KEYS) * PUBLISHERS + part;
        let signal = order(&key.to_string()).id(id.to_string());
        let published: Published = log.publish(signal).await.unwrap();
        if published.is_new() {
            ledger.write(&format!("published {id} {}", published.sequence()));
        }
        println!("p");
    }
}

#[expect(clippy::infinite_loop, reason = "it is dropped when all is settled")]
async fn take(subscription: PersistentSubscription, ledger: Ledger) {
    loop {
        let delivery = subscription.next().await.unwrap();
        let (id, key) = (
            delivery.id().to_owned(),
            delivery.subject().unwrap_or_default(),
        );
        ledger.write(&format!("got {id} {key} {}", delivery.attempt()));
        delivery.ack().await.unwrap();
        ledger.write(&format!("acked {id}"));
        println!("a");
    }
}

/// Runs a child until it has told so many lines, then kills it; whether it was done before.
fn child_until(folder: &Path, signals: u64, lines: u64) -> bool {
    Ledger::open(folder).write("started");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "killing::child",
            "--nocapture",
            "--test-threads=1",
        ])
        .env("ENACT_KILLING", folder)
        .env("ENACT_SIGNALS", signals.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let heard = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut count = 0;
    for line in heard.map_while(Result::ok) {
        if line == "done" {
            assert!(child.wait().unwrap().success());
            return true;
        }
        count += 1;
        if count >= lines {
            break;
        }
    }
    assert!(count >= lines, "the child ended by itself");
    // SIGKILL, on Unix.
    child.kill().unwrap();
    child.wait().unwrap();
    false
}

#[test]
fn killed_again_and_again_it_loses_nothing_and_repeats_only_what_was_under_way() {
    let (kills, signals) = (told("ENACT_KILLS", 8), told("ENACT_SIGNALS", 2000));
    let signals = signals - signals % PUBLISHERS;
    let seed = told("ENACT_SEED", fastrand::u64(..));
    println!("ENACT_SEED={seed}");
    let mut chance = fastrand::Rng::with_seed(seed);
    let folder = folder("killing");
    // Each signal is two lines, so that all kills fall before the end.
    let most = (signals / (kills + 1)).max(4);
    for _ in 0..kills {
        let lines = chance.u64(1..=most);
        assert!(!child_until(&folder, signals, lines), "nothing was killed");
    }
    while !child_until(&folder, signals, u64::MAX) {}
    let checked = check(&folder.join("ledger"), signals);
    assert!(checked.repeated <= kills * TAKERS as u64, "{checked:?}");
    println!("{kills} kills, {signals} signals: {checked:?}");
}

/// What a ledger tells.
#[derive(Debug, Default)]
struct Checked {
    /// Signals that came more than once, because nobody had heard of their acknowledgement.
    repeated: u64,
    /// Signals of which nobody has heard that they were published.
    unheard: u64,
}

fn check(ledger: &Path, signals: u64) -> Checked {
    let text = std::fs::read_to_string(ledger).unwrap();
    let (mut published, mut acked) = (BTreeMap::new(), BTreeSet::new());
    // Of each signal the last attempt that was seen, and in which life of the child.
    let mut got: BTreeMap<u64, (u64, u64)> = BTreeMap::new();
    let mut life = 0;
    let mut keys: BTreeMap<u64, u64> = BTreeMap::new();
    let mut checked = Checked::default();
    for line in text.lines() {
        let mut words = line.split(' ');
        let kind = words.next().unwrap();
        let numbers: Vec<u64> = words.map(|word| word.parse().unwrap()).collect();
        match (kind, &*numbers) {
            ("started", []) => life += 1,
            ("published", [id, sequence]) => {
                let before = published.insert(*id, *sequence);
                assert_eq!(before, None, "{id} is recorded twice");
            }
            ("got", [id, key, attempt]) => {
                assert!(!acked.contains(id), "{id} comes after it was acknowledged");
                let before = got.insert(*id, (*attempt, life));
                // An attempt may have been recorded and never seen, and none is seen twice.
                let is_fresh = before.is_none_or(|(attempt_before, life_before)| {
                    attempt_before < *attempt && life_before < life
                });
                assert!(
                    is_fresh,
                    "{line}: it was there at {before:?}, and nobody died"
                );
                checked.repeated += u64::from(before.is_some());
                let last = keys.insert(*key, *id);
                let in_order = last.is_none_or(|last| last <= *id);
                assert!(in_order, "{id} of {key} comes after {last:?}");
            }
            ("acked", [id]) => assert!(acked.insert(*id), "{id} is acknowledged twice"),
            _ => panic!("{line}"),
        }
    }
    for id in 0..signals {
        assert!(got.contains_key(&id), "{id} is lost");
    }
    let sequences: BTreeSet<u64> = published.values().copied().collect();
    assert_eq!(sequences.len(), published.len(), "a number is given twice");
    checked.unheard = signals - published.len() as u64;
    checked
}
