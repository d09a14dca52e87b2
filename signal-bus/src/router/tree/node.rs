//! One node of the tree: the patterns that begin alike.

/// The routes of one pattern, by the first of them; none is [`NO_ROUTE`].
pub(crate) type RouteList = u32;

/// The end of a list of routes.
pub(crate) const NO_ROUTE: RouteList = u32::MAX;

/// How many patterns a leaf has room for.
pub(super) const ROOM: usize = 5;

/// The patterns that begin alike, which is told by the hash of their beginning.
///
/// Two nodes fill a line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
pub(super) struct Node {
    pub(super) hash: u64,
    pub(super) body: Body,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Body {
    /// There is no node in this place.
    Free,
    /// So few patterns that each is looked at.
    Leaf([RouteList; ROOM]),
    /// The patterns lie in nodes below, by their next segment.
    Split(Split),
}

/// How many patterns go on with which kind of segment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Split {
    /// The pattern that ends here.
    pub(super) here: RouteList,
    pub(super) exact: u32,
    pub(super) one: u32,
    pub(super) many: u32,
}

impl Node {
    /// A leaf without patterns.
    pub(super) const fn leaf(hash: u64) -> Self {
        let body = Body::Leaf([NO_ROUTE; ROOM]);
        Self { hash, body }
    }

    /// Whether no pattern is in it or below it.
    pub(super) fn is_empty(&self) -> bool {
        match self.body {
            Body::Free => true,
            Body::Leaf(lists) => lists == [NO_ROUTE; ROOM],
            Body::Split(split) => {
                split.here == NO_ROUTE && [split.exact, split.one, split.many] == [0; 3]
            }
        }
    }
}

impl Split {
    pub(super) const EMPTY: Self = Self {
        here: NO_ROUTE,
        exact: 0,
        one: 0,
        many: 0,
    };
}

impl Default for Node {
    fn default() -> Self {
        let body = Body::Free;
        Self { hash: 0, body }
    }
}
