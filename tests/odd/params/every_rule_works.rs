//! Every rule, once.

use enact::prelude::*;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

/// One field for each rule.
#[derive(Debug, Params)]
struct Rules {
    /// Below zero.
    #[param(min = -5, max = -1)]
    below: i8,
    /// Between fractions.
    #[param(exclusive_min = -0.5, exclusive_max = 1e1, multiple_of = 0.25)]
    fraction: f64,
    /// Numbers of a list.
    #[param(one_of(1, 2, 4, 18_446_744_073_709_551_615))]
    number: u64,
    /// Exactly so long.
    #[param(len = 5)]
    exact: String,
    /// Items with a check.
    #[param(items(check = even, max = 8), len = 1..=4, unique)]
    items: Vec<u8>,
    /// Items of items.
    #[param(items(items(min = 1), len = ..=2))]
    nested: Vec<Vec<u8>>,
    /// Keys with a check.
    #[param(keys(check = lower, len = ..=3))]
    keys: BTreeMap<String, u8>,
    /// A set.
    #[param(default, items(len = 1..))]
    set: BTreeSet<String>,
    /// Through an `Option` and a `Box`.
    #[param(format = "email", secret, class = "contact")]
    mail: Option<Box<String>>,
    /// The type's own default.
    #[param(default = Self::LEVEL)]
    level: u8,
}

impl Rules {
    const LEVEL: u8 = 3;
}

fn even(number: &u8) -> Result<(), &'static str> {
    if number % 2 == 0 {
        Ok(())
    } else {
        Err("must be even")
    }
}

fn lower(key: &str) -> Result<(), String> {
    if key.chars().all(char::is_lowercase) {
        Ok(())
    } else {
        Err("must be lower case".to_owned())
    }
}

#[test]
fn it_does_what_it_says() {
    let fine = json!({
        "below": -5, "fraction": 0.75, "number": u64::MAX, "exact": "äbcde", "items": [2, 4],
        "nested": [[1], []], "keys": { "abc": 1 }, "mail": "a@b.cd",
    });
    let rules = Rules::read(fine).unwrap();
    assert!(rules.validate().is_ok());
    assert_eq!((rules.level, rules.set.len()), (3, 0));
    let wrong = json!({
        "below": 0, "fraction": 0.3, "number": 3, "exact": "abcd", "items": [10, 10],
        "nested": [[0], [1, 2, 3]], "keys": { "abcd": 1 }, "set": [""], "mail": "a",
    });
    assert_eq!(Rules::read(wrong).unwrap_err().len(), 12);
    let checked = json!({
        "below": -1, "fraction": 0, "number": 1, "exact": "abcde", "items": [1, 3],
        "nested": [], "keys": { "ABC": 1 },
    });
    assert_eq!(Rules::read(checked).unwrap_err().len(), 3);
}
