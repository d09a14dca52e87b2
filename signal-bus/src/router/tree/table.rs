//! A hash table whose clones share what neither has changed.

use foldhash::fast::RandomState;

use super::pages::Pages;

/// What a table has in it; the default is a free place.
pub(super) trait Entry: Clone + Default {
    fn is_free(&self) -> bool;

    fn hash(&self, seed: &RandomState) -> u64;
}

/// Open addressing with linear probing, as one miss of the cache is what a look costs.
#[derive(Clone)]
pub(super) struct Table<T> {
    pages: Pages<T>,
    mask: usize,
    used: usize,
    seed: RandomState,
}

impl<T: Entry> Table<T> {
    pub(super) fn new(seed: RandomState) -> Self {
        Self {
            pages: Pages::of(8),
            mask: 7,
            used: 0,
            seed,
        }
    }

    #[inline]
    pub(super) fn find(&self, hash: u64, is_it: impl Fn(&T) -> bool) -> Option<&T> {
        let at = self.place(hash, is_it)?;
        Some(self.pages.get(at))
    }

    pub(super) fn find_mut(&mut self, hash: u64, is_it: impl Fn(&T) -> bool) -> Option<&mut T> {
        let at = self.place(hash, is_it)?;
        Some(self.pages.get_mut(at))
    }

    /// Adds what is not there yet.
    pub(super) fn insert(&mut self, entry: T) {
        // At most seven places of ten are taken, so a search meets a free one soon.
        if self.used * 10 >= (self.mask + 1) * 7 {
            self.grow();
        }
        self.used += 1;
        self.put(entry);
    }

    /// Takes out what is there, and closes the gap.
    pub(super) fn remove(&mut self, hash: u64, is_it: impl Fn(&T) -> bool) {
        let Some(mut gap) = self.place(hash, is_it) else {
            return;
        };
        self.used -= 1;
        let mut next = gap;
        loop {
            next = (next + 1) & self.mask;
            let entry = self.pages.get(next);
            if entry.is_free() {
                break;
            }
            let home = low(entry.hash(&self.seed)) & self.mask;
            // What lies as far from its home as from the gap, or farther, may fill it.
            if next.wrapping_sub(home) & self.mask >= next.wrapping_sub(gap) & self.mask {
                *self.pages.get_mut(gap) = entry.clone();
                gap = next;
            }
        }
        *self.pages.get_mut(gap) = T::default();
    }

    pub(super) fn seed(&self) -> &RandomState {
        &self.seed
    }

    pub(super) fn len(&self) -> usize {
        self.used
    }

    #[inline]
    fn place(&self, hash: u64, is_it: impl Fn(&T) -> bool) -> Option<usize> {
        let mut at = low(hash) & self.mask;
        loop {
            let entry = self.pages.get(at);
            if is_it(entry) {
                return Some(at);
            }
            if entry.is_free() {
                return None;
            }
            at = (at + 1) & self.mask;
        }
    }

    fn put(&mut self, entry: T) {
        let mut at = low(entry.hash(&self.seed)) & self.mask;
        while !self.pages.get(at).is_free() {
            at = (at + 1) & self.mask;
        }
        *self.pages.get_mut(at) = entry;
    }

    fn grow(&mut self) {
        let length = (self.mask + 1) * 2;
        let old = std::mem::replace(&mut self.pages, Pages::of(length));
        self.mask = length - 1;
        for at in 0..length / 2 {
            let entry = old.get(at);
            if !entry.is_free() {
                self.put(entry.clone());
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
