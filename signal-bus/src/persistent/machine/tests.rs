//! The machine against a model that is too simple to be wrong: random events, and what must hold after
//! each.

use std::collections::{BTreeMap, BTreeSet};

use super::{Give, Machine};
use crate::log::{Change, Standing, SubscriptionRow};
use crate::persistent::policy::{Again, Order, Policy};

const POLICY: Policy = Policy {
    order: Order::Key,
    in_flight: 4,
    ack_deadline: 50,
    attempts: 3,
    backoff: 10,
    longest: 20,
};

fn row() -> SubscriptionRow {
    SubscriptionRow {
        name: "billing".into(),
        pattern: enact_signal_core::Pattern::new("**").expect("it is one"),
        cursor: 0,
        open: Vec::new(),
        settled: Vec::new(),
        dead: 0,
    }
}

/// What a store would have of it, and what is known to everybody.
#[derive(Default)]
struct Model {
    published: u64,
    cursor: u64,
    open: BTreeMap<u64, Standing>,
    settled: BTreeSet<u64>,
    dead: BTreeSet<u64>,
    acked: BTreeSet<u64>,
    /// Who has what.
    taken: Vec<(Give, u64)>,
}

/// Every third signal has no key; the others share one of four.
fn key(sequence: u64) -> Option<String> {
    (!sequence.is_multiple_of(3)).then(|| format!("k{}", sequence % 4))
}

impl Model {
    fn apply(&mut self, machine: &mut Machine) {
        let (cursor, changes) = machine.all_progress();
        assert!(cursor >= self.cursor, "a cursor does not go back");
        for change in changes {
            match change {
                Change::Open(standing) => {
                    let sequence = standing.sequence;
                    assert!(!self.acked.contains(&sequence), "{sequence} comes back");
                    self.open.insert(sequence, standing);
                }
                Change::Settled(sequence) => {
                    self.open.remove(&sequence);
                    self.settled.insert(sequence);
                }
                Change::Dead(letter) => {
                    self.open.remove(&letter.sequence);
                    self.settled.insert(letter.sequence);
                    assert!(self.dead.insert(letter.sequence), "it dies once");
                }
            }
        }
        self.cursor = cursor;
        let all = 1..=cursor;
        assert!(
            all.into_iter().all(|it| self.settled.contains(&it)),
            "all below {cursor} are settled"
        );
        let next = cursor + 1;
        assert!(
            !self.settled.contains(&next) || next > self.published,
            "{next} is settled and the low-water mark is {cursor}"
        );
    }

    fn give(&mut self, machine: &mut Machine, most: usize, now: u64) {
        let mut busy: BTreeSet<Option<String>> = BTreeSet::new();
        for give in machine.give(most, now) {
            let sequence = give.sequence;
            assert!(!self.settled.contains(&sequence), "{sequence} is settled");
            assert!(give.attempt <= POLICY.attempts);
            let before = self.open.get(&sequence).map_or(0, |it| it.attempts);
            assert_eq!(give.attempt, before + 1, "attempts are counted one by one");
            if let Some(key) = key(sequence) {
                let earlier =
                    (1..sequence).filter(|it| self::key(it.to_owned()) == Some(key.clone()));
                for earlier in earlier {
                    assert!(
                        self.settled.contains(&earlier),
                        "{earlier} before {sequence}"
                    );
                }
                assert!(busy.insert(Some(key)), "two of a key at once");
            }
            machine.taken(give, now);
            self.taken.push((give, now + POLICY.ack_deadline));
        }
        let in_time = self.taken.iter().filter(|(_, deadline)| *deadline > now);
        let in_time = in_time.filter(|(give, _)| !self.settled.contains(&give.sequence));
        assert!(in_time.count() <= POLICY.in_flight, "too many at once");
        assert!(machine.in_flight() <= POLICY.in_flight);
    }
}

fn story(seed: u64) -> (usize, usize) {
    let mut chance = fastrand::Rng::with_seed(seed);
    let (mut machine, mut model) = (Machine::new(POLICY, &row()), Model::default());
    let mut now = 1000;
    for _ in 0..400 {
        now += chance.u64(..12);
        machine.tick(now);
        model.apply(&mut machine);
        match chance.u32(..10) {
            0..=2 if model.published < 40 => {
                model.published += 1;
                let sequence = model.published;
                machine.found(sequence, key(sequence).as_deref(), now);
                machine.scanned(sequence);
            }
            3..=5 => model.give(&mut machine, chance.usize(..4), now),
            6 | 7 if !model.taken.is_empty() => {
                let (give, _) = model.taken.swap_remove(chance.usize(..model.taken.len()));
                let settled = machine.ack(give.sequence, now);
                model.apply(&mut machine);
                assert!(
                    model.settled.contains(&give.sequence),
                    "settled now or before"
                );
                if settled {
                    model.acked.insert(give.sequence);
                }
            }
            8 if !model.taken.is_empty() => {
                let (give, deadline) = model.taken.swap_remove(chance.usize(..model.taken.len()));
                let all = [Again::Backoff, Again::After(5), Again::Never];
                let again = all[chance.usize(..all.len())];
                let counts = machine.nack(give, again, "no", now);
                assert!(
                    !counts || deadline > now,
                    "what is over its deadline counts no more"
                );
            }
            9 if chance.u32(..8) == 0 => {
                machine = restarted(&mut model, now);
            }
            _ => {}
        }
        model.apply(&mut machine);
    }
    finish(&mut machine, &mut model, now);
    (model.acked.len(), model.dead.len())
}

/// As after a crash: what the store has is all that is known.
fn restarted(model: &mut Model, now: u64) -> Machine {
    let mut row = row();
    row.cursor = model.cursor;
    row.settled = model.settled.range(model.cursor + 1..).copied().collect();
    let mut machine = Machine::new(POLICY, &row);
    for standing in model.open.clone().into_values() {
        machine.resumed(standing, key(standing.sequence).as_deref(), now);
    }
    for sequence in model.cursor + 1..=model.published {
        machine.found(sequence, key(sequence).as_deref(), now);
    }
    machine.scanned(model.published);
    model.taken.clear();
    machine
}

/// Everything is acknowledged at last: all signals are settled, and the low-water mark says so.
fn finish(machine: &mut Machine, model: &mut Model, mut now: u64) {
    while model.cursor < model.published {
        machine.tick(now);
        model.apply(machine);
        model.give(machine, usize::MAX, now);
        model.apply(machine);
        for (give, _) in std::mem::take(&mut model.taken) {
            if machine.ack(give.sequence, now) {
                model.acked.insert(give.sequence);
            }
        }
        model.apply(machine);
        now += 1;
        assert!(now < 100_000, "it does not come to an end");
    }
    let all = model.acked.len() + model.dead.len();
    assert_eq!(
        all as u64, model.published,
        "acknowledged or dead, and not both"
    );
    assert_eq!(
        (machine.wake(), machine.in_flight()),
        (None, 0),
        "nothing is left"
    );
}

#[test]
fn it_agrees_with_a_simple_model_whatever_happens() {
    let seed = std::env::var("ENACT_SEED").ok();
    let seeds = match seed.and_then(|seed| seed.parse().ok()) {
        Some(seed) => seed..seed + 1,
        None => 0..500,
    };
    let (mut acked, mut dead) = (0, 0);
    for seed in seeds {
        println!("ENACT_SEED={seed}");
        let (more, died) = story(seed);
        (acked, dead) = (acked + more, dead + died);
    }
    println!("{acked} acknowledged, {dead} dead");
    assert!(acked > 0);
}

#[test]
fn what_nobody_took_was_no_attempt() {
    let mut machine = Machine::new(POLICY, &row());
    machine.found(1, None, 0);
    let first = machine.give(1, 0);
    machine.returned(0);
    assert_eq!(machine.give(1, 0), first);
}

#[test]
fn a_late_acknowledgement_settles_what_waits_for_another_attempt() {
    let mut machine = Machine::new(POLICY, &row());
    machine.found(1, None, 0);
    machine.scanned(1);
    let give = machine.give(1, 0)[0];
    machine.taken(give, 0);
    machine.tick(POLICY.ack_deadline);
    assert_eq!(machine.in_flight(), 0);
    assert!(machine.ack(1, POLICY.ack_deadline));
    assert_eq!((machine.cursor(), machine.wake()), (1, None));
    assert!(machine.give(1, 1000).is_empty());
}

#[test]
fn a_redriven_signal_is_given_out_below_the_low_water_mark() {
    let mut machine = Machine::new(POLICY, &row());
    machine.found(1, Some("a"), 0);
    machine.found(2, Some("a"), 0);
    machine.scanned(2);
    assert!(machine.ack(1, 0) && machine.ack(2, 0));
    assert!(machine.redriven(1, Some("a"), 0));
    let sequences: Vec<u64> = machine
        .give(9, 0)
        .iter()
        .map(|give| give.sequence)
        .collect();
    assert_eq!((sequences, machine.cursor()), (vec![1], 2));
    assert!(machine.ack(1, 0));
    assert_eq!(machine.cursor(), 2);
}
