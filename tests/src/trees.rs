//! Types that contain themselves.

use std::collections::BTreeMap;

use enact::prelude::*;

shapes! { Chain Forest Query Knots Plan }

/// A link of a chain.
#[derive(Debug, Clone, Params)]
pub(crate) struct Link {
    /// What it weighs.
    #[param(min = 1)]
    weight: u8,
    /// The next.
    next: Option<Box<Self>>,
}

/// Recursion through a box.
#[derive(Action)]
#[action(name = "chain")]
struct Chain {
    /// The first.
    first: Link,
}

/// A tree.
#[derive(Debug, Clone, Params)]
pub(crate) struct Tree {
    /// What it is called.
    #[param(len = 1..=3)]
    name: String,
    /// What grows on it.
    #[param(default, len = ..=3)]
    twigs: Vec<Self>,
    /// What grows on it by name.
    by_name: Option<BTreeMap<String, Self>>,
}

/// Recursion through lists and maps.
#[derive(Action)]
#[action(name = "forest")]
struct Forest {
    /// The trees.
    #[param(len = 1..=2)]
    trees: Vec<Tree>,
}

/// A condition.
#[derive(Debug, Clone, Params)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Condition {
    /// Both.
    Both(Box<Self>, Box<Self>),
    /// All of them.
    All(Vec<Self>),
    /// The opposite.
    Not(Box<Self>),
    /// A comparison.
    Is {
        /// The field.
        #[param(pattern = "^[a-z]{1,6}$")]
        field: String,
        /// Its value.
        value: Term,
    },
    /// Always.
    Always,
}

/// A value that may hold others.
#[derive(Debug, Clone, Params)]
#[serde(untagged)]
pub(crate) enum Term {
    /// A number.
    Number(f64),
    /// A word.
    Word(String),
    /// Several.
    List(#[param(len = ..=3)] Vec<Self>),
    /// A negation.
    Minus {
        /// Of what.
        minus: Box<Self>,
    },
}

/// Recursion through enums.
#[derive(Action)]
#[action(name = "query")]
struct Query {
    /// What to look for.
    condition: Condition,
    /// What to answer.
    terms: Option<Vec<Term>>,
}

/// What can be read in many ways, at every level again.
#[derive(Debug, Clone, Params)]
#[serde(untagged)]
pub(crate) enum Knot {
    /// The end.
    End(u8),
    /// One way.
    One {
        /// The rest.
        a: Box<Self>,
        /// Whatever.
        b: u8,
    },
    /// Another way.
    Other {
        /// The rest.
        a: Box<Self>,
        /// Whatever.
        b: i16,
    },
    /// A third way.
    Third {
        /// The rest.
        a: Box<Self>,
        /// Whatever.
        b: Option<f64>,
    },
}

/// Recursion with no telling where it goes.
#[derive(Action)]
#[action(name = "knots")]
struct Knots {
    /// The first.
    knot: Knot,
}

/// A step of a plan, which is a plan.
#[derive(Action)]
#[action(name = "plan")]
struct Plan {
    /// What to do.
    #[param(len = 1..=4)]
    what: String,
    /// What to do then.
    #[param(default, len = ..=3)]
    then: Vec<Self>,
    /// What to do instead.
    instead: Option<Box<Self>>,
}
