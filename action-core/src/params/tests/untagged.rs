//! Enums without a tag: what serde builds of a value that the schema means for a later variant.

use std::collections::BTreeMap;

use serde_json::json;

use super::defects;
use crate::Params;

/// A place.
#[derive(Debug, Params)]
#[params(crate = crate)]
struct Point {
    /// North of the equator.
    #[param(min = -90, max = 90)]
    lat: f64,
    /// East of Greenwich.
    lon: f64,
}

/// A struct before a list.
#[derive(Debug, Params)]
#[params(crate = crate)]
#[serde(untagged)]
enum Loc {
    Point(Point),
    Pair(Vec<f64>),
}

#[test]
fn serde_builds_a_struct_of_a_list() {
    let loc: Loc = serde_json::from_value(json!([200, 5])).unwrap();
    assert!(
        matches!(loc, Loc::Point(Point { lat: 200.0, .. })),
        "{loc:?}"
    );
    let text = defects::<Loc>();
    assert!(
        text.contains("variant 1 has rules and variant 2 takes what they refuse"),
        "{text}"
    );
}

/// The struct is further in, and a tuple is a list too.
#[derive(Debug, Params)]
#[params(crate = crate)]
#[serde(untagged)]
enum Inward {
    At {
        /// A place.
        at: Point,
    },
    Pair {
        /// Two numbers.
        at: (f64, i8),
    },
}

#[test]
fn a_struct_further_in_is_built_of_a_list_too() {
    let text = defects::<Inward>();
    assert!(text.contains("variant 1 has rules and variant 2"), "{text}");
}

/// Lists that no point is built of, and those that come first.
#[derive(Debug, Params)]
#[params(crate = crate)]
#[serde(untagged)]
enum Apart {
    Triple(f64, f64, f64),
    Point(Point),
    Words(Vec<String>),
    Single(#[param(len = 1)] Vec<f64>),
}

#[test]
fn lists_that_no_struct_is_built_of_are_fine() {
    assert_eq!(defects::<Apart>(), "");
    let apart = Apart::read(json!([91.0])).unwrap();
    assert!(matches!(apart, Apart::Single(_)), "{apart:?}");
}

/// A variant with fields of its own before a list.
#[derive(Debug, Params)]
#[params(crate = crate)]
#[serde(untagged)]
enum Own {
    Point {
        /// North of the equator.
        #[param(min = -90, max = 90)]
        lat: f64,
        /// East of Greenwich.
        lon: f64,
    },
    Pair(Vec<f64>),
}

#[test]
fn a_variant_with_fields_of_its_own_is_built_of_an_object_alone() {
    assert_eq!(defects::<Own>(), "");
    let own = Own::read(json!([200, 5])).unwrap();
    assert!(matches!(own, Own::Pair(_)), "{own:?}");
}

/// A struct that is read as a map, since it holds another.
#[derive(Debug, Params)]
#[params(crate = crate)]
struct Gathered {
    /// North of the equator.
    #[param(min = -90, max = 90)]
    lat: f64,
    #[serde(flatten)]
    rest: BTreeMap<String, f64>,
}

/// It stands before a list.
#[derive(Debug, Params)]
#[params(crate = crate)]
#[serde(untagged)]
enum Flat {
    Gathered(Gathered),
    Pair(Vec<f64>),
}

#[test]
fn a_struct_with_a_flattened_part_is_built_of_an_object_alone() {
    assert_eq!(defects::<Flat>(), "");
    let flat = Flat::read(json!([200])).unwrap();
    assert!(matches!(flat, Flat::Pair(_)), "{flat:?}");
}

/// Fields before a map that may have the same keys.
#[derive(Debug, Params)]
#[params(crate = crate)]
#[serde(untagged)]
enum Mapped {
    Few {
        /// A number.
        #[param(max = 9)]
        few: u8,
    },
    Any(BTreeMap<String, u8>),
}

#[test]
fn a_map_may_have_the_key_of_a_field_with_rules() {
    let text = defects::<Mapped>();
    assert!(text.contains("variant 1 has rules and variant 2"), "{text}");
}

/// An enum with rules under the name of a variant.
#[derive(Debug, Params)]
#[params(crate = crate)]
enum Pick {
    All,
    Range {
        /// The first.
        #[param(min = 1)]
        from: u32,
    },
}

/// It stands before text, which it is too without a field.
#[derive(Debug, Params)]
#[params(crate = crate)]
#[serde(untagged)]
enum Filter {
    Pick(Pick),
    Name(String),
}

#[test]
fn rules_in_an_object_do_not_matter_to_text() {
    assert_eq!(defects::<Filter>(), "");
    let filter = Filter::read(json!("Some")).unwrap();
    assert!(matches!(&filter, Filter::Name(name) if name == "Some"));
}

/// An enum that is an object alone.
#[derive(Debug, Params)]
#[params(crate = crate)]
enum Shape {
    Circle {
        /// The radius.
        #[param(min = 0)]
        r: f64,
    },
}

/// It stands before a list.
#[derive(Debug, Params)]
#[params(crate = crate)]
#[serde(untagged)]
enum Drawn {
    Shape(Shape),
    Points(Vec<f64>),
}

#[test]
fn an_enum_is_not_built_of_a_list() {
    assert_eq!(defects::<Drawn>(), "");
    let drawn = Drawn::read(json!([-1.0])).unwrap();
    assert!(matches!(drawn, Drawn::Points(_)), "{drawn:?}");
}

/// What is flattened.
#[derive(Debug, Params)]
#[params(crate = crate)]
#[serde(tag = "kind")]
enum Kind {
    Owned {
        /// By whom.
        by: String,
    },
    Free,
}

/// It refuses what it does not know.
#[derive(Debug, Params)]
#[params(crate = crate)]
struct Full {
    /// A note.
    note: Option<String>,
    #[serde(flatten)]
    kind: Kind,
}

/// Fields before a sealed struct that has none of them.
#[derive(Debug, Params)]
#[params(crate = crate)]
#[serde(untagged)]
enum Sealed {
    Quick {
        /// A number.
        #[param(max = 9)]
        n: u8,
    },
    Full(Full),
}

#[test]
fn a_sealed_struct_does_not_take_what_it_does_not_name() {
    assert_eq!(defects::<Sealed>(), "");
    Sealed::read(json!({ "n": 10 })).unwrap_err();
    let full = Sealed::read(json!({ "kind": "Owned", "by": "ada" })).unwrap();
    assert!(matches!(full, Sealed::Full(_)), "{full:?}");
}

/// What is flattened, with a number.
#[derive(Debug, Params)]
#[params(crate = crate)]
#[serde(tag = "kind")]
enum Size {
    Number {
        /// A number.
        n: u32,
    },
    Unknown,
}

/// It names the number in what is flattened.
#[derive(Debug, Params)]
#[params(crate = crate)]
struct Sized {
    /// A note.
    note: Option<String>,
    #[serde(flatten)]
    size: Size,
}

/// Fields before a sealed struct that has them.
#[derive(Debug, Params)]
#[params(crate = crate)]
#[serde(untagged)]
enum Naming {
    Quick {
        /// The kind.
        kind: String,
        /// A number.
        #[param(max = 9)]
        n: u8,
    },
    Sized(Sized),
}

#[test]
fn a_sealed_struct_takes_what_its_parts_name() {
    let text = defects::<Naming>();
    assert!(text.contains("variant 1 has rules and variant 2"), "{text}");
}
