//! Enums in each of serde's representations.

use enact::prelude::*;
use serde_json::json;

/// Tagged from outside.
#[derive(Debug, PartialEq, Params)]
#[serde(rename_all = "snake_case")]
enum Outside {
    NoneAtAll,
    One(#[param(min = 1)] u8),
    Two(u8, String),
    #[serde(rename_all = "camelCase")]
    Named {
        /// A field.
        #[param(default = 4)]
        some_field: u8,
    },
    #[serde(skip)]
    #[allow(dead_code, reason = "it is skipped")]
    Never(std::num::Wrapping<u8>),
}

/// Tagged inside.
#[derive(Debug, PartialEq, Params)]
#[serde(tag = "kind", rename_all_fields = "camelCase")]
enum Inside {
    Empty,
    Named {
        /// A field.
        some_field: u8,
    },
}

/// Tag and content side by side.
#[derive(Debug, PartialEq, Params)]
#[serde(tag = "t", content = "c")]
enum Beside {
    Empty,
    One(u8),
}

/// No tag.
#[derive(Debug, PartialEq, Params)]
#[serde(untagged)]
enum Untagged {
    Number(i64),
    Text(#[param(len = 2..)] String),
}

/// All of them.
#[derive(Debug, Params)]
struct All {
    /// One.
    outside: Outside,
    /// Two.
    inside: Inside,
    /// Three.
    beside: Beside,
    /// Four.
    #[param(default = Untagged::Number(1))]
    untagged: Untagged,
}

#[test]
fn it_does_what_it_says() {
    let all = All::read(json!({
        "outside": { "named": { "someField": 3 } },
        "inside": { "kind": "Named", "someField": 3 },
        "beside": { "t": "One", "c": 3 },
        "untagged": "ab",
    }));
    let all = all.unwrap();
    assert_eq!(all.outside, Outside::Named { some_field: 3 });
    assert_eq!(all.inside, Inside::Named { some_field: 3 });
    assert_eq!(all.untagged, Untagged::Text("ab".into()));
    let refused = All::read(json!({
        "outside": { "one": 0 },
        "inside": { "kind": "Empty" },
        "beside": { "t": "Empty" },
        "untagged": "a",
    }));
    assert_eq!(refused.unwrap_err().len(), 2);
}
