//! What a derive must bear: odd names, defaults of the whole.

use enact::prelude::*;
use serde_json::json;

/// Named as a type parameter of other derives is.
#[derive(Debug, PartialEq, Params)]
struct D {
    /// A number.
    a: u8,
}

/// Has a default for everything, which is not that of each field.
#[derive(Debug, PartialEq, Params)]
#[serde(default)]
struct Settings {
    /// How many.
    count: u8,
    /// For whom.
    name: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            count: 7,
            name: "all".to_owned(),
        }
    }
}

fn ports() -> Ports {
    Ports {
        low: 1024,
        high: 2048,
    }
}

/// Has its default from a function.
#[derive(Debug, PartialEq, Params)]
#[serde(default = "ports")]
struct Ports {
    /// The lowest.
    low: u16,
    /// The highest.
    high: u16,
}

#[test]
fn a_type_may_have_any_name() {
    assert_eq!(D::read(json!({ "a": 1 })).unwrap(), D { a: 1 });
}

#[test]
fn the_default_of_the_whole_fills_what_is_absent() {
    let read = Settings::read(json!({ "name": "one" })).unwrap();
    assert_eq!(
        read,
        Settings {
            count: 7,
            name: "one".to_owned()
        }
    );
    assert_eq!(Settings::schema()["properties"]["count"]["default"], 7);
    assert_eq!(
        Ports::read(json!({ "high": 4096 })).unwrap(),
        Ports {
            low: 1024,
            high: 4096
        }
    );
}
