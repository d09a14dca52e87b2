//! Arguments, from the vendor's form to params and back.
//!
//! A [`Codec`] is made beside the vendor's schema and knows only what that schema changed. What
//! it does not recognise it hands on unchanged, so that reading the params reports it.

mod decode;
mod encode;

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::tool::fit;

/// Deeper values are handed on as they are.
const DEPTH: usize = 256;

/// How one place of the vendor's schema differs from the canonical one.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Codec {
    Same,
    /// What the definition of that name says.
    Named(String),
    /// Any JSON, as text.
    Json,
    /// Words that may come back in another case.
    Spelling(Vec<String>),
    /// Values, each with the text that stands for it.
    Texts(Vec<(String, Value)>),
    List(Box<Self>),
    /// A tuple; keyed, it is an object of `item0`, `item1`, ….
    Tuple {
        items: Vec<Self>,
        keyed: bool,
    },
    /// A map; listed, it is an array of `key` and `value`.
    Map {
        key: Box<Self>,
        value: Box<Self>,
        listed: bool,
    },
    Object {
        fields: Vec<Slot>,
        rest: Option<Box<Rest>>,
    },
    Union(Vec<Arm>),
}

/// A named key.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Slot {
    pub(super) name: String,
    pub(super) gap: Gap,
    pub(super) codec: Codec,
}

/// What stands for a key that is left out.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Gap {
    /// It is left out, and null is a value.
    Itself,
    /// It is left out, and null is the same as leaving it out.
    Absent,
    /// Null.
    Null,
    /// This value, as null means something else.
    Filled(Value),
}

/// Further keys, under their own names or listed under one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rest {
    pub(super) listed: Option<String>,
    pub(super) key: Codec,
    pub(super) value: Codec,
}

/// One arm of a union, with the schemas that tell whose value it is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Arm {
    pub(super) canonical: Value,
    pub(super) vendor: Value,
    pub(super) codec: Codec,
}

impl Codec {
    /// A list of such values.
    pub(super) fn list(items: Self) -> Self {
        if items == Self::Same {
            Self::Same
        } else {
            Self::List(Box::new(items))
        }
    }

    /// Whether it is certain that nothing changes but null and the case of words.
    fn is_still(&self, names: &HashMap<String, Self>, seen: &mut Vec<String>) -> bool {
        match self {
            Self::Same | Self::Spelling(_) => true,
            Self::Named(name) => {
                if seen.contains(name) {
                    return true;
                }
                seen.push(name.clone());
                names
                    .get(name)
                    .is_some_and(|codec| codec.is_still(names, seen))
            }
            Self::Json | Self::Texts(_) => false,
            Self::List(items) => items.is_still(names, seen),
            Self::Tuple { items, keyed } => {
                !keyed && items.iter().all(|item| item.is_still(names, seen))
            }
            Self::Map { key, value, listed } => {
                !listed && key.is_still(names, seen) && value.is_still(names, seen)
            }
            Self::Object { fields, rest } => {
                fields.iter().all(|slot| {
                    matches!(slot.gap, Gap::Itself | Gap::Absent)
                        && slot.codec.is_still(names, seen)
                }) && rest
                    .as_deref()
                    .is_none_or(|rest| rest.listed.is_none() && rest.value.is_still(names, seen))
            }
            Self::Union(arms) => arms.iter().all(|arm| arm.codec.is_still(names, seen)),
        }
    }
}

/// Everything needed to convert one tool's arguments.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Codecs {
    pub(super) root: Codec,
    pub(super) names: HashMap<String, Codec>,
    /// The documents that references of the arms lead into.
    pub(super) canonical: Value,
    pub(super) vendor: Value,
}

impl Codecs {
    /// Whether a value of the vendor's could belong to two arms that read it differently.
    pub(super) fn is_ambiguous(&self, arms: &[Arm]) -> bool {
        arms.iter().enumerate().any(|(at, one)| {
            arms[at + 1..].iter().any(|other| {
                let still = |arm: &Arm| arm.codec.is_still(&self.names, &mut Vec::new());
                one.codec != other.codec
                    && !(still(one) && still(other))
                    && !fit::disjoint(&self.vendor, &one.vendor, &other.vendor)
            })
        })
    }

    fn named(&self, name: &str) -> &Codec {
        self.names.get(name).unwrap_or(&Codec::Same)
    }

    /// The arm that fits best, the first of equals.
    fn arm(arms: &[Arm], fit: impl Fn(&Arm) -> fit::Fit) -> Option<&Arm> {
        let mut best = None;
        for arm in arms {
            let fit = fit(arm);
            if fit > best.map_or(fit::Fit::No, |(_, fit)| fit) {
                best = Some((arm, fit));
            }
        }
        best.map(|(arm, _)| arm)
    }
}

/// The name of a tuple's item.
pub(super) fn item(at: usize) -> String {
    format!("item{at}")
}

/// Whether an object has exactly these keys.
fn has_only(object: &Map<String, Value>, keys: &[&str]) -> bool {
    object.len() == keys.len() && keys.iter().all(|key| object.contains_key(*key))
}
