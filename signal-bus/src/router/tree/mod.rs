//! Patterns by their beginnings: those that begin alike are looked at together, or not at all.
//!
//! A node is known by the hash of the segments that lead to it, and has a few patterns or, where
//! they are more, says which kinds of segments come next. What is found is looked at in full before
//! it counts: so two paths of one hash cost time, and no answer is wrong.

mod hash;
mod node;
mod pages;
mod table;
mod walk;

use enact_signal_core::{Pattern, Segment};

use self::hash::Seed;
use self::node::{Body, Node, ROOM, Split};
use self::table::Table;

pub(super) use self::node::{NO_ROUTE, RouteList};
pub(super) use self::pages::Pages;
pub(super) use self::walk::Walk;

/// All patterns, each with the list of its routes.
///
/// A clone costs one reference for each page, and shares what neither changes.
#[derive(Clone)]
pub(super) struct Tree {
    nodes: Table,
    seed: Seed,
}

/// Two patterns that are not the same lie in the same place: the tree needs another seed.
#[derive(Debug)]
pub(super) struct Collision;

/// A list that is to take the place of another; either may be that of no routes.
#[derive(Clone, Copy)]
pub(super) struct Change {
    pub(super) old: RouteList,
    pub(super) new: RouteList,
}

impl Tree {
    pub(super) fn new() -> Self {
        Self::with_seed(Seed::new(u64::MAX))
    }

    /// A tree that has nothing in it, under another seed.
    pub(super) fn again(&self) -> Self {
        Self::with_seed(self.seed.again())
    }

    fn with_seed(seed: Seed) -> Self {
        let mut nodes = Table::new();
        nodes.insert(Node::leaf(seed.root()));
        Self { nodes, seed }
    }

    /// A tree whose hashes have only those bits.
    #[cfg(test)]
    pub(super) fn weak(mask: u64) -> Self {
        Self::with_seed(Seed::new(mask))
    }

    #[cfg(test)]
    pub(super) const fn nodes(&self) -> usize {
        self.nodes.len()
    }

    /// The lists among which that of a pattern is, if it is anywhere.
    pub(super) fn candidates(&self, pattern: &Pattern) -> [RouteList; ROOM] {
        let mut segments = pattern.segments();
        let mut hash = self.seed.root();
        loop {
            let split = match self.nodes.find(hash).map(|node| node.body) {
                Some(Body::Leaf(lists)) => return lists,
                Some(Body::Split(split)) => split,
                Some(Body::Free) | None => return [NO_ROUTE; ROOM],
            };
            match segments.next() {
                Some(segment) => hash = self.seed.path(hash, self.seed.segment(segment)),
                None => return [split.here, NO_ROUTE, NO_ROUTE, NO_ROUTE, NO_ROUTE],
            }
        }
    }

    /// Puts a list in the place of another; `pattern_of` says of which pattern a list is.
    pub(super) fn change<'a>(
        &mut self,
        pattern: &Pattern,
        change: Change,
        pattern_of: &impl Fn(RouteList) -> &'a Pattern,
    ) -> Result<(), Collision> {
        self.change_from(self.seed.root(), pattern, 0, change, pattern_of)
    }

    /// As [`change`](Self::change), below a node whose path is the pattern's first segments.
    fn change_from<'a>(
        &mut self,
        mut hash: u64,
        pattern: &Pattern,
        depth: usize,
        change: Change,
        pattern_of: &impl Fn(RouteList) -> &'a Pattern,
    ) -> Result<(), Collision> {
        let mut above = Vec::new();
        let mut segments = pattern.segments().skip(depth);
        loop {
            let node = self.enter(hash);
            if let Body::Leaf(lists) = &mut node.body {
                let mut places = lists.iter_mut();
                if let Some(place) = places.find(|list| **list == change.old) {
                    *place = change.new;
                    break;
                }
                self.split(hash, pattern_of)?;
                continue;
            }
            let Body::Split(split) = &mut node.body else {
                break;
            };
            let Some(segment) = segments.next() else {
                if split.here != change.old {
                    return Err(Collision);
                }
                split.here = change.new;
                break;
            };
            count(split, segment, change);
            above.push(hash);
            hash = self.seed.path(hash, self.seed.segment(segment));
        }
        if change.new == NO_ROUTE {
            above.push(hash);
            self.prune(&above);
        }
        Ok(())
    }

    /// The node of a path, made if there is none.
    fn enter(&mut self, hash: u64) -> &mut Node {
        if self.nodes.find(hash).is_none() {
            self.nodes.insert(Node::leaf(hash));
        }
        self.nodes
            .find_mut(hash)
            .expect("the node was there or was made")
    }

    /// Moves the patterns of a full leaf to nodes below it.
    fn split<'a>(
        &mut self,
        hash: u64,
        pattern_of: &impl Fn(RouteList) -> &'a Pattern,
    ) -> Result<(), Collision> {
        let node = self.enter(hash);
        let Body::Leaf(lists) = std::mem::replace(&mut node.body, Body::Split(Split::EMPTY)) else {
            return Ok(());
        };
        for new in lists.into_iter().filter(|list| *list != NO_ROUTE) {
            let pattern = pattern_of(new);
            let depth = self.depth(pattern, hash).ok_or(Collision)?;
            let old = NO_ROUTE;
            self.change_from(hash, pattern, depth, Change { old, new }, pattern_of)?;
        }
        Ok(())
    }

    /// After how many segments of a pattern comes a node.
    fn depth(&self, pattern: &Pattern, node: u64) -> Option<usize> {
        let mut hash = self.seed.root();
        let mut depth = 0;
        let mut segments = pattern.segments();
        while hash != node {
            hash = self.seed.path(hash, self.seed.segment(segments.next()?));
            depth += 1;
        }
        Some(depth)
    }

    /// Takes out the nodes of a path that nothing is in any more, but for the root.
    fn prune(&mut self, path: &[u64]) {
        for hash in path.iter().skip(1).rev() {
            if self.nodes.find(*hash).is_some_and(Node::is_empty) {
                self.nodes.remove(*hash);
            }
        }
    }
}

/// Counts a pattern that comes or goes, by the segment with which it goes on.
fn count(split: &mut Split, segment: Segment<'_>, change: Change) {
    let number = match segment {
        Segment::Exact(_) => &mut split.exact,
        Segment::One => &mut split.one,
        Segment::Many => &mut split.many,
    };
    match (change.old, change.new) {
        (NO_ROUTE, _) => *number += 1,
        (_, NO_ROUTE) => *number -= 1,
        _ => (),
    }
}
