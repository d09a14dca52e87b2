//! What the outside may have seen of a log, when some processes after a crash all is done.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use super::settled::{Kept, read};
use super::{ATTEMPTS, NAMES, POISON, PUBLISHERS, all, together, work};
use crate::work::{Stopped, Weight};
use crate::world::Ledger;

/// Lets the next process go on in a folder after a crash, and checks all that is promised.
///
/// # Errors
/// What is not as promised, in words.
pub(crate) fn check(folder: &Path, weight: Weight) -> Result<(), String> {
    let before = Ledger::lines(folder);
    let kept = read(folder).map_err(|error| format!("it can't be read: {error}"))?;
    is_there(&before, &kept)?;
    let ended = work(folder, weight);
    let lines = Ledger::lines(folder);
    let (_, after) = lines.split_at(before.len());
    match ended {
        Ok(()) => {}
        Err(Stopped::Refused) => return Err(format!("it does not go on: {:?}", after.last())),
        Err(stopped) => return Err(format!("it does not go on: {stopped:?}")),
    }
    is_not_repeated(after, &kept)?;
    let all = read(folder)?;
    is_in_order(&lines, &all)?;
    is_done(&lines, &all)?;
    if all.signals.starts_with(&kept.signals) {
        return Ok(());
    }
    Err("what was recorded has another place now".to_owned())
}

/// A line of the ledger: what happened, and its words.
fn words(line: &str) -> (&str, Vec<&str>) {
    let mut words = line.split(' ');
    match (words.next(), words.next()) {
        (Some("ack"), Some(what)) => (what, words.collect()),
        (Some(what), Some(first)) => (what, [first].into_iter().chain(words).collect()),
        _ => ("", Vec::new()),
    }
}

/// All that was acknowledged is in the log, once, and what is published at once is whole.
fn is_there(before: &[String], kept: &Kept) -> Result<(), String> {
    let recorded: BTreeSet<&str> = kept.signals.iter().map(String::as_str).collect();
    if recorded.len() < kept.signals.len() {
        return Err(format!("recorded twice: {:?}", kept.signals));
    }
    for publisher in 0..PUBLISHERS {
        let parts = together(publisher);
        let at = kept.signals.iter().position(|id| *id == parts[0]);
        let whole = match at {
            Some(at) => kept.signals[at..].starts_with(&parts),
            None => !parts.iter().any(|id| recorded.contains(id.as_str())),
        };
        if !whole {
            return Err(format!("not whole: {parts:?} of {:?}", kept.signals));
        }
    }
    for line in before {
        let there = match words(line) {
            ("published", words) => recorded.contains(words[0]),
            ("settled", words) => {
                let settled = kept.subscriptions.get(words[0]);
                settled.is_some_and(|settled| settled.done.contains(words[1]))
            }
            ("failed", words) => kept.subscriptions.get(words[0]).is_some_and(|settled| {
                let begun = settled.attempts.get(words[1]);
                let attempt = words[2].parse().unwrap();
                settled.dead.contains(words[1]) || begun.is_some_and(|begun| *begun >= attempt)
            }),
            _ => true,
        };
        if !there {
            return Err(format!("lost: {line}"));
        }
    }
    Ok(())
}

/// Nothing that was settled is given out again, and no attempt is made twice.
fn is_not_repeated(after: &[String], kept: &Kept) -> Result<(), String> {
    for line in after {
        let ("got", words) = words(line) else {
            continue;
        };
        let Some(settled) = kept.subscriptions.get(words[0]) else {
            continue;
        };
        if settled.done.contains(words[1]) {
            return Err(format!("given out again: {line}"));
        }
        let begun = settled.attempts.get(words[1]).copied().unwrap_or_default();
        if words[2].parse::<u32>().unwrap() <= begun {
            return Err(format!(
                "an attempt made twice, of {begun} recorded: {line}"
            ));
        }
    }
    Ok(())
}

/// Billing never gets a signal of a publisher before it has got those that come earlier.
fn is_in_order(lines: &[String], all: &Kept) -> Result<(), String> {
    let places = (0_usize..).zip(&all.signals);
    let places: HashMap<&str, usize> = places.map(|(place, id)| (id.as_str(), place)).collect();
    let mut reached: HashMap<&str, usize> = HashMap::new();
    for line in lines {
        let ("got", words) = words(line) else {
            continue;
        };
        // What a crash let nobody keep was given out all the same.
        let (Some(place), "billing") = (places.get(words[1]), words[0]) else {
            continue;
        };
        let publisher = words[1].split('-').next().unwrap_or_default();
        let most = reached.entry(publisher).or_default();
        if place < most {
            return Err(format!("out of order: {line}"));
        }
        *most = *place;
    }
    Ok(())
}

/// All is recorded, and settled by everybody who got it, but for the dead letter.
fn is_done(lines: &[String], all: &Kept) -> Result<(), String> {
    let signals: BTreeSet<String> = self::all().collect();
    let recorded: BTreeSet<String> = all.signals.iter().cloned().collect();
    if recorded != signals {
        return Err(format!("other signals: {:?}", all.signals));
    }
    let mut got: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for line in lines {
        if let ("got", words) = words(line) {
            got.entry(words[0]).or_default().insert(words[1].to_owned());
        }
    }
    for name in NAMES {
        let settled = all.subscriptions.get(name).cloned().unwrap_or_default();
        let dead = BTreeSet::from_iter((name == "audit").then(|| POISON.to_owned()));
        if settled.done != signals || settled.dead != dead || !settled.attempts.is_empty() {
            return Err(format!("{name} is not done: {settled:?}"));
        }
        if got.get(name) != Some(&signals) {
            return Err(format!("{name} has got {:?}", got.get(name)));
        }
    }
    Ok(())
}

#[test]
fn what_is_lost_given_out_again_or_out_of_order_is_found() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let mut kept = Kept::default();
    let published = lines("ack published 0-0");
    assert!(is_there(&published, &kept).is_err());
    kept.signals = lines("0-0\n0-1");
    assert!(is_there(&published, &kept).is_ok());

    let (settled, got) = (
        lines("ack settled billing 0-0 1"),
        lines("got billing 0-0 1"),
    );
    let failed = lines("ack failed audit 2-1 1");
    for lines in [&settled, &failed] {
        assert!(is_there(lines, &kept).is_err());
    }
    assert!(is_not_repeated(&got, &kept).is_ok());
    for name in NAMES {
        kept.subscriptions.entry(name.to_owned()).or_default();
    }
    let billing = kept.subscriptions.get_mut("billing").unwrap();
    billing.attempts.insert("0-0".to_owned(), 1);
    assert!(is_not_repeated(&got, &kept).is_err());
    let billing = kept.subscriptions.get_mut("billing").unwrap();
    (billing.attempts, billing.done) = (BTreeMap::new(), BTreeSet::from(["0-0".to_owned()]));
    assert!(is_there(&settled, &kept).is_ok());
    assert!(is_not_repeated(&lines("got billing 0-0 2"), &kept).is_err());
    let audit = kept.subscriptions.get_mut("audit").unwrap();
    audit.attempts.insert(POISON.to_owned(), ATTEMPTS);
    assert!(is_there(&failed, &kept).is_ok());

    assert!(is_in_order(&lines("got billing 0-0 1\ngot billing 0-1 1"), &kept).is_ok());
    assert!(is_in_order(&lines("got billing 0-1 1\ngot billing 0-0 1"), &kept).is_err());
    assert!(is_done(&[], &kept).is_err());

    kept.signals = lines("0-3\n0-0\n0-4");
    assert!(is_there(&[], &kept).is_err());
    kept.signals = lines("0-0\n0-0");
    assert!(is_there(&[], &kept).is_err());
}
