//! Serde's own attributes.

use enact::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

/// What serde's attributes say holds.
#[derive(Debug, Params)]
#[serde(rename_all = "camelCase")]
struct Order {
    /// Its number.
    #[serde(alias = "number", alias = "no")]
    order_number: u32,
    /// Where to.
    #[serde(flatten)]
    address: Address,
    #[serde(skip)]
    seen: Option<std::time::Instant>,
    #[serde(skip)]
    cache: Cache,
    /// Notes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    notes: BTreeMap<String, String>,
    /// Renamed.
    #[serde(rename = "kind")]
    r#type: Kind,
}

#[derive(Debug, Default)]
struct Cache;

impl Cache {
    fn len(&self) -> usize {
        0
    }
}

/// Where to.
#[derive(Debug, Params)]
struct Address {
    /// Town.
    #[param(len = 1..)]
    town: String,
}

/// A newtype.
#[derive(Debug, Params)]
#[serde(transparent)]
struct Kind(#[param(pattern = "^[a-z]+$")] String);

#[test]
fn it_does_what_it_says() {
    let order = Order::read(json!({ "no": 3, "town": "Ulm", "kind": "gift" })).unwrap();
    assert_eq!(
        (order.order_number, order.address.town.as_str()),
        (3, "Ulm")
    );
    assert_eq!(
        (order.seen, order.cache.len(), order.r#type.0.as_str()),
        (None, 0, "gift")
    );
    assert!(order.notes.is_empty());
    let refused = Order::read(json!({ "number": 3, "town": "", "kind": "GIFT" }));
    assert_eq!(refused.unwrap_err().len(), 2);
}
