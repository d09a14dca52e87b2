//! Uses that are odd and right.

use enact::prelude::*;
use enact::signal::{Pattern, Payload};

#[signal(type = "r-1.A_b")]
struct Nothing;

#[signal(type = "a.newtype", open, no_new, extensions(type1 = "a", live = true, level = -3))]
#[derive(Debug, PartialEq)]
struct Reading(f64);

/// Serde's own shapes, under one type.
#[signal(type = "a.shape", version = 0)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Shape {
    Round { radius: f64 },
    Flat,
}

mod inner {
    use super::*;

    #[signal(type = "a.renamed", check = positive)]
    #[serde(rename_all = "camelCase")]
    pub struct Renamed {
        #[param(default = 3)]
        pub how_many: i64,
        pub r#type: Option<String>,
    }

    fn positive(it: &Renamed) -> Result<(), &'static str> {
        if it.how_many > 0 {
            Ok(())
        } else {
            Err("more than none")
        }
    }
}

#[signal(source = "/all", version = 2, extensions(region = "eu"), open)]
#[derive(Debug)]
enum Any {
    /// With a field called as the generated code's own.
    #[signal(type = "any.record", version = 3, extensions(region = "us", level = 1))]
    #[serde(rename_all = "camelCase")]
    Record {
        #[param(min = 1)]
        envelope: u8,
        data: String,
        the_rest: Vec<String>,
    },
    #[signal(type = "any.pair")]
    Pair(u8, String),
    #[signal(type = "any.one")]
    One(Vec<u8>),
    #[signal(type = "any.unit", source = "/units")]
    Unit,
    Held(Reading),
    Nested(Inside),
}

#[signal]
#[derive(Debug)]
enum Inside {
    #[signal(type = "inside.one")]
    One,
    #[signal(type = "inside.two")]
    Two,
}

/// With a helper of a derive that the structs behind it have not, a path before `signal`, `open` said
/// twice, and serde's attributes in each way that they can be written.
#[signal(open)]
#[derive(Debug, Default, PartialEq)]
#[serde(rename_all_fields = "camelCase")]
enum Dressed {
    #[enact::signal(type = "dressed.one", open)]
    #[serde(rename = "TheOne")]
    One {
        how_many: u8,
        #[cfg_attr(
            test,
            serde(rename = "kind"),
            allow(dead_code, reason = "it is written")
        )]
        the_kind: String,
    },
    #[signal(type = "dressed.two")]
    #[cfg_attr(any(), serde(rename = "none"))]
    #[cfg_attr(test, default, serde(rename_all = "UPPERCASE"))]
    Two,
    #[signal(type = "dressed.three")]
    #[allow(non_snake_case, reason = "it is odd")]
    #[cfg_attr(test, serde(rename_all = "SCREAMING_SNAKE_CASE"))]
    Three { how_many: u8, theRest: u8 },
}

/// Written by serde too, to which the same attributes mean what they say.
#[signal]
#[derive(serde::Serialize)]
#[serde(tag = "kind", rename_all_fields = "camelCase")]
enum Written {
    #[signal(type = "written.one")]
    #[serde(rename = "one")]
    One {
        #[cfg_attr(test, serde(rename = "number"))]
        how_many: u8,
        kind_of: u8,
    },
}

/// With variants and fields that are not there.
#[signal]
#[derive(Debug, PartialEq)]
enum Gated {
    #[cfg(any())]
    #[signal(type = "gated.never")]
    Never { of: Nowhere },
    #[cfg(any())]
    Held(Nowhere),
    #[cfg_attr(test, cfg(any()))]
    Again(Nowhere),
    #[cfg(any())]
    #[signal(type = "gated.one")]
    One(Nowhere),
    #[cfg(test)]
    #[signal(type = "gated.one")]
    One {
        #[cfg(any())]
        of: Nowhere,
        #[cfg(test)]
        there: u8,
        #[cfg_attr(test, cfg(any()))]
        gone: Nowhere,
    },
    #[cfg(test)]
    Inside(Dressed),
}

static PATTERN: Pattern = pattern!("a.**");

#[test]
fn it_does_what_it_says() {
    assert_eq!(Nothing::TYPE, "r-1.A_b");
    assert_eq!(Any::SPECS.len(), 7);
    assert!(PATTERN.matches(Reading(1.0).seal().unwrap().ty()));
    let renamed = inner::Renamed::new();
    assert_eq!(renamed.how_many, 3);
    let all = pattern!("a.*", crate = ::enact);
    assert!(all.matches(Shape::Flat.seal().unwrap().ty()));
    let round = Shape::Round { radius: 1.0 }.subject("x").seal().unwrap();
    assert!(all.matches(round.ty()));
}

#[test]
fn what_serde_is_told_of_variants_holds() {
    let one = Dressed::One {
        how_many: 3,
        the_kind: "a".into(),
    };
    let json = |signal: Dressed| signal.seal().unwrap().json().unwrap();
    assert_eq!(
        json(one.clone()),
        serde_json::json!({ "howMany": 3, "kind": "a" })
    );
    let three = Dressed::Three {
        how_many: 3,
        theRest: 4,
    };
    assert_eq!(
        json(three),
        serde_json::json!({ "HOW_MANY": 3, "THEREST": 4 })
    );
    assert_eq!(Dressed::default(), Dressed::Two);
    assert_eq!(one.clone().seal().unwrap().open::<Dressed>().unwrap(), one);
}

#[test]
fn serde_writes_an_enum_as_its_attributes_say() {
    let one = Written::One {
        how_many: 1,
        kind_of: 2,
    };
    let json = serde_json::to_value(&one).unwrap();
    let expected = serde_json::json!({ "kind": "one", "number": 1, "kindOf": 2 });
    assert_eq!(json, expected);
    let expected = serde_json::json!({ "number": 1, "kindOf": 2 });
    assert_eq!(one.seal().unwrap().json().unwrap(), expected);
}

#[test]
fn what_is_not_there_has_no_signal() {
    let types = Gated::SPECS.iter().map(|spec| spec.ty);
    assert!(types.eq(["gated.one", "dressed.one", "dressed.two", "dressed.three"]));
    let one = Gated::One { there: 3 };
    assert_eq!(one.clone().seal().unwrap().open::<Gated>().unwrap(), one);
}
