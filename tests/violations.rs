//! What a refusal says: every fault, each at its place, in words that help, and no secrets.

#[path = "violations/field.rs"]
mod field;
#[path = "violations/hostile.rs"]
mod hostile;
#[path = "violations/leaf.rs"]
mod leaf;
#[path = "violations/plant.rs"]
mod plant;
#[path = "violations/refused.rs"]
mod refused;
#[path = "violations/secrets.rs"]
mod secrets;
#[path = "violations/texts.rs"]
mod texts;

use std::io::{Write as _, stderr};

use enact::params::Code;
use enact::{Registry, Violations};
use enact_tests::mill::Mill;
use fastrand::Rng;
use serde_json::Value;

/// What an action of this crate says of an input that it refuses.
fn refusal(action: &str, input: Value) -> Violations {
    let registry = Registry::open().expect("the actions of this crate have no defects");
    let entry = registry
        .get(action)
        .expect("the action is among the shapes");
    entry.check(input).expect_err("the input has a fault")
}

fn places(violations: &Violations) -> Vec<(String, Code)> {
    violations
        .iter()
        .map(|violation| (violation.pointer.clone(), violation.code))
        .collect()
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// Plants one to eight faults and expects exactly these. The long run is
/// `ENACT_CASES=100000 cargo test --release -p enact-tests --test violations`.
#[test]
fn every_planted_fault_is_reported_at_its_place_and_nothing_else() {
    let registry = Registry::open().expect("the actions of this crate have no defects");
    let (seed, cases) = (number("ENACT_SEED", 42), number("ENACT_CASES", 5_000));
    let each = cases.div_ceil(registry.len() as u64);
    let mut dice = Rng::with_seed(seed);
    let (mut planted_cases, mut planted_faults, mut longest, mut wrong) = (0, 0, 0, Vec::new());
    for entry in registry.iter() {
        let mut mill = Mill::new(entry.schema(), seed ^ 0xFA17, 0.0);
        for _ in 0..each {
            let valid = mill
                .by_ref()
                .take(50)
                .find(|value| entry.check(value.clone()).is_ok());
            let valid = valid.unwrap_or_else(|| panic!("{} gets no valid value", entry.name()));
            let most = dice.usize(1..=8);
            let (planted, faults) = field::plant(entry.schema(), &valid, most, &mut dice);
            if faults.is_empty() {
                continue;
            }
            planted_cases += 1;
            planted_faults += faults.len();
            let expected = field::expected(&planted, &faults);
            let found = entry
                .check(planted.clone())
                .expect_err("there are faults in it");
            if places(&found) != expected {
                wrong.push(format!(
                    "{}: {planted}\n  expected {expected:?}\n  found {found}",
                    entry.name()
                ));
            }
            let length = found.for_model().len();
            if faults.len() == 1 {
                longest = longest.max(length);
                assert!(length <= 400, "{length} bytes: {}", found.for_model());
            }
        }
    }
    let told = format!(
        "{planted_cases} cases, {planted_faults} faults, {} cases reported otherwise; one fault takes \
         {longest} bytes at most\n",
        wrong.len()
    );
    // Straight to the terminal: a long run wants to be followed.
    stderr()
        .write_all(told.as_bytes())
        .expect("the terminal is there");
    wrong.truncate(8);
    assert!(wrong.is_empty(), "{told}{}", wrong.join("\n"));
}
