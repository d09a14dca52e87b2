//! Which signals were published lately, so that none is recorded twice.

use std::hash::{BuildHasher as _, RandomState};

use hashbrown::HashTable;

/// The source and the id of a signal, as two hashes under secrets of the process: 128 bits.
pub(super) type Name = (u64, u64);

/// The names of the last signals, and their places in the log.
#[derive(Debug)]
pub(super) struct Window {
    size: usize,
    /// A ring, once it is full.
    known: Vec<(Name, u64)>,
    /// Which of the ring gives way to the next.
    oldest: usize,
    /// Where in the ring a name is. The table is small, since it is memory that a look into it waits for.
    places: HashTable<u32>,
}

impl Window {
    pub(super) fn new(size: usize) -> Self {
        Self {
            size: size.min(u32::MAX as usize),
            known: Vec::new(),
            oldest: 0,
            places: HashTable::new(),
        }
    }

    /// Where a signal of that name is; where there is none, it is now there.
    pub(super) fn place(&mut self, name: Name, sequence: u64) -> Option<u64> {
        let known = &mut self.known;
        // The names are hashes already, which nobody can choose.
        let found = self.places.find(name.0, |at| known[*at as usize].0 == name);
        if let Some(at) = found {
            return Some(known[*at as usize].1);
        }
        if self.size == 0 {
            return None;
        }
        let at = if known.len() < self.size {
            known.push((name, sequence));
            known.len() - 1
        } else {
            let at = self.oldest;
            let (gone, _) = std::mem::replace(&mut known[at], (name, sequence));
            let entry = self.places.find_entry(gone.0, |it| *it as usize == at);
            if let Ok(entry) = entry {
                entry.remove();
            }
            self.oldest = (at + 1) % self.size;
            at
        };
        let at = u32::try_from(at).expect("a window is no larger");
        self.places
            .insert_unique(name.0, at, |at| known[*at as usize].0.0);
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
        assert_eq!(window.known.len(), window.places.len());
    }

    #[test]
    fn source_and_id_do_not_run_into_one_another() {
        let naming = Naming::default();
        assert_ne!(naming.name("/a", "b1"), naming.name("/ab", "1"));
    }
}
