//! The published schema and the reader against each other, with an independent validator as judge.
//!
//! The long run is `ENACT_CASES=1000000 cargo test --release -p enact-tests --test agreement`;
//! `ENACT_SEED` draws other inputs.

#[path = "agreement/court.rs"]
mod court;

use std::io::{Write as _, stderr};

use enact::Registry;
use enact_tests::{mill::Mill, shapes};

use self::court::{Court, Tally};

/// The share of nodes that the mill spoils.
const RATE: f64 = 0.02;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

#[test]
fn every_action_is_among_the_shapes() {
    let registry = Registry::open().expect("the actions of this crate have no defects");
    let mut names: Vec<&str> = shapes().iter().map(|shape| shape.name).collect();
    names.sort_unstable();
    let registered: Vec<&str> = registry.iter().map(enact::registry::Entry::name).collect();
    assert_eq!(names, registered);
    assert!(names.len() >= 34, "only {} shapes", names.len());
}

#[test]
fn a_number_is_read_as_the_double_that_is_nearest() {
    // The standard library rounds correctly, and it writes the shortest text that is read as the same number.
    let mut dice = fastrand::Rng::with_seed(42);
    let drawn =
        std::iter::repeat_with(|| f64::from_bits(dice.u64(..))).filter(|number| number.is_finite());
    for number in [124.375_900_095_337_67, 0.999_999_999_999_999_9]
        .into_iter()
        .chain(drawn.take(100_000))
    {
        let text = format!("{number:?}");
        let read: f64 = serde_json::from_str(&text).expect("it is a number");
        assert_eq!(read.to_bits(), number.to_bits(), "{text}");
    }
}

#[test]
fn schema_and_reader_agree_in_both_directions() {
    let registry = Registry::open().expect("the actions of this crate have no defects");
    let (seed, cases) = (number("ENACT_SEED", 42), number("ENACT_CASES", 20_000));
    let each = cases.div_ceil(registry.len() as u64);
    let mut all = Tally::default();
    let mut faults = Vec::new();
    for (index, entry) in registry.iter().enumerate() {
        let mut court = Court::of(entry);
        let mill = Mill::new(
            entry.schema(),
            seed.wrapping_add(index as u64 * 0x9E37),
            RATE,
        );
        mill.zip(0..each).for_each(|(input, _)| court.hear(&input));
        let tally = court.tally();
        // Straight to the terminal: a long run wants to be followed.
        writeln!(stderr(), "{:>12}: {tally}", entry.name()).expect("the terminal is there");
        faults.extend(court.into_faults());
        all += tally;
    }
    writeln!(stderr(), "{:>12}: {all}", "all").expect("as above");
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(
        all.accepted * 5 >= all.total() && all.refused * 5 >= all.total(),
        "lopsided: {all}"
    );
}
