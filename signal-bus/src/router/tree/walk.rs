//! Which patterns may stand for a type: one walk over the nodes that its segments lead to.
//!
//! A node is visited with the set of all places in the type that its path can lead to. The set is
//! one number and each node has one path to it, so nothing that patterns or types do makes the walk
//! go anywhere twice.

use super::Tree;
use super::node::{Body, NO_ROUTE, RouteList, Split};

/// Places in a type: bit 0 is its beginning, and the bit after its last segment its end.
type Places = u128;

/// The memory of walks, to be used again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Walk {
    /// The hashes of the segments that were needed so far.
    segments: Vec<u64>,
    to_visit: Vec<Visit>,
    steps: usize,
}

#[derive(Clone, Copy, Debug)]
struct Visit {
    hash: u64,
    split: Split,
    places: Places,
    /// Whether the path ends with `**`, which no second one follows.
    after_many: bool,
}

/// The type that is walked for.
struct Name<'a> {
    text: &'a [u8],
    /// Where the first segment begins that was not hashed yet.
    rest: usize,
    /// The place after the last segment.
    end: Places,
}

impl Walk {
    /// How many nodes and patterns the latest walk has looked for; tests hold it against a bound.
    pub(crate) const fn steps(&self) -> usize {
        self.steps
    }

    /// Calls `found` with the routes of each pattern that may stand for `name`, in any order.
    ///
    /// All that stand for it are among them; whether one does is left to be looked at.
    #[inline]
    pub(crate) fn run(&mut self, tree: &Tree, name: &str, mut found: impl FnMut(RouteList)) {
        let text = name.as_bytes();
        let last: usize = text.iter().map(|byte| usize::from(*byte == b'.')).sum();
        let mut name = Name {
            text,
            rest: 0,
            end: 2 << last,
        };
        self.segments.clear();
        self.to_visit.clear();
        self.steps = 0;
        self.visit(tree, tree.seed.root(), 1, false, &mut found);
        while let Some(visit) = self.to_visit.pop() {
            let Visit {
                hash,
                split,
                places,
                ..
            } = visit;
            if split.here != NO_ROUTE && places & name.end != 0 {
                self.steps += 1;
                found(split.here);
            }
            if split.many != 0 && !visit.after_many {
                // From the first place on, every one can be reached.
                let onward = !(places & places.wrapping_neg()).wrapping_sub(1);
                let places = onward & (name.end | (name.end - 1));
                self.visit(
                    tree,
                    tree.seed.path(hash, tree.seed.many()),
                    places,
                    true,
                    &mut found,
                );
            }
            let before = places & (name.end - 1);
            if split.one != 0 && before != 0 {
                let hash = tree.seed.path(hash, tree.seed.one());
                self.visit(tree, hash, before << 1, false, &mut found);
            }
            if split.exact != 0 {
                self.exact(tree, hash, before, &mut name, &mut found);
            }
        }
    }

    /// Visits what is below the segments that begin at those places, each once.
    #[inline]
    fn exact(
        &mut self,
        tree: &Tree,
        hash: u64,
        mut places: Places,
        name: &mut Name<'_>,
        found: &mut impl FnMut(RouteList),
    ) {
        while places != 0 {
            let first = places.trailing_zeros();
            let segment = self.segment(tree, first as usize, name);
            let mut alike: Places = 1 << first;
            places &= places - 1;
            if places != 0 {
                alike |= self.alike(tree, segment, places, name);
                places &= !alike;
            }
            self.visit(
                tree,
                tree.seed.path(hash, segment),
                alike << 1,
                false,
                found,
            );
        }
    }

    /// Those of the places where the same segment begins.
    fn alike(
        &mut self,
        tree: &Tree,
        segment: u64,
        mut places: Places,
        name: &mut Name<'_>,
    ) -> Places {
        let mut alike = 0;
        while places != 0 {
            let first = places.trailing_zeros();
            if self.segment(tree, first as usize, name) == segment {
                alike |= 1 << first;
            }
            places &= places - 1;
        }
        alike
    }

    /// The hash of a segment of the type.
    #[inline]
    fn segment(&mut self, tree: &Tree, number: usize, name: &mut Name<'_>) -> u64 {
        while self.segments.len() <= number {
            let rest = &name.text[name.rest..];
            let length = rest.iter().take_while(|byte| **byte != b'.').count();
            self.segments.push(tree.seed.exact(&rest[..length]));
            name.rest += length + 1;
        }
        self.segments[number]
    }

    #[inline]
    fn visit(
        &mut self,
        tree: &Tree,
        hash: u64,
        places: Places,
        after_many: bool,
        found: &mut impl FnMut(RouteList),
    ) {
        self.steps += 1;
        match tree.nodes.find(hash).map(|node| &node.body) {
            Some(Body::Leaf(lists)) => {
                for list in lists.iter().filter(|list| **list != NO_ROUTE) {
                    self.steps += 1;
                    found(*list);
                }
            }
            Some(Body::Split(split)) => self.to_visit.push(Visit {
                hash,
                split: *split,
                places,
                after_many,
            }),
            Some(Body::Free) | None => (),
        }
    }
}
