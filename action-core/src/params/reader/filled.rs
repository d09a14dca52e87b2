//! Which fields of a record are there, in bits.

use super::node::RecordRules;

/// Which slots of a record are filled; up to 64 without an allocation.
pub(super) struct Filled {
    first: u64,
    more: Vec<u64>,
}

impl Filled {
    pub(super) fn new(rules: &RecordRules) -> Self {
        Self {
            first: 0,
            more: vec![0; rules.fields.len().saturating_sub(1) / 64],
        }
    }

    /// Fills a slot; true where it was filled before.
    pub(super) fn fill(&mut self, slot: usize) -> bool {
        let word = match slot / 64 {
            0 => &mut self.first,
            n => &mut self.more[n - 1],
        };
        let bit = 1 << (slot % 64);
        let before = *word & bit != 0;
        *word |= bit;
        before
    }

    pub(super) fn missing<'r>(
        &'r self,
        rules: &'r RecordRules,
    ) -> impl Iterator<Item = usize> + 'r {
        let words = rules.required.iter().enumerate();
        let missing = words.map(|(index, required)| {
            let filled = if index == 0 {
                self.first
            } else {
                self.more[index - 1]
            };
            (index, required & !filled)
        });
        missing
            .filter(|(_, missing)| *missing != 0)
            .flat_map(|(index, missing)| {
                (0..64)
                    .filter(move |bit| missing & (1 << bit) != 0)
                    .map(move |bit| index * 64 + bit)
            })
    }
}
