//! Conditions as data: what a branch decides by.

use std::cmp::Ordering;

use enact_action_core::__private::number;
use enact_action_core::Failure;
use serde_json::Value;

use super::template::{Frame, Reference, Template};
use super::words;

/// A condition, ready to be asked.
#[derive(Debug, Clone)]
pub(crate) enum Condition {
    /// A literal.
    Always(bool),
    /// A value that must be a boolean.
    Holds(Reference),
    /// Whether there is something, and not null.
    Exists(Reference),
    /// Each of them, asked in order until one does not hold.
    All(Box<[Self]>),
    /// One of them, asked in order until one holds.
    Any(Box<[Self]>),
    /// The opposite.
    Not(Box<Self>),
    /// How two values stand to each other.
    Compare(Relation, Template, Template),
    /// Whether a value is in a list.
    In(Template, Template),
}

/// How two values can stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

impl Relation {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Lt => "lt",
            Self::Le => "le",
            Self::Gt => "gt",
            Self::Ge => "ge",
        }
    }

    /// Whether it asks which one is greater.
    pub(crate) const fn orders(self) -> bool {
        match self {
            Self::Eq | Self::Ne => false,
            Self::Lt | Self::Le | Self::Gt | Self::Ge => true,
        }
    }

    fn holds(self, left: &Value, right: &Value) -> Result<bool, Failure> {
        match self {
            Self::Eq => equal(left, right),
            Self::Ne => equal(left, right).map(|equal| !equal),
            Self::Lt => order(left, right).map(Ordering::is_lt),
            Self::Le => order(left, right).map(Ordering::is_le),
            Self::Gt => order(left, right).map(Ordering::is_gt),
            Self::Ge => order(left, right).map(Ordering::is_ge),
        }
    }
}

impl Condition {
    /// Whether it holds.
    ///
    /// # Errors
    /// Terminal: `plan.mismatch` where values of different types are compared, `plan.absent` where
    /// a reference points at nothing.
    pub(crate) fn holds(&self, frame: &Frame<'_>) -> Result<bool, Failure> {
        match self {
            Self::Always(bool) => Ok(*bool),
            Self::Holds(reference) => match reference.read(frame)? {
                Value::Bool(bool) => Ok(*bool),
                other => Err(mismatch(format!(
                    "a condition needs true or false, and {} is {}",
                    reference.text,
                    words::value(other)
                ))),
            },
            Self::Exists(reference) => {
                Ok(reference.find(frame).is_some_and(|value| !value.is_null()))
            }
            Self::All(all) => {
                for one in all {
                    if !one.holds(frame)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Self::Any(any) => {
                for one in any {
                    if one.holds(frame)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Self::Not(one) => one.holds(frame).map(|holds| !holds),
            Self::Compare(relation, left, right) => {
                relation.holds(&*left.borrow(frame)?, &*right.borrow(frame)?)
            }
            Self::In(value, list) => contains(&*list.borrow(frame)?, &*value.borrow(frame)?),
        }
    }
}

/// Whether two values of one type are equal; null may be compared with anything.
fn equal(left: &Value, right: &Value) -> Result<bool, Failure> {
    let alike = std::mem::discriminant(left) == std::mem::discriminant(right);
    if alike {
        Ok(number::json_eq(left, right))
    } else if left.is_null() || right.is_null() {
        Ok(false)
    } else {
        Err(incomparable(left, right))
    }
}

fn order(left: &Value, right: &Value) -> Result<Ordering, Failure> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Ok(number::compare(left, right)),
        (Value::String(left), Value::String(right)) => Ok(left.cmp(right)),
        (left, right) => Err(incomparable(left, right)),
    }
}

fn contains(list: &Value, value: &Value) -> Result<bool, Failure> {
    let Value::Array(items) = list else {
        let text = format!("\"in\" needs a list, not {}", words::value(list));
        return Err(mismatch(text));
    };
    // Every item is compared, so that a mismatch does not depend on the order.
    items
        .iter()
        .try_fold(false, |found, item| Ok(found | equal(value, item)?))
}

#[cold]
fn incomparable(left: &Value, right: &Value) -> Failure {
    mismatch(format!(
        "{} and {} can't be compared; compare numbers with numbers and text with text",
        words::value(left),
        words::value(right)
    ))
}

fn mismatch(text: String) -> Failure {
    Failure::terminal("plan.mismatch", text)
}
