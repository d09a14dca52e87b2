//! Enums in the four ways that serde writes them, with every kind of variant.

use enact::prelude::*;

use crate::records::Point;

shapes! { Units External Internal Adjacent Untagged Mixed }

/// A weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Params)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Day {
    /// The first.
    Monday,
    /// The second.
    Tuesday,
    /// The last but one.
    #[serde(rename = "sat")]
    Saturday,
}

/// A level without words on its variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Params)]
enum Level {
    Low,
    High,
}

/// Enums of names.
#[derive(Action)]
#[action(name = "units")]
struct Units {
    /// A day.
    a: Day,
    /// A level, perhaps.
    b: Option<Level>,
    /// Days that differ.
    #[param(len = 1.., unique)]
    c: Vec<Day>,
    /// A level with a default.
    #[param(default = Level::High)]
    d: Level,
    /// A set of days.
    e: std::collections::BTreeSet<Day>,
}

/// A shape, its name around it.
#[derive(Debug, Clone, Params)]
pub(crate) enum Figure {
    /// Nothing at all.
    Empty,
    /// Round.
    Circle(#[param(min = 0)] f64),
    /// A point.
    Dot(Point),
    /// Two sides.
    Rect(#[param(min = 1)] u8, #[param(max = 10)] u8),
    /// Words.
    Label {
        /// What it says.
        #[param(len = 1..=5)]
        text: String,
        /// How large.
        size: Option<u8>,
    },
    /// Perhaps a number.
    Maybe(Option<i8>),
}

/// Enums with the name around.
#[derive(Action)]
#[action(name = "external")]
struct External {
    /// A figure.
    a: Figure,
    /// A figure, perhaps.
    b: Option<Figure>,
    /// Figures.
    #[param(len = ..=2)]
    c: Vec<Figure>,
}

/// What to do with a file.
#[derive(Debug, Clone, Params)]
#[serde(
    tag = "kind",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub(crate) enum Deed {
    /// Nothing.
    Skip,
    /// Write it.
    WriteOut {
        /// Where to.
        #[param(len = 1..=12)]
        file_name: String,
        /// How often.
        #[param(default = 1, min = 1)]
        copy_count: u8,
    },
    /// Put it there.
    Place(Point),
    /// Take it away.
    #[serde(rename = "rm")]
    Remove {
        /// All of it.
        force: Option<bool>,
    },
}

/// Enums with the name inside.
#[derive(Action)]
#[action(name = "internal")]
struct Internal {
    /// A deed.
    a: Deed,
    /// Deeds.
    #[param(len = ..=2)]
    b: Vec<Deed>,
    /// A deed, perhaps.
    c: Option<Box<Deed>>,
}

/// A result of a measurement.
#[derive(Debug, Clone, Params)]
#[serde(tag = "t", content = "c")]
pub(crate) enum Reading {
    /// None.
    Absent,
    /// A number.
    Value(#[param(exclusive_min = -273.15)] f64),
    /// A point.
    Spot(Point),
    /// A time and a number.
    Timed(#[param(format = "date-time")] String, i32),
    /// A range.
    #[serde(rename_all = "UPPERCASE")]
    Range {
        /// From.
        low: i32,
        /// To.
        #[param(multiple_of = 5)]
        high: i32,
    },
}

/// Enums with the name beside.
#[derive(Action)]
#[action(name = "adjacent")]
struct Adjacent {
    /// A reading.
    a: Reading,
    /// Readings.
    #[param(len = ..=2)]
    b: Vec<Reading>,
}

/// One thing or several.
#[derive(Debug, Clone, Params)]
#[serde(untagged)]
pub(crate) enum Some {
    /// Yes or no.
    Flag(bool),
    /// A number.
    Whole(i32),
    /// A fraction, or a number that is too large for the other.
    Part(f64),
    /// Text.
    Text(String),
    /// Two.
    Two(#[param(len = ..=3)] String, #[param(min = 0)] i8),
    /// A point.
    Spot(Point),
    /// Named.
    Named {
        /// The name.
        #[param(pattern = "^[a-z]+$")]
        name: String,
        /// Its rank.
        rank: Option<u8>,
    },
    /// Many.
    Many {
        /// The numbers.
        #[param(len = 1..=2)]
        many: Vec<u8>,
    },
}

/// Two records with one key of the same name.
#[derive(Debug, Clone, Params)]
#[serde(untagged)]
pub(crate) enum Either {
    /// By number.
    Number {
        /// The number.
        id: u32,
    },
    /// By name.
    Name {
        /// The name.
        id: String,
    },
    /// By both.
    Both {
        /// The number.
        number: u32,
        /// The name.
        #[param(len = 1..)]
        name: String,
    },
}

/// Enums without names.
#[derive(Action)]
#[action(name = "untagged")]
struct Untagged {
    /// One thing or several.
    a: Some,
    /// More of them.
    #[param(len = ..=2)]
    b: Vec<Some>,
    /// One or the other.
    c: Either,
    /// One or the other, perhaps.
    d: Option<Either>,
}

/// Enums in enums.
#[derive(Debug, Clone, Params)]
#[serde(rename_all = "kebab-case", tag = "is")]
pub(crate) enum Outer {
    /// A figure.
    Figure {
        /// The figure.
        figure: Figure,
    },
    /// A deed or two.
    Deeds {
        /// The deeds.
        #[param(len = 1..=2)]
        deeds: Vec<Deed>,
    },
    /// One thing or several.
    OneOrMore {
        /// Which.
        some: Option<Some>,
    },
}

/// All of them at once.
#[derive(Action)]
#[action(name = "mixed")]
struct Mixed {
    /// The first.
    outer: Outer,
    /// By day.
    days: std::collections::BTreeMap<String, Day>,
    /// One of each.
    each: (Level, Either),
}
