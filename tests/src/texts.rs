//! Text, characters, patterns and formats.

use std::borrow::Cow;

use enact::prelude::*;

shapes! { Plain Measured Matched Instants Addresses Chosen }

/// Text as it comes.
#[derive(Action)]
#[action(name = "plain")]
struct Plain {
    /// A string.
    a: String,
    /// A boxed string.
    b: Box<str>,
    /// A borrowed string.
    c: Cow<'static, str>,
    /// A character.
    d: char,
    /// A string that may be absent.
    e: Option<String>,
    /// A string with a default.
    #[param(default = "so")]
    f: String,
}

/// Text of some length.
#[derive(Action)]
#[action(name = "measured")]
struct Measured {
    /// From one to five.
    #[param(len = 1..=5, example = "Ada")]
    a: String,
    /// Three exactly.
    #[param(len = 3)]
    b: Box<str>,
    /// Two at least.
    #[param(len = 2..)]
    c: Option<Cow<'static, str>>,
    /// Four at most.
    #[param(len = ..=4)]
    #[expect(clippy::option_option, reason = "rules go through both")]
    d: Option<Option<String>>,
    /// In a box.
    #[param(len = 1..=2)]
    #[expect(clippy::box_collection, reason = "rules go through a box too")]
    e: Box<String>,
}

/// Text that matches patterns.
#[derive(Action)]
#[action(name = "matched")]
struct Matched {
    /// A code.
    #[param(pattern = "^[A-Z]{3}-[0-9]{2,4}$")]
    a: String,
    /// Shorthands.
    #[param(pattern = r"^\w+\s\d+$", len = ..=12)]
    b: String,
    /// Anything but line ends, somewhere.
    #[param(pattern = "a.c")]
    c: Option<String>,
    /// One of a few words.
    #[param(pattern = "^(red|green|blue)(,(red|green|blue))*$")]
    d: Box<str>,
    /// Beyond ASCII.
    #[param(pattern = "^[äöüß]*$")]
    e: Option<Box<str>>,
}

/// Points and spans of time.
#[derive(Action)]
#[action(name = "instants")]
struct Instants {
    /// A moment.
    #[param(format = "date-time", example = "2026-01-31T09:30:00Z")]
    a: String,
    /// A day.
    #[param(format = "date")]
    b: String,
    /// A time of day.
    #[param(format = "time")]
    c: Option<String>,
    /// How long.
    #[param(format = "duration", default = "PT1H")]
    d: String,
}

/// Addresses and ids.
#[derive(Action)]
#[action(name = "addresses")]
struct Addresses {
    /// Mail.
    #[param(format = "email", len = ..=40)]
    a: String,
    /// A host.
    #[param(format = "hostname")]
    b: String,
    /// The old internet.
    #[param(format = "ipv4")]
    c: Option<String>,
    /// The new internet.
    #[param(format = "ipv6")]
    d: Option<String>,
    /// An id.
    #[param(format = "uuid")]
    e: Box<str>,
    /// A page.
    #[param(format = "uri", pattern = "^https?:")]
    f: String,
    /// A mailbox in one domain.
    #[param(format = "email", pattern = "@example\\.com$")]
    g: Option<String>,
}

/// Text from a list.
#[derive(Action)]
#[action(name = "chosen")]
struct Chosen {
    /// A size.
    #[param(one_of("small", "medium", "large"), default = "medium")]
    a: String,
    /// A size that may be absent.
    #[param(one_of("small", "large"))]
    b: Option<String>,
    /// A grade.
    #[param(one_of("a", "b", "c"))]
    c: char,
    /// The empty word is a word.
    #[param(one_of("", "naïve", "a\"b"))]
    d: Box<str>,
}
