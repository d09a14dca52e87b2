//! Patterns by their segments: those that begin alike share the nodes of their beginning.

mod node;
mod pages;
mod table;
mod walk;
mod words;

use enact_signal_core::{Pattern, Segment};
use foldhash::fast::RandomState;

use self::node::{Node, NodeId, path};
use self::table::Table;
use self::words::{UNKNOWN, Word, Words};

pub(super) use self::node::{NO_ROUTE, RouteList};
pub(super) use self::pages::Pages;
pub(super) use self::walk::Walk;

/// All patterns; at the node where one ends hangs the list of its routes.
///
/// A clone costs one reference for each page, and shares what neither changes.
#[derive(Clone)]
pub(super) struct Tree {
    root: Node,
    nodes: Table<Node>,
    words: Words,
    last: NodeId,
}

/// There are no numbers left for nodes or segments: the tree has to be built anew.
#[derive(Debug)]
pub(super) struct Exhausted;

impl Tree {
    pub(super) fn new() -> Self {
        let seed = RandomState::default();
        let root = Node::root(std::hash::BuildHasher::hash_one(&seed, 0_u64));
        Self {
            root,
            nodes: Table::new(seed.clone()),
            words: Words::new(seed),
            last: root.id,
        }
    }

    /// The routes of a pattern.
    pub(super) fn routes(&self, pattern: &Pattern) -> RouteList {
        let mut node = &self.root;
        for segment in pattern.segments() {
            let word = self.word(segment);
            match self.child(node, word) {
                Some(child) => node = child,
                None => return NO_ROUTE,
            }
        }
        node.routes
    }

    /// Hangs a list of routes where a pattern ends; the empty list takes the pattern out.
    pub(super) fn hang(&mut self, pattern: &Pattern, routes: RouteList) -> Result<(), Exhausted> {
        if routes == NO_ROUTE {
            self.take_out(pattern);
            return Ok(());
        }
        let mut node = self.root;
        for segment in pattern.segments() {
            node = self.enter(&node, segment)?;
        }
        self.change(&node, |node| node.routes = routes);
        Ok(())
    }

    /// How many nodes and segments there are; tests hold it against what the patterns need.
    pub(super) fn size(&self) -> (usize, usize) {
        (self.nodes.len(), self.words.len())
    }

    /// The child below a segment, made if there is none.
    fn enter(&mut self, parent: &Node, segment: Segment<'_>) -> Result<Node, Exhausted> {
        if let Some(child) = self.child(parent, self.word(segment)) {
            return Ok(*child);
        }
        let id = self.last.checked_add(1).ok_or(Exhausted)?;
        let word = match segment {
            Segment::Exact(text) => self.words.add(text).ok_or(Exhausted)?,
            Segment::One => Word::ONE,
            Segment::Many => Word::MANY,
        };
        self.last = id;
        self.change(parent, |parent| parent.adopt(word.id));
        let child = Node::below(parent, word, id);
        self.nodes.insert(child);
        Ok(child)
    }

    /// Takes the nodes out that only this pattern needs, the last first.
    fn take_out(&mut self, pattern: &Pattern) {
        let mut above = vec![self.root];
        let mut node = self.root;
        for segment in pattern.segments() {
            match self.child(&node, self.word(segment)) {
                Some(child) => node = *child,
                None => return,
            }
            above.push(node);
        }
        self.change(&node, |node| node.routes = NO_ROUTE);
        let segments: Vec<_> = pattern.segments().collect();
        while let (Some(node), [.., parent]) = (above.pop(), above.as_slice()) {
            let found = self.nodes.find(node.hash, |found| found.id == node.id);
            if !found.is_some_and(Node::is_empty) {
                return;
            }
            self.nodes.remove(node.hash, |found| found.id == node.id);
            let parent = *parent;
            self.change(&parent, |parent| parent.lose(node.word));
            if let Some(Segment::Exact(text)) = segments.get(above.len() - 1) {
                self.words.release(text);
            }
        }
    }

    fn change(&mut self, node: &Node, change: impl FnOnce(&mut Node)) {
        if node.id == self.root.id {
            change(&mut self.root);
        } else if let Some(found) = self.nodes.find_mut(node.hash, |found| found.id == node.id) {
            change(found);
        }
    }

    fn word(&self, segment: Segment<'_>) -> Word {
        match segment {
            Segment::Exact(text) => self.words.find(text),
            Segment::One => Word::ONE,
            Segment::Many => Word::MANY,
        }
    }

    fn child(&self, node: &Node, word: Word) -> Option<&Node> {
        if word.id == UNKNOWN {
            return None;
        }
        let is_it = |child: &Node| child.is_below(node.id, word.id);
        self.nodes.find(path(node.hash, word), is_it)
    }
}
