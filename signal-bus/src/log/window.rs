//! Which signals were published lately, so that none is recorded twice.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher as _, RandomState};

use foldhash::fast;

/// The source and the id of a signal, as two hashes under secrets of the process: 128 bits.
pub(super) type Name = (u64, u64);

/// The names of the last signals, and their places in the log.
#[derive(Debug)]
pub(super) struct Window {
    size: usize,
    /// The names are hashes already, which nobody can choose.
    places: HashMap<Name, u64, fast::RandomState>,
    order: VecDeque<Name>,
}

impl Window {
    pub(super) fn new(size: usize) -> Self {
        Self {
            size,
            places: HashMap::default(),
            order: VecDeque::new(),
        }
    }

    /// Where a signal of that name is; where there is none, it is now there.
    pub(super) fn place(&mut self, name: Name, sequence: u64) -> Option<u64> {
        if let Some(place) = self.places.get(&name) {
            return Some(*place);
        }
        if self.size == 0 {
            return None;
        }
        if self.order.len() == self.size
            && let Some(oldest) = self.order.pop_front()
        {
            self.places.remove(&oldest);
        }
        self.places.insert(name, sequence);
        self.order.push_back(name);
        None
    }
}

/// Makes names of sources and ids.
#[derive(Clone, Debug, Default)]
pub(super) struct Naming(RandomState, RandomState);

impl Naming {
    pub(super) fn name(&self, source: &str, id: &str) -> Name {
        (self.0.hash_one((source, id)), self.1.hash_one((source, id)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Naming, Window};

    #[test]
    fn a_name_is_known_until_as_many_others_have_come() {
        let naming = Naming::default();
        let mut window = Window::new(2);
        assert_eq!(window.place(naming.name("/a", "1"), 1), None);
        assert_eq!(window.place(naming.name("/b", "1"), 2), None);
        assert_eq!(window.place(naming.name("/a", "1"), 3), Some(1));
        assert_eq!(window.place(naming.name("/a", "2"), 3), None);
        assert_eq!(window.place(naming.name("/a", "1"), 4), None);
        assert_eq!(window.order.len(), window.places.len());
    }

    #[test]
    fn source_and_id_do_not_run_into_one_another() {
        let naming = Naming::default();
        assert_ne!(naming.name("/a", "b1"), naming.name("/ab", "1"));
    }
}
