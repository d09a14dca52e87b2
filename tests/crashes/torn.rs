//! Damaged files: bits that flip, sectors that read as zeros, files that end too early.
//!
//! A journal that opens goes on to the right result; one that does not says which file it is. Where that
//! does not hold yet, a test says how often it may not, so that the number can become 0.

use std::path::{Path, PathBuf};
use std::time::Duration;

use fastrand::Rng;

use crate::checker::{Totals, is_not_repeated, is_there, undisturbed};
use crate::load::Load;
use crate::recorded;
use crate::spread::{seed, spread};
use crate::strace::{self, traced};
use crate::work::{HANGS, RUNS, Stopped, Weight, work_for};
use crate::world::{Ledger, copy, folder, journal};

/// How many damages are tried of each file: `ENACT_TEARS`.
fn tears() -> usize {
    let told = std::env::var("ENACT_TEARS").ok();
    told.map_or(150, |told| told.parse().unwrap())
}

/// What happens to a file.
#[derive(Debug)]
enum Damage {
    /// A bit has the other value.
    Flip { at: usize, bit: u8 },
    /// A sector of 512 bytes reads as zeros.
    Zero { at: usize },
    /// The file ends here.
    End { at: usize },
}

impl Damage {
    fn choose(len: usize, rng: &mut Rng) -> Self {
        let (at, bit) = (rng.usize(..len), rng.u8(..8));
        match rng.u8(..4) {
            0 => Self::Zero { at: at / 512 * 512 },
            1 => Self::End { at },
            _ => Self::Flip { at, bit },
        }
    }

    fn apply(&self, content: &mut Vec<u8>) {
        match *self {
            Self::Flip { at, bit } => content[at] ^= 1 << bit,
            Self::Zero { at } => {
                let end = content.len().min(at + 512);
                content[at..end].fill(0);
            }
            Self::End { at } => content.truncate(at),
        }
    }
}

/// What came of a damage.
#[derive(Debug)]
enum Verdict {
    /// It was told, and which file it is, or which record of which run.
    Named,
    /// All is as undisturbed.
    Right,
    /// The result is right, and something acknowledged was done again without a word.
    Again,
    /// Something is wrong, and nobody said so, or did not say which file it is.
    Unnoticed(#[expect(dead_code, reason = "it is shown")] String),
    /// It panicked.
    Panicked(#[expect(dead_code, reason = "it is shown")] String),
}

/// A journal with runs that have ended and runs that have not, in its write-ahead log alone or in its
/// file alone.
fn base(name: &str) -> PathBuf {
    // How many writes a process makes depends on how its runs fall together.
    let bases = (20..=120).rev().step_by(4).map(|n| killed(name, n));
    let base = bases.flatten().next();
    let base = base.expect("some kill falls after the first answer and before the last");
    if name == "runs.db" {
        // Whoever closes a journal last copies its log into it.
        let connection = rusqlite::Connection::open(journal(&base)).unwrap();
        connection.execute_batch("SELECT * FROM runs").unwrap();
    }
    base
}

/// A journal whose process was killed at its n-th write, if some of its runs had answered by then.
fn killed(name: &str, n: usize) -> Option<PathBuf> {
    let base = folder(&format!("torn-base-{name}"));
    let trace = base.join("trace");
    let kill = format!("--inject=pwrite64:signal=KILL:when={n}");
    let killed = !traced(&base, Load::Runs(Weight::LIGHT), &trace, &[kill]).success();
    std::fs::remove_file(trace).unwrap();
    let lines = Ledger::lines(&base);
    let answered = lines.iter().filter(|line| line.starts_with("ack answered"));
    let answered = answered.count();
    (killed && answered > 0 && answered < RUNS as usize).then_some(base)
}

/// A file that is damaged, and what is borne of it.
struct Torn {
    file: &'static str,
    /// After how long a process waits for something that it has lost.
    hangs: Duration,
    /// Of a hundred damages, how many may go unnoticed, or be noticed without naming the file.
    unnoticed: usize,
}

impl Torn {
    fn check(&self) {
        if !strace::is_there() {
            return;
        }
        let (seed, base, tears) = (seed(), base(self.file), tears());
        let verdicts = spread(tears, |number| self.one(&base, number, seed));
        std::fs::remove_dir_all(base).unwrap();
        let (mut named, mut right, mut again) = (0, 0, 0);
        let (mut unnoticed, mut panicked) = (Vec::new(), Vec::new());
        for tried in verdicts {
            match tried.1 {
                Verdict::Named => named += 1,
                Verdict::Right => right += 1,
                Verdict::Again => again += 1,
                Verdict::Unnoticed(_) => unnoticed.push(tried),
                Verdict::Panicked(_) => panicked.push(tried),
            }
        }
        println!(
            "{}: {named} named, {right} right, {again} done again, {} unnoticed, ENACT_SEED={seed}",
            self.file,
            unnoticed.len()
        );
        assert!(panicked.is_empty(), "ENACT_SEED={seed}: {panicked:#?}");
        let most = tears * self.unnoticed / 100;
        assert!(unnoticed.len() <= most, "ENACT_SEED={seed}: {unnoticed:#?}");
        assert!(named + right + again > 0, "nothing was tried");
    }

    fn one(&self, base: &Path, number: usize, seed: u64) -> (Damage, Verdict) {
        let mut rng = Rng::with_seed(seed.wrapping_add(number as u64));
        let folder = folder(&format!("torn-{}-{number}", self.file));
        copy(base, &folder);
        let mut content = std::fs::read(folder.join(self.file)).unwrap();
        let damage = Damage::choose(content.len(), &mut rng);
        damage.apply(&mut content);
        std::fs::write(folder.join(self.file), content).unwrap();
        let verdict = self.judge(&folder);
        std::fs::remove_dir_all(&folder).unwrap();
        (damage, verdict)
    }

    fn judge(&self, folder: &Path) -> Verdict {
        let before = Ledger::lines(folder);
        let recorded = recorded::read(folder).unwrap_or_default();
        let lost = is_there(&before, &recorded);
        if lost.is_err() {
            // Whoever sent a signal sends it again.
            let kept = before
                .iter()
                .filter(|line| !line.starts_with("ack signalled"));
            Ledger::make(folder, kept);
        }
        let count = Ledger::lines(folder).len();
        let ended = work_for(folder, Weight::LIGHT, self.hangs);
        let lines = Ledger::lines(folder);
        let after = &lines[count..];
        match ended {
            Ok(()) => {}
            Err(Stopped::Refused) => return refused(after, folder),
            Err(Stopped::Panicked(text)) => return Verdict::Panicked(text),
            Err(Stopped::Hung) => return Verdict::Unnoticed("it waits for ever".to_owned()),
        }
        match Totals::of(&lines) {
            Ok(totals) if &totals == undisturbed(Weight::LIGHT) => {}
            Ok(totals) => return Verdict::Unnoticed(undisturbed(Weight::LIGHT).differ(&totals)),
            Err(error) => return Verdict::Unnoticed(error),
        }
        match lost.and_then(|()| is_not_repeated(&before, after, &recorded)) {
            Ok(()) => Verdict::Right,
            Err(_) => Verdict::Again,
        }
    }
}

fn refused(after: &[String], folder: &Path) -> Verdict {
    let path = journal(folder).display().to_string();
    let told = || after.iter().filter(|line| line.starts_with("refused "));
    let named = |line: &String| line.contains(&path) || line.contains("is damaged; restore");
    if told().any(named) {
        return Verdict::Named;
    }
    Verdict::Unnoticed(told().cloned().collect())
}

/// The frames of the log have checksums. From the first that is damaged on, `SQLite` takes the log for
/// one that was not written to its end, so that what it had is done again, under the same keys.
#[test]
fn after_a_damage_to_the_log_the_result_is_right() {
    let torn = Torn {
        file: "runs.db-wal",
        hangs: HANGS,
        unnoticed: 0,
    };
    torn.check();
}

/// Records have checksums; the pages of the file have none, so what an index no longer finds is done again,
/// under the same keys.
#[test]
fn a_damage_to_the_file_is_named_or_the_result_is_right() {
    let torn = Torn {
        file: "runs.db",
        hangs: HANGS,
        unnoticed: 0,
    };
    torn.check();
}
