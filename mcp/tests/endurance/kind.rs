//! What a call may be, and what it deserves.

use std::collections::HashMap;

use enact_action_core::prelude::*;
use fastrand::Rng;
use serde_json::{Value, json};

/// Takes longer than it may.
#[derive(Action)]
#[action(crate = enact_action_core, effect = read, timeout = "20ms")]
struct Dawdle;

impl Run for Dawdle {
    type Output = ();
    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        cx.cancelled().await;
        std::future::pending().await
    }
}

/// What a call may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    Answered,
    Panics,
    Fails,
    BreaksRules,
    Unknown,
    TooLate,
    TakenBack,
    BadJson,
}

/// How many of each were sent.
pub(crate) type Sent = HashMap<Kind, u64>;

impl Kind {
    pub(crate) const ALL: [Self; 8] = [
        Self::Answered,
        Self::Panics,
        Self::Fails,
        Self::BreaksRules,
        Self::Unknown,
        Self::TooLate,
        Self::TakenBack,
        Self::BadJson,
    ];

    /// One of them, counted.
    pub(crate) fn draw(random: &mut Rng, sent: &mut Sent) -> Self {
        let kind = Self::ALL[random.usize(..Self::ALL.len())];
        *sent.entry(kind).or_default() += 1;
        kind
    }

    pub(crate) fn call(self) -> Value {
        match self {
            Self::Panics => json!({"name": "broken"}),
            Self::Fails => json!({"name": "refund", "arguments": {"cents": 13}}),
            Self::BreaksRules => json!({"name": "add", "arguments": {"a": "x"}}),
            Self::Unknown => json!({"name": "nobody"}),
            Self::TooLate => json!({"name": "dawdle"}),
            Self::TakenBack => json!({"name": "linger"}),
            Self::Answered | Self::BadJson => json!({"name": "add", "arguments": {"a": 1, "b": 1}}),
        }
    }

    /// Whether that is what such a call is answered with.
    pub(crate) fn fits(self, message: &Value) -> bool {
        let text = message["result"]["content"][0]["text"].as_str();
        let says = |part: &str| text.is_some_and(|text| text.contains(part));
        match self {
            Self::Answered => text == Some("2"),
            Self::Panics => says("[panicked"),
            Self::Fails => says("[bank.away]"),
            Self::BreaksRules => says("/a"),
            Self::Unknown => message["error"]["code"] == -32602,
            Self::TooLate => says("[timeout"),
            Self::TakenBack => false,
            Self::BadJson => message["error"]["code"] == -32700,
        }
    }
}
