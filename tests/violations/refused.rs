//! Types whose schema can't be kept: defects that are found when the program starts.

use std::panic::catch_unwind;

use enact::Params;
use serde_json::json;

/// The text with which a defective type refuses to read.
fn defects<P: Params>() -> String {
    let outcome = catch_unwind(|| P::read(json!({})).map(|_| ()));
    let cause = outcome.expect_err("the type is defective");
    cause.downcast_ref::<String>().cloned().unwrap_or_default()
}

/// Rounded.
#[derive(Debug, Params)]
struct Rounded {
    /// Below one.
    #[param(exclusive_max = 1)]
    a: f32,
    /// Tenths.
    #[param(multiple_of = 0.1)]
    b: Option<f32>,
    /// At most a tenth.
    #[param(max = 0.1)]
    c: f32,
    /// A half is a half.
    #[param(min = 0.5)]
    d: f32,
}

#[test]
fn rules_that_an_f32_breaks_by_rounding_are_defects() {
    let text = defects::<Rounded>();
    for place in [
        "/properties/a: an f32",
        "/properties/b: an f32",
        "/properties/c: an f32",
    ] {
        assert!(text.contains(place), "{place} is not in\n{text}");
    }
    assert!(!text.contains("/properties/d"), "{text}");
}

/// Numbers that may become alike.
#[derive(Debug, Params)]
struct Alike {
    /// Numbers.
    #[param(unique)]
    a: Vec<f32>,
}

#[test]
fn lists_whose_items_become_alike_by_rounding_are_defects() {
    let text = defects::<Alike>();
    assert!(text.contains("/properties/a: f32 items"), "{text}");
}

/// The first variant has a rule, and serde takes it without.
#[derive(Debug, Params)]
#[serde(untagged)]
enum Shadowed {
    /// An address.
    Mail(#[param(format = "email")] String),
    /// Anything else.
    Other(String),
}

/// A struct with it.
#[derive(Debug, Params)]
struct Shade {
    /// Either.
    a: Shadowed,
}

#[test]
fn variants_without_names_whose_rules_serde_would_not_keep_are_defects() {
    let text = defects::<Shade>();
    assert!(
        text.contains("variant 1 has rules and variant 2 takes what they refuse"),
        "{text}"
    );
}

/// The rule is further in.
#[derive(Debug, Params)]
#[serde(untagged)]
enum Inward {
    /// Few.
    Few {
        /// Numbers.
        #[param(items(max = 9))]
        all: Vec<u8>,
    },
    /// Many.
    Many {
        /// Numbers.
        all: Vec<u8>,
        /// How many.
        count: Option<u8>,
    },
}

#[test]
fn rules_further_in_count_as_well() {
    let text = defects::<Inward>();
    assert!(text.contains("variant 1 has rules and variant 2"), "{text}");
}

/// The rules come last, or the types differ.
#[derive(Debug, Params)]
#[serde(untagged)]
enum Clear {
    /// Ruled, and text.
    Text(#[param(len = 1..=3)] String),
    /// Ruled, and a number.
    Number(#[param(min = 5)] u8),
    /// Without rules.
    Fraction(f64),
    /// Told apart by their keys.
    Left {
        /// The left.
        #[param(min = 1)]
        left: i8,
    },
    /// Told apart by their keys.
    Right {
        /// The right.
        right: i8,
    },
}

#[test]
fn a_number_with_rules_before_a_fraction_without_is_a_defect_too() {
    let text = defects::<Clear>();
    assert!(text.contains("variant 2 has rules and variant 3"), "{text}");
    assert!(
        !text.contains("variant 1 has") && !text.contains("variant 4 has"),
        "{text}"
    );
}

/// It is itself.
#[derive(Debug, Params)]
#[serde(untagged)]
enum Circle {
    /// Itself.
    Again(Box<Self>),
    /// The end.
    End(u8),
}

#[test]
fn a_type_that_is_itself_is_a_defect() {
    let text = defects::<Circle>();
    assert!(
        text.contains("a type contains itself with nothing in between"),
        "{text}"
    );
}

/// Which one is not said.
#[derive(Debug, Params)]
#[serde(untagged)]
enum Nameless {
    /// One.
    One {
        /// A number.
        one: u8,
    },
    /// Two.
    Two {
        /// A number.
        two: u8,
    },
}

/// A struct with it among its own fields.
#[derive(Debug, Params)]
struct Flat {
    /// A number.
    own: u8,
    #[serde(flatten)]
    nameless: Nameless,
}

#[test]
fn an_enum_without_a_tag_that_is_flattened_is_a_defect() {
    let text = defects::<Flat>();
    assert!(
        text.contains("an enum without a tag can't be flattened"),
        "{text}"
    );
}
