//! The nodes by their hashes, in a table whose clones share what neither has changed.

use super::node::{Body, Node};
use super::pages::Pages;

/// Open addressing with linear probing, as one miss of the cache is what a look costs.
#[derive(Clone)]
pub(super) struct Table {
    pages: Pages<Node>,
    mask: usize,
    used: usize,
}

impl Table {
    pub(super) fn new() -> Self {
        Self {
            pages: Pages::of(8),
            mask: 7,
            used: 0,
        }
    }

    #[inline]
    pub(super) fn find(&self, hash: u64) -> Option<&Node> {
        let at = self.place(hash)?;
        Some(self.pages.get(at))
    }

    pub(super) fn find_mut(&mut self, hash: u64) -> Option<&mut Node> {
        let at = self.place(hash)?;
        Some(self.pages.get_mut(at))
    }

    /// Adds what is not there yet.
    pub(super) fn insert(&mut self, node: Node) {
        // At most seven places of ten are taken, so a search meets a free one soon.
        if self.used * 10 >= (self.mask + 1) * 7 {
            self.grow();
        }
        self.used += 1;
        self.put(node);
    }

    /// Takes out what is there, and closes the gap.
    pub(super) fn remove(&mut self, hash: u64) {
        let Some(mut gap) = self.place(hash) else {
            return;
        };
        self.used -= 1;
        let mut next = gap;
        loop {
            next = (next + 1) & self.mask;
            let node = *self.pages.get(next);
            if matches!(node.body, Body::Free) {
                break;
            }
            let home = low(node.hash) & self.mask;
            // What lies as far from its home as from the gap, or farther, may fill it.
            if next.wrapping_sub(home) & self.mask >= next.wrapping_sub(gap) & self.mask {
                *self.pages.get_mut(gap) = node;
                gap = next;
            }
        }
        *self.pages.get_mut(gap) = Node::default();
    }

    /// How many nodes there are.
    #[cfg(test)]
    pub(super) const fn len(&self) -> usize {
        self.used
    }

    #[inline]
    fn place(&self, hash: u64) -> Option<usize> {
        let mut at = low(hash) & self.mask;
        loop {
            let node = self.pages.get(at);
            match node.body {
                Body::Free => return None,
                _ if node.hash == hash => return Some(at),
                _ => at = (at + 1) & self.mask,
            }
        }
    }

    fn put(&mut self, node: Node) {
        let mut at = low(node.hash) & self.mask;
        while !matches!(self.pages.get(at).body, Body::Free) {
            at = (at + 1) & self.mask;
        }
        *self.pages.get_mut(at) = node;
    }

    fn grow(&mut self) {
        let length = (self.mask + 1) * 2;
        let old = std::mem::replace(&mut self.pages, Pages::of(length));
        self.mask = length - 1;
        for at in 0..length / 2 {
            let node = old.get(at);
            if !matches!(node.body, Body::Free) {
                self.put(*node);
            }
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the lower bits of a hash are as good as all of them"
)]
#[inline]
const fn low(hash: u64) -> usize {
    hash as usize
}
