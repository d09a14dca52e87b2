//! The checker: what the outside may have seen, when some processes after a crash all is done.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::OnceLock;

use crate::recorded::{self, Recorded};
use crate::work::{RUNS, Stopped, Weight, id, work};
use crate::world::{Ledger, folder, rank};

/// The totals of a journal's world: every effect and every answer, once.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Totals {
    effects: BTreeSet<String>,
    answers: BTreeMap<String, String>,
}

/// What an undisturbed process comes to.
pub(crate) fn undisturbed(weight: Weight) -> &'static Totals {
    static LIGHT: OnceLock<Totals> = OnceLock::new();
    static HEAVY: OnceLock<Totals> = OnceLock::new();
    let (cell, name) = match weight {
        Weight::LIGHT => (&LIGHT, "light"),
        Weight(_) => (&HEAVY, "heavy"),
    };
    cell.get_or_init(|| {
        let folder = folder(&format!("undisturbed-{name}"));
        work(&folder, weight).unwrap();
        let lines = Ledger::lines(&folder);
        std::fs::remove_dir_all(folder).unwrap();
        let distinct: HashSet<&String> = lines.iter().collect();
        assert_eq!(distinct.len(), lines.len(), "something was done twice");
        let totals = Totals::of(&lines).unwrap();
        assert_eq!(totals.answers.len(), RUNS as usize);
        totals
    })
}

impl Totals {
    pub(crate) fn of(lines: &[String]) -> Result<Self, String> {
        let (mut effects, mut answers) = (BTreeSet::new(), BTreeMap::<String, String>::new());
        for line in lines {
            if let Some(key) = done(line) {
                effects.insert(key.to_owned());
            } else if let Some((id, answer)) = answered(line) {
                let before = answers.insert(id.to_owned(), answer.to_owned());
                if before.is_some_and(|before| before != answer) {
                    return Err(format!("{id} answered twice, each time otherwise"));
                }
            }
        }
        Ok(Self { effects, answers })
    }

    /// What other totals have too much or too little.
    pub(crate) fn differ(&self, other: &Self) -> String {
        let mut text = String::new();
        for key in self.effects.symmetric_difference(&other.effects) {
            let _ = write!(text, "effect {key}; ");
        }
        for (id, answer) in &self.answers {
            match other.answers.get(id) {
                Some(same) if same == answer => {}
                other => {
                    let _ = write!(text, "{id} answered {other:?} and not {answer:?}; ");
                }
            }
        }
        text
    }
}

/// The key of the step that looked or did something there.
fn done(line: &str) -> Option<&str> {
    line.strip_prefix("did ")
        .or_else(|| line.strip_prefix("saw "))
}

fn answered(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("ack answered ")?.split_once(' ')
}

/// Lets the next process go on in a folder after a crash, and checks all that is promised.
///
/// # Errors
/// What is not as promised, in words.
pub(crate) fn check(folder: &Path, weight: Weight) -> Result<(), String> {
    let before = Ledger::lines(folder);
    let recorded = recorded::read(folder).map_err(|error| format!("it can't be read: {error}"))?;
    is_there(&before, &recorded)?;
    let ended = work(folder, weight);
    let lines = Ledger::lines(folder);
    let (_, after) = lines.split_at(before.len());
    match ended {
        Ok(()) => {}
        Err(Stopped::Refused) => return Err(format!("it does not go on: {:?}", after.last())),
        Err(stopped) => return Err(format!("it does not go on: {stopped:?}")),
    }
    is_not_repeated(&before, after, &recorded)?;
    let totals = Totals::of(&lines)?;
    if &totals == undisturbed(weight) {
        return Ok(());
    }
    Err(format!(
        "other totals: {}",
        undisturbed(weight).differ(&totals)
    ))
}

/// All that was acknowledged is in the journal.
pub(crate) fn is_there(before: &[String], recorded: &Recorded) -> Result<(), String> {
    for line in before {
        let Some((what, rest)) = line
            .strip_prefix("ack ")
            .and_then(|line| line.split_once(' '))
        else {
            continue;
        };
        let id = rest.split(' ').next().unwrap_or_default();
        let there = match what {
            "started" => recorded.runs.contains_key(id),
            "signalled" => recorded.signalled.contains(id),
            _ => recorded.runs.get(id).copied().unwrap_or_default(),
        };
        if !there {
            return Err(format!("lost: {what} {id}"));
        }
    }
    Ok(())
}

/// No step that was recorded has run again, nor one that an effect came after.
pub(crate) fn is_not_repeated(
    before: &[String],
    after: &[String],
    recorded: &Recorded,
) -> Result<(), String> {
    let reached = reached(before);
    for key in after.iter().filter_map(|line| done(line)) {
        if recorded.steps.contains(key) {
            return Err(format!("{key} was recorded and ran again"));
        }
        let (run, path) = key.split_once('/').unwrap_or((key, ""));
        if reached
            .get(run)
            .is_some_and(|reached| rank(path) < *reached)
        {
            return Err(format!("{key} ran again after what comes after it"));
        }
    }
    Ok(())
}

/// How far each run's effects came: whatever is before that is on disk.
fn reached(before: &[String]) -> HashMap<String, u32> {
    let mut reached: HashMap<String, u32> = HashMap::new();
    for line in before {
        let (run, rank) = match (line.strip_prefix("did "), answered(line)) {
            (Some(key), _) => {
                let (run, path) = key.split_once('/').unwrap_or((key, ""));
                (run, rank(path))
            }
            (None, Some((run, _))) => (run, u32::MAX),
            (None, None) => continue,
        };
        let most = reached.entry(run.to_owned()).or_default();
        *most = rank.max(*most);
    }
    reached
}

#[test]
fn what_is_lost_repeated_or_otherwise_is_found() {
    let lines = |lines: &[&str]| {
        lines
            .iter()
            .map(|&line| line.to_owned())
            .collect::<Vec<_>>()
    };
    let mut recorded = Recorded::default();
    assert!(is_there(&lines(&["ack started run-1"]), &recorded).is_err());
    recorded.runs.insert(id(1), false);
    assert!(is_there(&lines(&["ack started run-1"]), &recorded).is_ok());
    assert!(is_there(&lines(&["ack signalled run-1"]), &recorded).is_err());
    assert!(is_there(&lines(&["ack answered run-1 it"]), &recorded).is_err());

    let (seen, first) = (lines(&["saw run-1/seen"]), lines(&["did run-1/first"]));
    assert!(is_not_repeated(&seen, &seen, &recorded).is_ok());
    assert!(is_not_repeated(&first, &first, &recorded).is_ok());
    assert!(is_not_repeated(&first, &seen, &recorded).is_err());
    assert!(is_not_repeated(&lines(&["ack answered run-1 it"]), &first, &recorded).is_err());
    recorded.steps.insert("run-1/first".to_owned());
    assert!(is_not_repeated(&first, &first, &recorded).is_err());

    assert!(Totals::of(&lines(&["ack answered run-1 a", "ack answered run-1 b"])).is_err());
}
