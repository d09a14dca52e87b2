//! serde's attributes: other names, defaults, flattened parts, fields left out.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::path::PathBuf;

use enact::prelude::*;
use serde_json::Value;

use crate::choices::Day;
use crate::records::Point;

shapes! { Renamed Aliased Defaulted Partly Flattened Gathered Parted Foreign }

/// Other names.
#[derive(Action)]
#[action(name = "renamed")]
#[serde(rename_all = "camelCase")]
struct Renamed {
    /// In camel case.
    #[param(min = 1)]
    first_thing: u8,
    /// By a name of its own.
    #[serde(rename = "Other")]
    second_thing: String,
    /// A raw name.
    r#type: Option<bool>,
}

/// Several names for one thing.
#[derive(Action)]
#[action(name = "aliased")]
struct Aliased {
    /// Required.
    #[serde(alias = "town")]
    #[param(len = 1..=5)]
    city: String,
    /// Required, with two others.
    #[serde(alias = "amount", alias = "sum")]
    #[param(min = 0)]
    total: i32,
    /// Perhaps.
    #[serde(alias = "remark")]
    note: Option<String>,
    /// With a default.
    #[serde(alias = "d")]
    #[param(default = Day::Tuesday)]
    day: Day,
    /// In a struct of its own.
    inner: Nicknamed,
}

/// A struct with an alias.
#[derive(Debug, Clone, Params)]
pub(crate) struct Nicknamed {
    /// The name.
    #[serde(alias = "nick")]
    name: String,
}

/// Defaults from everywhere.
#[derive(Action)]
#[action(name = "defaulted")]
#[serde(default = "Defaulted::start")]
struct Defaulted {
    /// A number.
    #[param(max = 10)]
    a: u8,
    /// A list.
    b: Vec<u8>,
    /// A text.
    c: Option<String>,
}

impl Defaulted {
    fn start() -> Self {
        Self {
            a: 7,
            b: vec![1, 2],
            c: Some("c".to_owned()),
        }
    }
}

/// Defaults one by one, and fields that are not read.
#[derive(Action)]
#[action(name = "partly")]
struct Partly {
    /// The type's own.
    #[param(default)]
    a: i32,
    /// As serde says it.
    #[serde(default)]
    b: Option<u8>,
    /// A function's.
    #[serde(default = "three")]
    #[param(min = 1, max = 5)]
    c: u8,
    /// A list's.
    #[param(default = vec![Day::Monday], unique)]
    d: Vec<Day>,
    #[serde(skip)]
    #[expect(dead_code, reason = "that it is not read is what it is for")]
    e: u64,
    /// A point.
    #[param(default = Point::default())]
    f: Point,
}

impl Default for Point {
    fn default() -> Self {
        Self::new(1.5, -2.0)
    }
}

fn three() -> u8 {
    3
}

/// A part of others.
#[derive(Debug, Clone, Params)]
pub(crate) struct Window {
    /// How many.
    #[param(min = 1, max = 50, default = 10)]
    limit: u8,
    /// From where.
    #[serde(alias = "from")]
    offset: u32,
}

/// Another part.
#[derive(Debug, Clone, Params)]
pub(crate) struct Sorting {
    /// By what.
    #[serde(alias = "by")]
    #[param(len = 1..)]
    order: String,
    /// Which way.
    down: Option<bool>,
}

/// Parts written out between the others.
#[derive(Action)]
#[action(name = "flattened")]
struct Flattened {
    /// Before.
    #[serde(alias = "query")]
    #[param(len = 1..=6)]
    words: String,
    #[serde(flatten)]
    window: Window,
    #[serde(flatten)]
    sorting: Sorting,
    /// After.
    day: Option<Day>,
}

/// A map of what is not known.
#[derive(Action)]
#[action(name = "gathered")]
struct Gathered {
    /// Known.
    #[param(max = 100)]
    a: i8,
    /// Numbers of any name.
    #[serde(flatten)]
    rest: BTreeMap<String, u16>,
    /// Gathers anything.
    inner: Bag,
}

/// A struct with whatever else.
#[derive(Debug, Clone, Params)]
pub(crate) struct Bag {
    /// Known.
    known: Option<bool>,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

/// A choice to flatten.
#[derive(Debug, Clone, Params)]
#[serde(tag = "via", rename_all = "snake_case")]
pub(crate) enum Via {
    /// By mail.
    Mail {
        /// To whom.
        #[param(format = "email")]
        to: String,
        /// About what.
        about: Option<String>,
    },
    /// By phone.
    Phone {
        /// The number.
        #[param(pattern = r"^\+[0-9]{3,9}$")]
        number: String,
    },
    /// Not at all.
    Never,
}

/// A choice written out between the others.
#[derive(Action)]
#[action(name = "parted")]
struct Parted {
    /// Before.
    #[param(min = 0, max = 9)]
    a: u8,
    #[serde(flatten)]
    window: Window,
    #[serde(flatten)]
    via: Via,
    /// After.
    z: Option<bool>,
}

/// Types of other crates.
#[derive(Action)]
#[action(name = "foreign")]
struct Foreign {
    /// An address.
    #[param(opaque)]
    a: Ipv4Addr,
    /// A path.
    #[param(opaque)]
    b: Option<PathBuf>,
    /// A number that JSON has no room for, as text.
    #[serde(with = "digits")]
    #[schemars(with = "String", regex(pattern = "^(0|[1-9][0-9]{0,37})$"))]
    c: u128,
}

/// Large numbers as their digits.
mod digits {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(number: &u128, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(number)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u128, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(D::Error::custom)
    }
}
