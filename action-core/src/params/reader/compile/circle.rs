//! What can only be said when all nodes are there: circles, the types that fit, where secrets lie.

use super::Compiler;
use crate::params::place::Place;
use crate::params::reader::node::{Id, Kinds, Node, Rest, Secrecy, Union};

impl Compiler<'_> {
    /// A schema that comes back to itself without going into the value never ends.
    pub(super) fn check_circles(&mut self) {
        let mut done = vec![false; self.nodes.len()];
        let starts = (0..self.nodes.len())
            .filter_map(|index| u32::try_from(index).ok())
            .map(Id);
        let circle = starts
            .into_iter()
            .any(|start| self.is_circle(start, &mut Vec::new(), &mut done));
        if circle {
            self.defect(
                &Place::Root,
                "a type contains itself with nothing in between; put it in a field or in a list",
            );
        }
    }

    fn is_circle(&self, id: Id, above: &mut Vec<Id>, done: &mut [bool]) -> bool {
        if above.contains(&id) {
            return true;
        }
        if std::mem::replace(&mut done[id.index()], true) {
            return false;
        }
        above.push(id);
        let circle = self.nodes[id.index()]
            .same()
            .any(|next| self.is_circle(next, above, done));
        above.pop();
        circle
    }

    /// A node takes what its parts take too, and what any of its arms takes.
    pub(super) fn spread_kinds(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            for index in 0..self.nodes.len() {
                let node = &self.nodes[index];
                let takes = |id: &Id| self.nodes[id.index()].takes;
                let parts = node.all.iter().map(takes).fold(node.takes, Kinds::and);
                let arms = match &node.union {
                    Some(Union::First(arms)) => arms.iter().map(takes).fold(Kinds::NONE, Kinds::or),
                    Some(Union::Nullable(arm)) => takes(arm).or(Kinds::NULL),
                    Some(Union::Tagged { .. } | Union::Keyed { .. }) | None => Kinds::ANY,
                };
                let narrowed = parts.and(arms);
                changed |= narrowed != node.takes;
                self.nodes[index].takes = narrowed;
            }
        }
    }

    /// A node is secret with any of its parts, and guards what is secret further in.
    pub(in crate::params::reader) fn spread_secrets(&mut self) {
        let mut changed = true;
        while changed {
            changed = false;
            for index in 0..self.nodes.len() {
                let node = &self.nodes[index];
                let guards = |id: Id| self.nodes[id.index()].guards();
                let secrecy = if node
                    .all
                    .iter()
                    .any(|part| self.nodes[part.index()].is_secret())
                {
                    Secrecy::Secret
                } else if node.same().any(guards) || node.inside().any(guards) {
                    Secrecy::Guarding.max(node.secrecy)
                } else {
                    node.secrecy
                };
                changed |= secrecy != node.secrecy;
                self.nodes[index].secrecy = secrecy;
            }
        }
    }
}

impl Node {
    /// The nodes that speak of the same value.
    pub(in super::super) fn same(&self) -> impl Iterator<Item = Id> + '_ {
        let arms: Vec<Id> = match &self.union {
            Some(Union::Tagged { arms, .. }) => arms.iter().map(|(_, id)| *id).collect(),
            Some(Union::Nullable(arm)) => vec![*arm],
            Some(Union::First(arms)) => arms.to_vec(),
            Some(Union::Keyed { .. }) | None => Vec::new(),
        };
        self.all.iter().copied().chain(arms)
    }

    /// The nodes that speak of what is in the value.
    fn inside(&self) -> impl Iterator<Item = Id> + '_ {
        let keyed = match &self.union {
            Some(Union::Keyed { arms, .. }) => &**arms,
            _ => &[],
        };
        let rest = |rest: Rest| match rest {
            Rest::Each(id) => Some(id),
            Rest::Open | Rest::Named | Rest::Closed => None,
        };
        let list = self
            .list
            .iter()
            .flat_map(move |rules| rules.first.iter().copied().chain(rest(rules.rest)));
        let record = self.record.iter().flat_map(move |rules| {
            rules
                .fields
                .iter()
                .map(|field| field.node)
                .chain(rest(rules.rest))
                .chain(rules.keys)
        });
        keyed.iter().map(|(_, id)| *id).chain(list).chain(record)
    }
}
