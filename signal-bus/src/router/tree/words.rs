//! Every segment that some pattern has, under a number.

use std::hash::{BuildHasher, Hasher};

use foldhash::fast::RandomState;
use smol_str::SmolStr;

use super::table::{Entry, Table};

/// The number of a segment; that of `*` and that of `**` are fixed.
pub(super) type WordId = u32;

/// No segment has this number.
pub(super) const UNKNOWN: WordId = 0;
pub(super) const ONE: WordId = 1;
pub(super) const MANY: WordId = 2;

/// A segment with its hash, and its number if a pattern has it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    pub(super) hash: u64,
    pub(super) id: WordId,
}

impl Word {
    /// The hashes of wildcards are any two numbers that are not alike.
    pub(super) const ONE: Self = Self {
        hash: 0x9e37_79b9_7f4a_7c15,
        id: ONE,
    };
    pub(super) const MANY: Self = Self {
        hash: 0xd1b5_4a32_d192_ed03,
        id: MANY,
    };
}

/// The segments of all patterns, each counted.
#[derive(Clone)]
pub(super) struct Words {
    table: Table<Known>,
    last: WordId,
}

#[derive(Clone, Default)]
struct Known {
    text: SmolStr,
    id: WordId,
    nodes: u32,
}

impl Words {
    pub(super) fn new(seed: RandomState) -> Self {
        Self {
            table: Table::new(seed),
            last: MANY,
        }
    }

    #[inline]
    pub(super) fn find(&self, text: &str) -> Word {
        let hash = hash(self.table.seed(), text);
        let known = self.table.find(hash, |known| known.text == text);
        let id = known.map_or(UNKNOWN, |known| known.id);
        Word { hash, id }
    }

    /// The number of a segment, for one node more; none if there are no numbers left.
    pub(super) fn add(&mut self, text: &str) -> Option<Word> {
        let hash = hash(self.table.seed(), text);
        if let Some(known) = self.table.find_mut(hash, |known| known.text == text) {
            known.nodes += 1;
            return Some(Word { hash, id: known.id });
        }
        let id = self.last.checked_add(1)?;
        self.last = id;
        self.table.insert(Known {
            text: SmolStr::new(text),
            id,
            nodes: 1,
        });
        Some(Word { hash, id })
    }

    /// Forgets a segment that no other node has.
    pub(super) fn release(&mut self, text: &str) {
        let hash = hash(self.table.seed(), text);
        let is_it = |known: &Known| known.text == text;
        if let Some(known) = self.table.find_mut(hash, is_it) {
            known.nodes -= 1;
            if known.nodes == 0 {
                self.table.remove(hash, is_it);
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.table.len()
    }
}

impl Entry for Known {
    fn is_free(&self) -> bool {
        self.id == UNKNOWN
    }

    fn hash(&self, seed: &RandomState) -> u64 {
        hash(seed, &self.text)
    }
}

#[inline]
fn hash(seed: &RandomState, text: &str) -> u64 {
    let mut hasher = seed.build_hasher();
    hasher.write(text.as_bytes());
    hasher.finish()
}
