//! Violations while a walk is under way, each with its place in the document to sort by.

use crate::params::violation::{MOST_VIOLATIONS, Violation, Violations};

/// The positions of the members and items on the way to a place.
pub(super) type Path = Vec<usize>;

/// What a walk has noted so far.
#[derive(Debug, Default)]
pub(super) struct Noted {
    list: Vec<(Path, Violation)>,
    more: usize,
}

impl Noted {
    pub(super) fn len(&self) -> usize {
        self.list.len() + self.more
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether further violations are counted and not listed.
    pub(super) fn is_full(&self) -> bool {
        self.list.len() >= MOST_VIOLATIONS
    }

    pub(super) fn push(&mut self, path: Path, violation: Violation) {
        if self.is_full() {
            self.more += 1;
        } else {
            self.list.push((path, violation));
        }
    }

    pub(super) fn adopt(&mut self, other: Self) {
        for (path, violation) in other.list {
            self.push(path, violation);
        }
        self.more += other.more;
    }

    /// The violations in the order of the document: what a place itself breaks before what is
    /// inside it, and what is missing after what is there.
    pub(super) fn into_violations(mut self) -> Violations {
        self.list.sort_by(|(left, _), (right, _)| left.cmp(right));
        let list = self
            .list
            .into_iter()
            .map(|(_, violation)| violation)
            .collect();
        Violations::of(list, self.more)
    }
}
