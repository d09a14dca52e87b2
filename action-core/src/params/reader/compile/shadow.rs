//! Enums without a tag, where serde would build another variant than the schema had in mind.
//!
//! serde builds the first variant whose types fit and knows nothing of rules. If the rules of one
//! variant refuse a value that its types take, and a later variant takes it altogether, the schema
//! accepts the value and serde makes an invalid one of it.

use std::collections::HashMap;

use super::Compiler;
use crate::params::place::Place;
use crate::params::reader::node::{Id, Kinds, ListRules, Node, RecordRules, Rest, Union};

/// What is known of pairs of nodes; a pair that is met inside itself is taken not to matter.
type Known = HashMap<(Id, Id), bool>;

impl Compiler<'_> {
    pub(super) fn check_shadows(&mut self) {
        for index in 0..self.nodes.len() {
            let Some(Union::First(arms)) = &self.nodes[index].union else {
                continue;
            };
            let arms = arms.clone();
            for (later, arm) in arms.iter().enumerate() {
                let earlier = arms[..later].iter();
                if let Some(before) = earlier.into_iter().position(|it| self.shadows(*it, *arm)) {
                    self.defect(
                        &Place::Root,
                        format_args!(
                            "in an untagged enum, variant {} has rules and variant {} takes what they refuse, \
                             but serde would build the first of them; put the one with rules last, or give the enum a tag",
                            before + 1,
                            later + 1,
                        ),
                    );
                }
            }
        }
    }

    /// Whether a value may break the rules of `first`, though not its types, and fit `then`.
    fn shadows(&self, first: Id, then: Id) -> bool {
        self.clash(first, then, &mut Known::new())
    }

    fn pair(&self, first: Id, then: Id) -> (&Node, &Node) {
        (&self.nodes[first.index()], &self.nodes[then.index()])
    }

    /// Whether the types of both may take one value.
    fn overlap(&self, first: Id, then: Id, known: &mut Known) -> bool {
        let (one, other) = self.pair(first, then);
        let kinds = one.takes.and(other.takes);
        if kinds == Kinds::NONE {
            return false;
        }
        if let Some(overlap) = known.get(&(first, then)) {
            return *overlap;
        }
        known.insert((first, then), true);
        let overlap = match (&one.record, &other.record, &one.list, &other.list) {
            (Some(one), Some(other), ..) if kinds == Kinds::RECORD => {
                has_room(one, other)
                    && has_room(other, one)
                    && common(one, other).all(|(a, b, must)| !must || self.overlap(a, b, known))
            }
            (.., Some(one), Some(other)) if kinds == Kinds::LIST => {
                lengths_meet(one, other)
                    && items(one, other)
                        .iter()
                        .all(|(a, b)| self.overlap(*a, *b, known))
            }
            _ => self.nested(one, other, first, then, |it, a, b| it.overlap(a, b, known)),
        };
        known.insert((first, then), overlap);
        overlap
    }

    /// Whether a rule of `first` can be broken by a value of both types.
    fn clash(&self, first: Id, then: Id, known: &mut Known) -> bool {
        let (one, other) = self.pair(first, then);
        if let Some(clash) = known.get(&(first, then)) {
            return *clash;
        }
        known.insert((first, then), false);
        if !self.overlap(first, then, &mut Known::new()) {
            return false;
        }
        let within_record = one
            .record
            .as_deref()
            .zip(other.record.as_deref())
            .is_some_and(|(one, other)| {
                common(one, other).any(|(a, b, _)| self.clash(a, b, known))
            });
        let within_list =
            one.list
                .as_deref()
                .zip(other.list.as_deref())
                .is_some_and(|(one, other)| {
                    items(one, other)
                        .iter()
                        .any(|(a, b)| self.clash(*a, *b, known))
                });
        let clash = one.ruled
            || within_record
            || within_list
            || one.union.is_some() && one.same().any(|arm| self.clash(arm, then, known))
            || one.union.is_none() && one.all.iter().any(|part| self.clash(*part, then, known));
        known.insert((first, then), clash);
        clash
    }

    /// Goes on into the parts and arms of either side, where there are any.
    fn nested(
        &self,
        one: &Node,
        other: &Node,
        first: Id,
        then: Id,
        mut any: impl FnMut(&Self, Id, Id) -> bool,
    ) -> bool {
        let mut parts = one.same().map(|part| (part, then)).peekable();
        if parts.peek().is_some() {
            return parts.any(|(a, b)| any(self, a, b));
        }
        let mut parts = other.same().map(|part| (first, part)).peekable();
        parts.peek().is_none() || parts.any(|(a, b)| any(self, a, b))
    }
}

/// Whether `other` may have every field that `one` requires.
fn has_room(one: &RecordRules, other: &RecordRules) -> bool {
    other.rest != Rest::Closed
        || one
            .required_fields()
            .all(|field| other.field(&field.name).is_some())
}

/// The fields that both know, and whether both require them.
fn common<'r>(
    one: &'r RecordRules,
    other: &'r RecordRules,
) -> impl Iterator<Item = (Id, Id, bool)> + 'r {
    let must =
        |rules: &RecordRules, slot: usize| rules.required[slot / 64] & (1 << (slot % 64)) != 0;
    let named = one.fields.iter().filter_map(move |field| {
        let twin = other.field(&field.name)?;
        Some((
            field.node,
            twin.node,
            must(one, field.slot) && must(other, twin.slot),
        ))
    });
    let rest = match (one.rest, other.rest) {
        (Rest::Each(a), Rest::Each(b)) => Some((a, b, false)),
        _ => None,
    };
    named.chain(rest)
}

fn lengths_meet(one: &ListRules, other: &ListRules) -> bool {
    let exact = |rules: &ListRules| (!rules.first.is_empty()).then_some(rules.first.len());
    match (exact(one), exact(other)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

/// The items that stand in one place.
fn items(one: &ListRules, other: &ListRules) -> Vec<(Id, Id)> {
    let at = |rules: &ListRules, index: usize| match (rules.first.get(index), rules.rest) {
        (Some(id), _) => Some(*id),
        (None, Rest::Each(id)) => Some(id),
        (None, Rest::Open | Rest::Named | Rest::Closed) => None,
    };
    let most = one.first.len().max(other.first.len()).max(1);
    (0..most)
        .filter_map(|index| at(one, index).zip(at(other, index)))
        .collect()
}
