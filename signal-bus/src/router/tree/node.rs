//! One node of the tree: what the patterns that begin alike have in common.

use foldhash::fast::RandomState;

use super::table::Entry;
use super::words::{MANY, ONE, Word, WordId};

/// The number of a node; none has 0.
pub(super) type NodeId = u32;

/// The list of the routes whose pattern ends at a node, by its first; none is [`NO_ROUTE`].
pub(crate) type RouteList = u32;

/// The end of a list of routes.
pub(crate) const NO_ROUTE: RouteList = u32::MAX;

/// A node is found by its parent and its segment; so it has what its children are found with.
///
/// Where a node lies follows from the hash of its whole path, which needs nothing but the path:
/// so the next node is on its way before this one has come. Two nodes fill a line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
pub(super) struct Node {
    pub(super) hash: u64,
    pub(super) parent: NodeId,
    pub(super) word: WordId,
    pub(super) id: NodeId,
    pub(super) routes: RouteList,
    /// How many children there are below segments that are themselves.
    pub(super) exact: u32,
    /// Whether there is a child below `*`, and one below `**`: a bit each.
    pub(super) wild: u32,
}

impl Node {
    pub(super) const fn root(hash: u64) -> Self {
        Self {
            hash,
            parent: 0,
            word: 0,
            id: 1,
            routes: NO_ROUTE,
            exact: 0,
            wild: 0,
        }
    }

    pub(super) const fn below(parent: &Self, word: Word, id: NodeId) -> Self {
        Self {
            hash: path(parent.hash, word),
            parent: parent.id,
            word: word.id,
            ..Self::root(0).with_id(id)
        }
    }

    const fn with_id(self, id: NodeId) -> Self {
        Self { id, ..self }
    }

    #[inline]
    pub(super) const fn is_below(&self, parent: NodeId, word: WordId) -> bool {
        self.parent == parent && self.word == word
    }

    pub(super) const fn has(&self, wildcard: WordId) -> bool {
        self.wild & wildcard != 0
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.routes == NO_ROUTE && self.exact == 0 && self.wild == 0
    }

    /// Notes that there is a child below a segment.
    pub(super) const fn adopt(&mut self, word: WordId) {
        match word {
            ONE | MANY => self.wild |= word,
            _ => self.exact += 1,
        }
    }

    /// Notes that the child below a segment is no more.
    pub(super) const fn lose(&mut self, word: WordId) {
        match word {
            ONE | MANY => self.wild &= !word,
            _ => self.exact -= 1,
        }
    }
}

impl Default for Node {
    fn default() -> Self {
        Self::root(0).with_id(0)
    }
}

impl Entry for Node {
    #[inline]
    fn is_free(&self) -> bool {
        self.id == 0
    }

    fn hash(&self, _seed: &RandomState) -> u64 {
        self.hash
    }
}

/// The hash of a path that is one segment longer.
#[inline]
pub(super) const fn path(parent: u64, word: Word) -> u64 {
    let mixed = (parent.rotate_left(23) ^ word.hash).wrapping_mul(0xf135_7aea_2e62_a9c5);
    mixed ^ (mixed >> 29)
}
