//! Where the nodes of a path lie: the hash of its segments.

use std::hash::{BuildHasher, Hasher};

use enact_signal_core::Segment;
use foldhash::fast::RandomState;

/// What segments are hashed with; chosen at random, so that nobody can choose names that collide.
///
/// Collisions make routing slower, and never wrong.
#[derive(Clone)]
pub(super) struct Seed {
    state: RandomState,
    /// Which bits of a hash of a path are used; tests leave most of them out.
    mask: u64,
}

impl Seed {
    pub(super) fn new(mask: u64) -> Self {
        let state = RandomState::default();
        Self { state, mask }
    }

    /// Another one of the same strength.
    pub(super) fn again(&self) -> Self {
        Self::new(self.mask)
    }

    #[inline]
    pub(super) fn exact(&self, segment: &[u8]) -> u64 {
        let mut hasher = self.state.build_hasher();
        hasher.write(segment);
        hasher.finish()
    }

    pub(super) fn segment(&self, segment: Segment<'_>) -> u64 {
        match segment {
            Segment::Exact(text) => self.exact(text.as_bytes()),
            Segment::One => ONE,
            Segment::Many => MANY,
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
        self.path(0, 0)
    }
}

/// Any two numbers that are not alike.
pub(super) const ONE: u64 = 0x9e37_79b9_7f4a_7c15;
pub(super) const MANY: u64 = 0xd1b5_4a32_d192_ed03;
