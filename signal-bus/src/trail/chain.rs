//! Going along the trail, one signal after the other.

use std::collections::{HashSet, VecDeque};
use std::fmt;

use super::Trail;
use crate::log::{LogError, Recorded};

/// Signals along a trail, nearest first, each once; read while it goes.
///
/// It ends with the first error.
pub struct Chain {
    trail: Trail,
    direction: Direction,
    /// The ids from which to go on.
    from: VecDeque<String>,
    /// What was found and is still to be told.
    found: VecDeque<Recorded>,
    seen: HashSet<String>,
}

#[derive(Clone, Copy, Debug)]
enum Direction {
    Backward,
    Forward,
}

impl Chain {
    pub(super) fn backward(trail: Trail, id: &str) -> Self {
        Self::new(trail, Direction::Backward, id)
    }

    pub(super) fn forward(trail: Trail, id: &str) -> Self {
        Self::new(trail, Direction::Forward, id)
    }

    fn new(trail: Trail, direction: Direction, id: &str) -> Self {
        Self {
            trail,
            direction,
            from: VecDeque::from([id.to_owned()]),
            found: VecDeque::new(),
            seen: HashSet::from([id.to_owned()]),
        }
    }

    fn look(&mut self, id: &str) -> Result<(), LogError> {
        let found = match self.direction {
            Direction::Backward => self.trail.causes(id)?,
            Direction::Forward => self.trail.effects(id)?,
        };
        for signal in found {
            if self.seen.insert(signal.id().to_owned()) {
                self.found.push_back(signal);
            }
        }
        Ok(())
    }
}

impl Iterator for Chain {
    type Item = Result<Recorded, LogError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(signal) = self.found.pop_front() {
                self.from.push_back(signal.id().to_owned());
                return Some(Ok(signal));
            }
            let id = self.from.pop_front()?;
            if let Err(error) = self.look(&id) {
                self.from.clear();
                return Some(Err(error));
            }
        }
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chain")
            .field("direction", &self.direction)
            .field("seen", &self.seen.len())
            .finish_non_exhaustive()
    }
}
