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
