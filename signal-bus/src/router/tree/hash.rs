//! Where the nodes of a path lie: the hash of its segments.

use std::hash::{BuildHasher, Hasher};

use enact_signal_core::Segment;
use foldhash::fast::RandomState;

/// What segments are hashed with; chosen at random, wildcards and all, so that nobody can choose names
/// or patterns that collide.
///
/// Collisions make routing slower, and never wrong.
#[derive(Clone)]
pub(super) struct Seed {
    state: RandomState,
    /// The hashes of `*`, of `**` and of the path without segments.
    one: u64,
    many: u64,
    root: u64,
    /// Which bits of a hash of a path are used; tests leave most of them out.
    mask: u64,
}

impl Seed {
    pub(super) fn new(mask: u64) -> Self {
        let state = RandomState::default();
        // No name has such a segment.
        let [one, many, root] = ["*", "**", "."].map(|text| exact(&state, text.as_bytes()));
        Self {
            state,
            one,
            many,
            root: root & mask,
            mask,
        }
    }

    /// Another one of the same strength.
    pub(super) fn again(&self) -> Self {
        Self::new(self.mask)
    }

    #[inline]
    pub(super) fn exact(&self, segment: &[u8]) -> u64 {
        exact(&self.state, segment)
    }

    #[inline]
    pub(super) const fn one(&self) -> u64 {
        self.one
    }

    #[inline]
    pub(super) const fn many(&self) -> u64 {
        self.many
    }

    pub(super) fn segment(&self, segment: Segment<'_>) -> u64 {
        match segment {
            Segment::Exact(text) => self.exact(text.as_bytes()),
            Segment::One => self.one,
            Segment::Many => self.many,
        }
    }

    /// The hash of the path that is one segment longer.
    #[inline]
    pub(super) const fn path(&self, parent: u64, segment: u64) -> u64 {
        let mixed = (parent.rotate_left(23) ^ segment).wrapping_mul(0xf135_7aea_2e62_a9c5);
        (mixed ^ (mixed >> 29)) & self.mask
    }

    /// The hash of the path without segments.
    #[inline]
    pub(super) const fn root(&self) -> u64 {
        self.root
    }
}

#[inline]
fn exact(state: &RandomState, segment: &[u8]) -> u64 {
    let mut hasher = state.build_hasher();
    hasher.write(segment);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use enact_signal_core::Pattern;

    use super::*;

    fn place(seed: &Seed, pattern: &str) -> u64 {
        let pattern = Pattern::new(pattern).expect("it is one");
        let segments = pattern.segments();
        segments.fold(seed.root(), |hash, segment| {
            seed.path(hash, seed.segment(segment))
        })
    }

    /// Otherwise two that collide would collide in every process, and under every other seed.
    #[test]
    fn where_patterns_of_wildcards_lie_is_as_random_as_all_else() {
        let (one, other) = (Seed::new(u64::MAX), Seed::new(u64::MAX).again());
        assert_ne!(one.root(), other.root());
        for pattern in ["*", "**", "*.**", "**.*.*"] {
            assert_ne!(place(&one, pattern), place(&other, pattern), "{pattern}");
        }
    }
}
