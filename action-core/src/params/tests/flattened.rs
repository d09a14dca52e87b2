//! What is flattened: which fields are known, and whose they are.

use serde_json::{Value, json};

use super::defects;
use crate::Params;

/// An address.
#[derive(Debug, Params)]
#[params(crate = crate)]
struct Address {
    /// Town.
    #[param(len = 1..)]
    town: String,
}

/// A letter.
#[derive(Debug, Params)]
#[params(crate = crate)]
struct Letter {
    #[serde(flatten)]
    to: Address,
    /// About what.
    about: Option<String>,
}

/// A letter, its kind around it.
#[derive(Debug, Params)]
#[params(crate = crate)]
enum Around {
    Mail(Letter),
    Phone {
        /// The number.
        number: Option<u32>,
    },
}

/// A letter, its kind inside.
#[derive(Debug, Params)]
#[params(crate = crate)]
#[serde(tag = "kind")]
enum Inside {
    Mail(Letter),
    Phone {
        /// The number.
        number: Option<u32>,
    },
}

#[track_caller]
fn refused<P: Params + std::fmt::Debug>(json: Value) -> String {
    P::read(json).unwrap_err().to_string()
}

#[test]
fn variants_that_hold_a_struct_with_a_flattened_part_stay_closed() {
    assert_eq!((defects::<Around>(), defects::<Inside>()), Default::default());
    Around::read(json!({ "Mail": { "town": "Ulm" } })).unwrap();
    Inside::read(json!({ "kind": "Mail", "town": "Ulm", "about": "a" })).unwrap();
    for refusal in [
        refused::<Around>(json!({ "Phone": { "nmber": 1 } })),
        refused::<Inside>(json!({ "kind": "Phone", "nmber": 1 })),
    ] {
        assert!(refusal.contains("did you mean \"number\"?"), "{refusal}");
    }
    for refusal in [
        refused::<Around>(json!({ "Mail": { "town": "Ulm", "abot": "a" } })),
        refused::<Inside>(json!({ "kind": "Mail", "town": "Ulm", "abot": "a" })),
    ] {
        assert!(refusal.contains("did you mean \"about\"?"), "{refusal}");
    }
}
