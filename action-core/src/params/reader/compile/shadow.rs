//! Enums without a tag, where serde would build another variant than the schema had in mind.
//!
//! serde builds the first variant whose types fit and knows nothing of rules; a struct it builds of a
//! list too, field by field. If the rules of one variant refuse a value that its types take, and a
//! later variant takes it altogether, the schema accepts the value and serde makes an invalid one of
//! it.

use std::collections::HashMap;

use super::Compiler;
use crate::params::place::Place;
use crate::params::reader::node::{Id, Kinds, ListRules, Node, RecordRules, Rest, Union};

/// What is known of pairs of nodes; a pair that is met inside itself is taken not to matter.
type Known = HashMap<(Id, Id), bool>;

impl Compiler<'_> {
    pub(super) fn check_shadows(&mut self) {
        if !self.nodes.iter().any(|node| first(node).is_some()) {
            return;
        }
        let any = self.add(Node::default());
        let nodes = &self.nodes;
        let shadows = Shadows { nodes, any };
        let found: Vec<String> = nodes
            .iter()
            .filter_map(first)
            .flat_map(|arms| shadows.among(arms))
            .collect();
        for defect in found {
            self.defect(&Place::Root, defect);
        }
    }
}

/// The variants of an enum without a tag.
fn first(node: &Node) -> Option<&[Id]> {
    match &node.union {
        Some(Union::First(arms)) => Some(arms),
        Some(Union::Tagged { .. } | Union::Nullable(_) | Union::Keyed { .. }) | None => None,
    }
}

struct Shadows<'n> {
    nodes: &'n [Node],
    /// A node that takes anything.
    any: Id,
}

impl<'n> Shadows<'n> {
    /// What is wrong with the order of the variants.
    fn among(&self, arms: &[Id]) -> Vec<String> {
        let before = |later: usize| {
            let mut earlier = arms[..later].iter();
            earlier.position(|arm| self.clash(*arm, arms[later], &mut Known::new()))
        };
        (0..arms.len())
            .filter_map(|later| Some((before(later)?, later)))
            .map(|(before, later)| {
                let (one, other) = self.pair(arms[before], arms[later]);
                let apart = one.takes.and(other.takes) == Kinds::NONE;
                format!(
                    "in an untagged enum, variant {} has rules and variant {} takes what they refuse, \
                     but serde would build the first of them{}; put the one with rules last, or give the enum a tag",
                    before + 1,
                    later + 1,
                    if apart { ", a struct of a list" } else { "" },
                )
            })
            .collect()
    }

    fn pair(&self, first: Id, then: Id) -> (&'n Node, &'n Node) {
        (&self.nodes[first.index()], &self.nodes[then.index()])
    }

    /// Whether serde may build one value as either, by their types.
    fn overlap(&self, first: Id, then: Id, known: &mut Known) -> bool {
        let (one, other) = self.pair(first, then);
        let kinds = one.takes.and(other.takes);
        if kinds == Kinds::NONE && !takes_a_list_of(one, other) {
            return false;
        }
        if let Some(overlap) = known.get(&(first, then)) {
            return *overlap;
        }
        known.insert((first, then), true);
        let mut meet = |pairs: Vec<(Id, Id, bool)>| {
            let mut pairs = pairs.into_iter();
            pairs.all(|(a, b, must)| !must || self.overlap(a, b, known))
        };
        let overlap = match (&one.record, &other.record, &one.list, &other.list) {
            (Some(a), Some(b), ..) if kinds == Kinds::RECORD => {
                has_room(a, b) && has_room(b, a) && meet(self.fields(one, other))
            }
            (.., Some(a), Some(b)) if kinds == Kinds::LIST => {
                let items = self.items(one, other).into_iter();
                lengths_meet(a, b) && meet(items.map(|(a, b)| (a, b, true)).collect())
            }
            (Some(a), .., Some(b)) if kinds == Kinds::NONE => {
                has_seats(a, b) && meet(seats(one, other))
            }
            _ => self.nested(first, then, |a, b| self.overlap(a, b, known)),
        };
        known.insert((first, then), overlap);
        overlap
    }

    /// Whether a rule of `first` can be broken by a value that `then` takes.
    fn clash(&self, first: Id, then: Id, known: &mut Known) -> bool {
        let (one, other) = self.pair(first, then);
        if let Some(clash) = known.get(&(first, then)) {
            return *clash;
        }
        known.insert((first, then), false);
        if !self.overlap(first, then, &mut Known::new()) {
            return false;
        }
        let clash = one.ruled
            || self
                .inside(one, other)
                .into_iter()
                .any(|(a, b)| self.clash(a, b, known))
            || one.same().any(|part| self.clash(part, then, known))
            || other.same().any(|part| self.clash(first, part, known));
        known.insert((first, then), clash);
        clash
    }

    /// The pairs that what is in the value stands for.
    fn inside(&self, one: &Node, other: &Node) -> Vec<(Id, Id)> {
        let mut pairs: Vec<_> = seats(one, other)
            .into_iter()
            .map(|(a, b, _)| (a, b))
            .collect();
        if other.takes.has(Kinds::RECORD) {
            let keyed = match &one.union {
                Some(Union::Keyed { arms, .. }) => &**arms,
                _ => &[],
            };
            let arms = keyed.iter();
            pairs.extend(arms.filter_map(|(name, arm)| Some((*arm, self.member(other, name)?.0))));
            let fields = self.fields(one, other).into_iter();
            pairs.extend(fields.map(|(a, b, _)| (a, b)));
        }
        if other.takes.has(Kinds::LIST) {
            pairs.extend(self.items(one, other));
        }
        pairs
    }

    /// What `node` says of a member of that name, and whether it must be there.
    fn member(&self, node: &Node, name: &str) -> Option<(Id, bool)> {
        match (&node.record, &node.union) {
            (Some(rules), _) => match (rules.field(name), rules.rest) {
                (Some(field), _) => Some((field.node, must(rules, field.slot))),
                (None, Rest::Each(id)) => Some((id, true)),
                (None, Rest::Open) => (!rules.sealed).then_some((self.any, true)),
                (None, Rest::Named) => Some((self.any, true)),
                (None, Rest::Closed) => None,
            },
            (None, Some(Union::Keyed { arms, .. })) => {
                let arm = arms.iter().find(|(other, _)| **other == *name)?;
                Some((arm.1, true))
            }
            // What is composed is asked part by part.
            (None, _) => node.same().next().is_none().then_some((self.any, true)),
        }
    }

    /// The members that both know, and whether both require them.
    fn fields(&self, one: &Node, other: &Node) -> Vec<(Id, Id, bool)> {
        let Some(rules) = &one.record else {
            return Vec::new();
        };
        let named = rules.fields.iter().filter_map(|field| {
            let (twin, there) = self.member(other, &field.name)?;
            Some((field.node, twin, must(rules, field.slot) && there))
        });
        let mut pairs: Vec<_> = named.collect();
        if let Rest::Each(each) = rules.rest {
            let twins = other.record.iter().flat_map(|twins| &twins.fields);
            let twins = twins.filter(|twin| rules.field(&twin.name).is_none());
            pairs.extend(twins.map(|twin| (each, twin.node, false)));
            // No field is called so.
            let rest = self.member(other, "");
            pairs.extend(rest.map(|(rest, _)| (each, rest, false)));
        }
        pairs
    }

    /// The items that stand in one place.
    fn items(&self, one: &Node, other: &Node) -> Vec<(Id, Id)> {
        let Some(rules) = &one.list else {
            return Vec::new();
        };
        let twin = |index| match &other.list {
            Some(twins) => item(twins, index, Some(self.any)),
            None => other.same().next().is_none().then_some(self.any),
        };
        let first = other.list.as_ref().map_or(0, |twins| twins.first.len());
        let most = rules.first.len().max(first).max(1);
        (0..most)
            .filter_map(|index| item(rules, index, None).zip(twin(index)))
            .collect()
    }

    /// Goes on into the parts and arms of either side, where there are any.
    fn nested(&self, first: Id, then: Id, mut any: impl FnMut(Id, Id) -> bool) -> bool {
        let (one, other) = self.pair(first, then);
        let mut parts = one.same().map(|part| (part, then)).peekable();
        if parts.peek().is_some() {
            return parts.any(|(a, b)| any(a, b));
        }
        let mut parts = other.same().map(|part| (first, part)).peekable();
        parts.peek().is_none() || parts.any(|(a, b)| any(a, b))
    }
}

/// Whether serde would build the record of a list: it knows structs by their fields' order too, but
/// not an enum that stands under the name of its variant.
fn takes_a_list_of(one: &Node, other: &Node) -> bool {
    let named = matches!(one.union, Some(Union::Keyed { .. }));
    !one.keyed && !named && one.takes.has(Kinds::RECORD) && other.takes.has(Kinds::LIST)
}

fn must(rules: &RecordRules, slot: usize) -> bool {
    rules.required[slot / 64] & (1 << (slot % 64)) != 0
}

/// Whether `other` may have every field that `one` requires.
fn has_room(one: &RecordRules, other: &RecordRules) -> bool {
    other.rest != Rest::Closed
        || one
            .required_fields()
            .all(|field| other.field(&field.name).is_some())
}

/// Whether a list may have as many items as serde asks for to build the record of it.
fn has_seats(record: &RecordRules, list: &ListRules) -> bool {
    let (least, most) = list.len.map_or((0, None), |len| (len.min, len.max));
    let (must, all) = (record.required_fields().count(), record.names().count());
    all > 0 && least <= all as u64 && most.is_none_or(|most| must as u64 <= most)
}

/// The fields of a record with the items of a list that serde would build them of, and whether
/// they must be there.
fn seats(one: &Node, other: &Node) -> Vec<(Id, Id, bool)> {
    let (Some(record), Some(list), true) = (&one.record, &other.list, takes_a_list_of(one, other))
    else {
        return Vec::new();
    };
    let proper = record.fields.iter().enumerate();
    let proper = proper.filter(|(slot, field)| field.slot == *slot);
    proper
        .enumerate()
        .filter_map(|(index, (slot, field))| {
            Some((field.node, item(list, index, None)?, must(record, slot)))
        })
        .collect()
}

fn lengths_meet(one: &ListRules, other: &ListRules) -> bool {
    let exact = |rules: &ListRules| (!rules.first.is_empty()).then_some(rules.first.len());
    match (exact(one), exact(other)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

/// What a list says of the item in that place; `open` where it says nothing.
fn item(rules: &ListRules, index: usize, open: Option<Id>) -> Option<Id> {
    match (rules.first.get(index), rules.rest) {
        (Some(id), _) => Some(*id),
        (None, Rest::Each(id)) => Some(id),
        (None, Rest::Open | Rest::Named) => open,
        (None, Rest::Closed) => None,
    }
}
