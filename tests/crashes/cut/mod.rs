//! Power cuts: a journal or a log of signals is rebuilt as a disk may have it that lost, reordered and tore what was not
//! synced, and the next process has to go on from there.
//!
//! A process works under `strace`, which notes what it does to its files, in order with what
//! it acknowledges. From any prefix of that, and for each write, cut and name that was not synced by
//! then, a state of the disk follows: there or not, or there in part, by sectors of 512 bytes.
//!
//! What is modelled: the contents and lengths of the file, of its write-ahead log and of its rollback
//! journal, and whether their names are there. What is not: bytes that change by themselves, sectors
//! that are half written, stale blocks of other files. `-shm` is dropped, as a restart does.

pub(crate) mod disk;
pub(crate) mod trace;

use std::path::Path;

use fastrand::Rng;

use self::disk::{Disk, Fate, Syncs};
use self::trace::Event;
use crate::load::Load;
use crate::spread::{seed, spread};
use crate::strace;
use crate::work::Weight;
use crate::world::{Ledger, folder};

/// How many cuts are tried: `ENACT_CUTS`.
fn cuts() -> usize {
    let told = std::env::var("ENACT_CUTS").ok();
    told.map_or(240, |told| told.parse().unwrap())
}

/// What a process did to its files, from an empty folder to a closed journal.
struct Recording {
    events: Vec<Event>,
    base: Disk,
    load: Load,
}

impl Recording {
    /// Records a process, and then one that goes on where the first was when a power cut came.
    fn of(name: &str, load: Load) -> [Self; 2] {
        let folder = folder(name);
        let first = Self::make(&folder, Disk::default(), load);
        let half = first.disk(first.events.len() / 2, Syncs::Heeded);
        let again = crate::world::folder(&format!("{name}-again"));
        put(&half, Fate::Lost, &mut Rng::with_seed(0), &again);
        let mut base = Disk::of(&again);
        base.seen = half.seen;
        let second = Self::make(&again, base, load);
        for folder in [folder, again] {
            std::fs::remove_dir_all(folder).unwrap();
        }
        [first, second]
    }

    fn make(folder: &Path, base: Disk, load: Load) -> Self {
        let trace = folder.join("trace");
        assert!(strace::traced(folder, load, &trace, &[]).success());
        let events = trace::read(&std::fs::read_to_string(trace).unwrap(), folder);
        std::fs::remove_file(folder.join("trace")).unwrap();
        Self { events, base, load }
    }

    /// Whether the head of the log is written twice before the process is done.
    fn begins_its_log_again(&self) -> bool {
        let seen = |event: &Event| matches!(event, Event::Seen { .. });
        let done = self.events.iter().rposition(seen).unwrap_or_default();
        let wal = format!("{}-wal", self.load.file());
        let head =
            |event: &&Event| matches!(event, Event::Write { name, at: 0, .. } if *name == wal);
        self.events[..done].iter().filter(head).count() > 1
    }

    /// The disk when so many things had happened.
    fn disk(&self, events: usize, syncs: Syncs) -> Disk {
        let mut disk = self.base.clone();
        for event in &self.events[..events] {
            disk.apply(event, syncs);
        }
        disk
    }
}

/// Writes into a folder what a power cut leaves there, and what the outside has seen by then.
pub(crate) fn put(disk: &Disk, fate: Fate, rng: &mut Rng, folder: &Path) {
    for (name, content) in disk.cut(fate, rng) {
        std::fs::write(folder.join(name), content).unwrap();
    }
    Ledger::make(folder, &disk.seen);
}

/// Tries so many cuts of the recordings; what was not as promised, by the number of the cut.
fn violations(recordings: &[Recording], cuts: usize, seed: u64, syncs: Syncs) -> Vec<String> {
    let tried = spread(cuts, |number| one(recordings, number, seed, syncs));
    tried.into_iter().filter_map(Result::err).collect()
}

fn one(recordings: &[Recording], number: usize, seed: u64, syncs: Syncs) -> Result<(), String> {
    let mut rng = Rng::with_seed(seed.wrapping_add(number as u64));
    let fate = Fate::ALL[number % Fate::ALL.len()];
    let recording = rng.choice(recordings).unwrap();
    let events = rng.usize(..=recording.events.len());
    let disk = recording.disk(events, syncs);
    let folder = folder(&format!("cut-{syncs:?}-{}-{number}", recording.load.told()));
    put(&disk, fate, &mut rng, &folder);
    let checked = recording.load.check(&folder);
    std::fs::remove_dir_all(&folder).unwrap();
    checked.map_err(|error| {
        let all = recording.events.len();
        format!("cut {number}, after {events} of {all} events, {fate:?}: {error}")
    })
}

/// Lets power cuts come to two recorded processes: so many cuts, and then some on a disk that heeds no sync, which the checker has to find.
fn survives(recordings: &[Recording], cuts: usize) {
    let seed = seed();
    let found = violations(recordings, cuts, seed, Syncs::Heeded);
    assert!(found.is_empty(), "ENACT_SEED={seed}: {found:#?}");
    let without = cuts.clamp(12, 60);
    let found = violations(recordings, without, seed, Syncs::Ignored);
    println!(
        "{cuts} cuts, ENACT_SEED={seed}; without syncs, {} of {without} lose something",
        found.len()
    );
    assert!(
        !found.is_empty(),
        "ENACT_SEED={seed}: nothing is ever found"
    );
}

#[test]
fn acknowledged_work_survives_a_power_cut() {
    if strace::is_there() {
        survives(
            &Recording::of("power-cut", Load::Runs(Weight::LIGHT)),
            cuts(),
        );
    }
}

#[test]
fn it_does_so_while_the_log_is_copied_into_the_file_and_begun_again() {
    if !strace::is_there() {
        return;
    }
    let recordings = Recording::of("power-cut-heavy", Load::Runs(Weight::HEAVY));
    assert!(
        recordings[0].begins_its_log_again(),
        "it is not heavy enough"
    );
    survives(&recordings, cuts() / 20);
}

#[test]
fn signals_survive_a_power_cut() {
    if strace::is_there() {
        let load = Load::Signals(Weight::LIGHT);
        survives(&Recording::of("power-cut-signals", load), cuts());
    }
}

#[test]
fn signals_do_so_while_the_log_is_copied_into_the_file_and_begun_again() {
    if !strace::is_there() {
        return;
    }
    let load = Load::Signals(Weight::HEAVY);
    let recordings = Recording::of("power-cut-signals-heavy", load);
    assert!(
        recordings[0].begins_its_log_again(),
        "it is not heavy enough"
    );
    survives(&recordings, cuts() / 20);
}
