//! Which patterns stand for a type: one walk over the nodes that its segments lead to.
//!
//! A node is visited once, with the set of all places in the type that its path can lead to: the
//! set is one number, so nothing that patterns or types do makes the walk go anywhere twice.

use super::Tree;
use super::node::{NO_ROUTE, Node, RouteList, path};
use super::words::{MANY, ONE, UNKNOWN, Word};

/// Places in a type: bit 0 is its beginning, and the bit after its last segment its end.
type Places = u128;

/// The memory of walks, to be used again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Walk {
    words: Vec<Word>,
    to_visit: Vec<(Node, Places)>,
    steps: usize,
}

impl Walk {
    /// How many nodes the latest walk has looked for; tests hold it against the bound.
    pub(crate) const fn steps(&self) -> usize {
        self.steps
    }

    /// Calls `found` with the routes of each pattern that stands for `name`, in any order.
    pub(crate) fn run(&mut self, tree: &Tree, name: &str, mut found: impl FnMut(RouteList)) {
        self.words.clear();
        self.words
            .extend(name.split('.').map(|segment| tree.words.find(segment)));
        self.steps = 0;
        self.to_visit.clear();
        self.to_visit.push((tree.root, 1));
        let end: Places = 1 << self.words.len();
        while let Some((node, places)) = self.to_visit.pop() {
            if node.routes != NO_ROUTE && places & end != 0 {
                found(node.routes);
            }
            self.wild(tree, &node, places, end);
            if node.exact != 0 {
                self.exact(tree, &node, places & (end - 1));
            }
        }
    }

    /// Visits what is below the wildcards.
    #[inline]
    fn wild(&mut self, tree: &Tree, node: &Node, places: Places, end: Places) {
        if node.has(MANY) {
            // From the first place on, every one can be reached.
            let onward = !(places & places.wrapping_neg()).wrapping_sub(1);
            self.visit(tree, node, Word::MANY, onward & (end | (end - 1)));
        }
        let before = places & (end - 1);
        if node.has(ONE) && before != 0 {
            self.visit(tree, node, Word::ONE, before << 1);
        }
    }

    /// Visits what is below the segments that begin at those places, each once.
    #[inline]
    fn exact(&mut self, tree: &Tree, node: &Node, mut places: Places) {
        while places != 0 {
            let first = places.trailing_zeros();
            let mut alike: Places = 1 << first;
            places &= places - 1;
            let word = self.words[first as usize];
            if word.id == UNKNOWN {
                continue;
            }
            if places != 0 {
                alike |= self.alike(word, places);
                places &= !alike;
            }
            self.visit(tree, node, word, alike << 1);
        }
    }

    /// Those of the places where the same segment begins.
    fn alike(&self, word: Word, mut places: Places) -> Places {
        let mut alike = 0;
        while places != 0 {
            let first = places.trailing_zeros();
            if self.words[first as usize].id == word.id {
                alike |= 1 << first;
            }
            places &= places - 1;
        }
        alike
    }

    #[inline]
    fn visit(&mut self, tree: &Tree, node: &Node, word: Word, places: Places) {
        self.steps += 1;
        let child = tree.nodes.find(path(node.hash, word), |child| {
            child.is_below(node.id, word.id)
        });
        if let Some(child) = child {
            self.to_visit.push((*child, places));
        }
    }
}
