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
    assert_eq!(
        (defects::<Around>(), defects::<Inside>()),
        Default::default()
    );
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

/// Who it is.
#[derive(Debug, Params)]
#[params(crate = crate)]
struct Owner {
    /// The number.
    #[serde(alias = "no")]
    id: String,
}

/// A choice with an owner in it.
#[derive(Debug, Params)]
#[params(crate = crate)]
#[serde(tag = "kind")]
enum Kind {
    Owned {
        /// The town.
        town: String,
    },
    Free,
}

/// Names that stand for two things.
#[derive(Debug, Params)]
#[params(crate = crate)]
struct Twice {
    /// The number.
    id: u32,
    #[serde(flatten)]
    owner: Owner,
    #[serde(flatten)]
    address: Address,
    #[serde(flatten)]
    kind: Kind,
}

#[test]
fn a_name_of_a_field_and_of_a_flattened_one_is_a_defect() {
    let text = defects::<Twice>();
    for name in ["id", "town"] {
        let told = format!("(root): two params are called \"{name}\" on the wire");
        assert!(text.contains(&told), "{text}");
    }
    assert_eq!(text.lines().count(), 3, "{text}");
}

/// Anything with a number.
#[derive(Debug, Params)]
#[params(crate = crate)]
struct Numbered<T> {
    /// The number.
    id: u32,
    #[serde(flatten)]
    what: T,
}

#[test]
fn so_it_is_in_what_is_generic() {
    let text = defects::<Numbered<Owner>>();
    assert!(text.contains("two params are called \"id\""), "{text}");
    assert_eq!(defects::<Numbered<Address>>(), "");
}

/// An expression with expressions in it.
#[derive(Debug, Params)]
#[params(crate = crate)]
struct Expr {
    /// How long it is.
    span: u32,
    #[serde(flatten)]
    op: Op,
}

/// What it does.
#[derive(Debug, Params)]
#[params(crate = crate)]
#[serde(tag = "op")]
enum Op {
    Lit {
        /// The number.
        n: i64,
    },
    Not {
        /// Of what.
        of: Box<Expr>,
    },
}

#[test]
fn a_type_may_have_itself_in_what_is_flattened() {
    assert_eq!(defects::<Expr>(), "");
    let inner =
        |n: Value| json!({ "span": 3, "op": "Not", "of": { "span": 2, "op": "Lit", "n": n } });
    Expr::read(inner(json!(1))).unwrap();
    let refusal = refused::<Expr>(inner(json!("a")));
    assert!(refusal.contains("/of/n: "), "{refusal}");
}

/// A recursive type with two names that are one.
#[derive(Debug, Params)]
#[params(crate = crate)]
struct Clashing {
    /// The number.
    id: u32,
    /// What is in it.
    inner: Option<Box<Self>>,
    #[serde(flatten)]
    owner: Owner,
}

#[test]
fn a_recursive_type_is_told_of_names_too() {
    let text = defects::<Clashing>();
    assert!(text.contains("two params are called \"id\""), "{text}");
}

/// What has come.
#[derive(Debug, Params)]
#[params(crate = crate)]
#[serde(tag = "type")]
enum Event {
    Opened {
        /// By whom.
        by: String,
    },
    Closed,
}

/// What stands before it.
#[derive(Debug, Params)]
#[params(crate = crate)]
struct Head {
    /// The type.
    r#type: String,
}

/// serde reads the type twice.
#[derive(Debug, Params)]
#[params(crate = crate)]
struct Lent {
    #[serde(flatten)]
    event: Event,
    #[serde(flatten)]
    head: Head,
}

/// The head takes the type away.
#[derive(Debug, Params)]
#[params(crate = crate)]
struct Taken {
    #[serde(flatten)]
    head: Head,
    #[serde(flatten)]
    event: Event,
}

#[test]
fn a_name_may_stand_in_an_enum_and_in_a_struct_after_it() {
    assert_eq!(defects::<Lent>(), "");
    let lent = Lent::read(json!({ "type": "Opened", "by": "ada" })).unwrap();
    assert!(matches!(&lent.event, Event::Opened { by } if by == "ada"));
    assert_eq!(lent.head.r#type, "Opened");

    let text = defects::<Taken>();
    assert!(text.contains("two params are called \"type\""), "{text}");
}

/// A way that has been read as another type.
#[derive(Debug, Params)]
#[params(crate = crate)]
#[serde(from = "Around")]
enum Converted {
    Mail {
        #[serde(flatten)]
        to: Option<Address>,
    },
    Phone,
}

impl From<Around> for Converted {
    fn from(around: Around) -> Self {
        match around {
            Around::Mail(letter) => Self::Mail {
                to: Some(letter.to),
            },
            Around::Phone { .. } => Self::Phone,
        }
    }
}

/// Ways of which some are only written.
#[derive(Debug, Params)]
#[params(crate = crate)]
enum Written {
    #[serde(skip_deserializing)]
    Sent {
        #[serde(flatten)]
        to: Address,
    },
    Mail {
        #[serde(flatten, skip_deserializing)]
        to: Option<Address>,
        /// About what.
        about: Option<String>,
    },
}

#[test]
fn what_is_flattened_and_never_read_is_fine() {
    assert_eq!(
        (defects::<Converted>(), defects::<Written>()),
        Default::default()
    );
    let converted = Converted::read(json!({ "Mail": { "town": "Ulm" } })).unwrap();
    assert!(matches!(&converted, Converted::Mail { to: Some(to) } if to.town == "Ulm"));
    let written = Written::read(json!({ "Mail": { "about": "a" } })).unwrap();
    assert!(
        matches!(&written, Written::Mail { to: None, about: Some(about) } if about == "a"),
        "{written:?}"
    );
    let sent = Written::Sent {
        to: Address {
            town: "Ulm".to_owned(),
        },
    };
    let sent = serde_json::to_value(sent).unwrap();
    assert_eq!(sent, json!({ "Sent": { "town": "Ulm" } }));
    let refusal = refused::<Written>(json!({ "Mail": { "abot": "a" } }));
    assert!(refusal.contains("did you mean \"about\"?"), "{refusal}");
}

/// What has come, its fields under a name.
#[derive(Debug, Params)]
#[params(crate = crate)]
#[serde(tag = "type", content = "data")]
enum Adjacent {
    Opened(Address),
    Closed,
}

/// serde takes the type out for the event.
#[derive(Debug, Params)]
#[params(crate = crate)]
struct Gone {
    #[serde(flatten)]
    event: Adjacent,
    #[serde(flatten)]
    head: Head,
}

#[test]
fn an_enum_with_its_content_under_a_name_takes_both_names() {
    let text = defects::<Gone>();
    assert!(text.contains("two params are called \"type\""), "{text}");
}
