//! Names that are not in Rust's style, where the item may have them.

#![deny(nonstandard_style)]

use enact::prelude::*;
use serde_json::json;

/// A unit, as it is written on the wire.
#[allow(
    non_camel_case_types,
    non_snake_case,
    reason = "that is what is tested"
)]
#[derive(Debug, PartialEq, Params)]
enum unit {
    kg,
    cm,
    of {
        /// What it is a part of.
        wholeUnit: Box<unit>,
    },
}

/// A measure.
#[allow(non_snake_case, reason = "that is what is tested")]
#[derive(Debug, Params)]
struct Measure {
    /// The unit.
    #[param(default = unit::cm)]
    theUnit: unit,
    /// The numbers.
    #[param(items(len = 1.., items(max = 9)))]
    allNumbers: Vec<Vec<u8>>,
}

/// A list of them.
#[allow(
    non_camel_case_types,
    non_upper_case_globals,
    reason = "that is what is tested"
)]
#[derive(Debug, Params)]
struct Listed<item, const least: usize> {
    /// The items.
    #[param(default = Vec::with_capacity(least))]
    items: Vec<item>,
}

#[test]
fn it_does_what_it_says() {
    let read =
        Measure::read(json!({ "allNumbers": [[10]], "theUnit": { "of": { "wholeUnit": "kg" } } }));
    assert_eq!(read.unwrap_err().len(), 1);
    assert_eq!(Measure::new(vec![vec![1]]).theUnit, unit::cm);
    assert!(Listed::<unit, 2>::read(json!({ "items": ["kg"] })).is_ok());
}
