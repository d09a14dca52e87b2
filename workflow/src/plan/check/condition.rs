//! Conditions: their references, and whether what they compare can be compared.

use serde_json::Value;

use super::Checker;
use super::kinds::Kinds;
use crate::plan::condition::{Condition, Relation};
use crate::plan::mistake::Code;
use crate::plan::place::Place;
use crate::plan::read::{Asked, Given, Link};
use crate::plan::template::{Frame, Reference, Template};

impl<'j> Checker<'j, '_> {
    /// The condition, ready to be asked.
    pub(super) fn condition(&mut self, asked: &Asked<'j>) -> Condition {
        // What is malformed has been noted; it neither always nor never holds.
        self.sound(asked)
            .unwrap_or_else(|| Condition::All(Box::new([])))
    }

    fn sound(&mut self, asked: &Asked<'j>) -> Option<Condition> {
        Some(match asked {
            Asked::Broken => return None,
            Asked::Always(bool) => Condition::Always(*bool),
            Asked::Holds(pointer, link) => Condition::Holds(self.boolean(link.as_ref()?, pointer)?),
            Asked::Exists(pointer, link) => {
                Condition::Exists(self.resolve(link.as_ref()?, pointer)?.0)
            }
            Asked::All(all) => Condition::All(all.iter().map(|one| self.condition(one)).collect()),
            Asked::Any(any) => Condition::Any(any.iter().map(|one| self.condition(one)).collect()),
            Asked::Not(one) => Condition::Not(Box::new(self.condition(one))),
            Asked::Compare(pointer, relation, pair) => self.compare(pointer, *relation, pair),
            Asked::In(pointer, pair) => self.contains(pointer, pair),
        })
    }

    fn boolean(&mut self, link: &Link<'j>, pointer: &str) -> Option<Reference> {
        let (reference, shape) = self.resolve(link, pointer)?;
        let kinds = shape.kinds();
        if !kinds.meets(Kinds::BOOL) {
            let found = kinds.to_string();
            self.notes
                .add(&Place::At(pointer), Code::Type, found, "true or false");
        }
        Some(reference)
    }

    fn compare(&mut self, pointer: &str, relation: Relation, pair: &[Given<'j>; 2]) -> Condition {
        let (left, left_shape) = self.value(&pair[0]);
        let (right, right_shape) = self.value(&pair[1]);
        let (this, that) = (left_shape.kinds(), right_shape.kinds());
        if !comparable(relation, this, that) {
            let found = format!("{this} compared with {that}");
            let allowed = if relation.orders() {
                format!(
                    "numbers with numbers or text with text under {:?}",
                    relation.as_str()
                )
            } else {
                "two values of one type, or null".to_owned()
            };
            self.notes
                .add(&Place::At(pointer), Code::Type, found, allowed);
        }
        Condition::Compare(relation, left, right)
    }

    fn contains(&mut self, pointer: &str, pair: &[Given<'j>; 2]) -> Condition {
        let (value, _) = self.value(&pair[0]);
        let (list, shape) = self.value(&pair[1]);
        let kinds = shape.kinds();
        if !kinds.meets(Kinds::LIST) {
            let outer = Place::At(pointer);
            self.notes
                .add(&outer.index(1), Code::Type, kinds.to_string(), "a list");
        }
        Condition::In(value, list)
    }
}

fn comparable(relation: Relation, this: Kinds, that: Kinds) -> bool {
    let (this, that) = (widened(this), widened(that));
    if relation.orders() {
        this.and(that).meets(Kinds::ORDERED)
    } else {
        this.meets(that) || this.or(that).meets(Kinds::NULL)
    }
}

/// Whole numbers compare with all numbers.
fn widened(kinds: Kinds) -> Kinds {
    if kinds.meets(Kinds::NUMBER) {
        kinds.or(Kinds::NUMBER)
    } else {
        kinds
    }
}

/// What the condition comes to in every run, where that is known.
pub(super) fn constant(condition: &Condition) -> Option<bool> {
    match condition {
        Condition::Always(bool) => Some(*bool),
        Condition::Holds(_) | Condition::Exists(_) => None,
        Condition::All(all) if all.is_empty() => None,
        Condition::All(all) => known(all, false),
        Condition::Any(any) => known(any, true),
        Condition::Not(one) => constant(one).map(|holds| !holds),
        Condition::Compare(_, left, right) | Condition::In(left, right) => {
            let literal = |template: &Template| matches!(template, Template::Literal(_));
            let frame = Frame::of(Value::Null, 1);
            (literal(left) && literal(right))
                .then(|| condition.holds(&frame).ok())
                .flatten()
        }
    }
}

/// What several come to, where one that is `decisive` decides.
fn known(all: &[Condition], decisive: bool) -> Option<bool> {
    let each: Vec<Option<bool>> = all.iter().map(constant).collect();
    if each.contains(&Some(decisive)) {
        return Some(decisive);
    }
    (!each.contains(&None)).then_some(!decisive)
}
