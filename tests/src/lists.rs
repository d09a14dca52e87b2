//! Lists, arrays, sets and tuples, with rules on them and on what is in them.

use std::collections::{BTreeSet, HashSet, VecDeque};

use enact::prelude::*;
use serde_json::Value;

use crate::records::Point;

shapes! { Lists Counted Ruled Nested Sets Tuples Unlike }

/// Lists of all kinds.
#[derive(Action)]
#[action(name = "lists")]
struct Lists {
    /// A vector.
    a: Vec<u8>,
    /// A queue.
    b: VecDeque<String>,
    /// A boxed slice.
    c: Box<[i64]>,
    /// An array.
    d: [f64; 3],
    /// Points.
    e: Vec<Point>,
    /// Items that may be null.
    f: Option<Vec<Option<bool>>>,
    /// Anything.
    g: Vec<Value>,
}

/// Lists of some length.
#[derive(Action)]
#[action(name = "counted")]
struct Counted {
    /// From one to three.
    #[param(len = 1..=3)]
    a: Vec<u8>,
    /// Two at most, if any.
    #[param(len = ..=2)]
    b: Option<VecDeque<i8>>,
    /// At least two.
    #[param(len = 2..)]
    c: Box<[char]>,
    /// An array of nothing.
    #[param(default)]
    d: [u8; 0],
}

/// Lists with rules for their items.
#[derive(Action)]
#[action(name = "ruled")]
struct Ruled {
    /// Percents.
    #[param(items(min = 0, max = 100))]
    a: Vec<u8>,
    /// Words.
    #[param(len = 1.., items(len = 1..=4, pattern = "^[a-z]*$"))]
    b: Vec<String>,
    /// Mail addresses, each once.
    #[param(unique, items(format = "email"))]
    c: Option<Vec<String>>,
    /// Tens.
    #[param(items(multiple_of = 10, exclusive_min = 0))]
    d: [i32; 2],
    /// Sizes that may be null.
    #[param(items(one_of("s", "m", "l")))]
    e: Vec<Option<String>>,
    /// Steps.
    #[param(items(one_of(1, 2, 4)))]
    #[expect(clippy::box_collection, reason = "rules go through a box too")]
    f: Box<Vec<u16>>,
}

/// Lists of lists.
#[derive(Action)]
#[action(name = "nested")]
struct Nested {
    /// A matrix of small numbers.
    #[param(len = ..=3, items(len = 1..=2, items(min = -1, max = 1)))]
    a: Vec<Vec<i8>>,
    /// Rows that differ.
    #[param(unique, items(unique, items(len = 1)))]
    b: Vec<Vec<String>>,
    /// Three deep.
    #[param(items(items(len = ..=2, items(max = 5))))]
    c: Option<Vec<[Vec<u32>; 1]>>,
}

/// Sets, and lists whose items differ.
#[derive(Action)]
#[action(name = "sets")]
struct Sets {
    /// In order.
    #[param(len = 1..=4)]
    a: BTreeSet<i16>,
    /// In no order.
    b: HashSet<String>,
    /// Words of a length.
    #[param(items(len = 1..=3), len = ..=3)]
    c: BTreeSet<String>,
    /// Numbers that differ.
    #[param(unique)]
    d: Vec<f64>,
    /// Points that differ.
    #[param(unique)]
    e: Option<Vec<Point>>,
    /// Any values that differ.
    #[param(unique)]
    f: Vec<Value>,
    /// Letters.
    g: Option<HashSet<char>>,
}

/// Tuples.
#[derive(Action)]
#[action(name = "tuples")]
struct Tuples {
    /// One.
    a: (u8,),
    /// Two.
    b: (f64, String),
    /// Eight.
    c: (u8, i8, bool, char, Option<u8>, String, f32, Vec<u8>),
    /// In a list.
    #[param(len = ..=3)]
    d: Vec<(String, Point)>,
    /// Perhaps.
    e: Option<(i64, (u16, u16))>,
}

/// Values of any kind.
#[derive(Action)]
#[action(name = "unlike")]
struct Unlike {
    /// Anything.
    a: Value,
    /// Anything, or nothing.
    b: Option<Value>,
    /// Anything twice.
    c: [Value; 2],
    /// The empty tuple, which is null.
    d: (),
}
