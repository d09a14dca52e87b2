//! Structs in structs, generic structs, newtypes.

use enact::prelude::*;

shapes! { Route Pages Wrapped Open }

/// A place on a plane.
#[derive(Debug, Clone, PartialEq, Params)]
pub(crate) struct Point {
    /// To the right.
    #[param(min = -180, max = 180)]
    x: f64,
    /// To the top.
    #[param(min = -90, max = 90)]
    y: f64,
}

/// A leg of a route.
#[derive(Debug, Clone, Params)]
pub(crate) struct Leg {
    /// From where.
    from: Point,
    /// To where.
    to: Point,
    /// What to call it.
    #[param(len = 1..=10, default = "leg")]
    label: String,
}

/// Structs in structs.
#[derive(Action)]
#[action(name = "route")]
struct Route {
    /// Where it begins.
    start: Point,
    /// The legs.
    #[param(len = ..=2)]
    legs: Vec<Leg>,
    /// Where it ends, if that is known.
    end: Option<Point>,
    /// Where to stop on the way.
    #[param(default = Point { x: 1.0, y: 2.5 })]
    stop: Point,
}

/// A page of anything.
#[derive(Debug, Clone, Params)]
pub(crate) struct Page<T> {
    /// What is on it.
    #[param(len = ..=3)]
    items: Vec<T>,
    /// The first again.
    first: Option<T>,
    /// Its number.
    #[param(min = 1)]
    number: u32,
}

/// Two of a kind, and how many kinds there are.
#[derive(Debug, Clone, Params)]
pub(crate) struct Pair<A, B> {
    /// The one.
    left: A,
    /// The other.
    right: B,
}

/// Generic structs.
#[derive(Action)]
#[action(name = "pages")]
struct Pages {
    /// Of numbers.
    numbers: Page<u8>,
    /// Of text.
    texts: Page<String>,
    /// Of points.
    points: Option<Page<Point>>,
    /// Of pages.
    pages: Page<Page<bool>>,
    /// A pair.
    pair: Pair<i8, Page<char>>,
}

/// A name that is more than text.
#[derive(Debug, Clone, Params)]
pub(crate) struct Name(#[param(len = 1..=8, pattern = "^[A-Za-z]*$")] String);

/// An amount of money.
#[derive(Debug, Clone, Copy, Params)]
pub(crate) struct Cents(#[param(min = 0, max = 99_999)] i64);

/// A width and a height.
#[derive(Debug, Clone, Params)]
pub(crate) struct Size(
    #[param(min = 1)] u16,
    #[param(exclusive_min = 0, exclusive_max = 10)] f64,
);

/// Names, and no others.
#[derive(Debug, Clone, Params)]
#[serde(transparent)]
pub(crate) struct Names {
    /// The names.
    #[param(len = 1..=2)]
    all: Vec<Name>,
}

/// Newtypes.
#[derive(Action)]
#[action(name = "wrapped")]
struct Wrapped {
    /// A name.
    name: Name,
    /// Money, perhaps.
    cents: Option<Cents>,
    /// Two in a row.
    size: Size,
    /// In a list.
    sizes: Vec<Size>,
    /// Seen through.
    names: Names,
}

/// A struct that takes what it does not know.
#[derive(Debug, Clone, Params)]
#[params(open)]
pub(crate) struct Loose {
    /// What it knows.
    #[param(max = 9)]
    known: u8,
}

/// Open structs.
#[derive(Action)]
#[action(name = "open", open)]
struct Open {
    /// It has to be there.
    a: String,
    /// It may be there.
    #[param(min = 0)]
    b: Option<i8>,
    /// Open inside.
    c: Loose,
}
