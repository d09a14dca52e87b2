//! Maps, with rules on their keys and their size.

use std::collections::{BTreeMap, HashMap};

use enact::prelude::*;
use serde_json::{Map, Value};

use crate::records::Point;

shapes! { Maps Keyed Deep }

/// Maps of all kinds.
#[derive(Action)]
#[action(name = "maps")]
struct Maps {
    /// In order.
    a: BTreeMap<String, u8>,
    /// In no order.
    b: HashMap<String, String>,
    /// Of points.
    c: BTreeMap<String, Point>,
    /// Of anything.
    d: BTreeMap<String, Value>,
    /// Perhaps.
    e: Option<HashMap<String, Option<i64>>>,
}

/// Maps with rules.
#[derive(Action)]
#[action(name = "keyed")]
struct Keyed {
    /// From one to three keys.
    #[param(len = 1..=3)]
    a: BTreeMap<String, u8>,
    /// Keys of lower case.
    #[param(keys(pattern = "^[a-z]+$"))]
    b: BTreeMap<String, f64>,
    /// Short keys, few of them.
    #[param(len = ..=2, keys(len = 1..=3))]
    c: Option<HashMap<String, bool>>,
    /// Days.
    #[param(keys(format = "date"))]
    d: BTreeMap<String, Vec<String>>,
    /// North or south.
    #[param(keys(one_of("north", "south")))]
    #[expect(clippy::box_collection, reason = "rules go through a box too")]
    e: Box<BTreeMap<String, i32>>,
}

/// Maps in maps and lists.
#[derive(Action)]
#[action(name = "deep")]
struct Deep {
    /// Maps in a map.
    a: BTreeMap<String, BTreeMap<String, i8>>,
    /// Maps in a list.
    #[param(len = ..=3, items(len = ..=2))]
    b: Vec<BTreeMap<String, u64>>,
    /// Lists in a map.
    c: HashMap<String, Vec<[u8; 2]>>,
    /// Any object.
    #[param(opaque)]
    d: Map<String, Value>,
}
