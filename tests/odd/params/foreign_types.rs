//! Types of others, read by the traits of serde and schemars.

use enact::prelude::*;
use serde_json::{Value, json};

/// Types of others.
#[derive(Debug, Params)]
struct Foreign {
    /// Any JSON.
    any: Value,
    /// With the traits of serde and schemars.
    #[param(opaque)]
    range: std::ops::Range<u8>,
    /// Read by a function.
    #[serde(with = "seconds")]
    #[schemars(with = "u64")]
    wait: Wait,
}

#[derive(Debug)]
struct Wait(std::time::Duration);

mod seconds {
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(wait: &super::Wait, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(wait.0.as_secs())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<super::Wait, D::Error> {
        u64::deserialize(from)
            .map(std::time::Duration::from_secs)
            .map(super::Wait)
    }
}

#[test]
fn it_does_what_it_says() {
    let json = json!({ "any": null, "range": { "start": 1, "end": 2 }, "wait": 3 });
    let foreign = Foreign::read(json).unwrap();
    assert_eq!((foreign.range.start, foreign.wait.0.as_secs()), (1, 3));
}
