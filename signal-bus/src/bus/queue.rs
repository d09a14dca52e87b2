//! A bounded queue, as pure state: what comes in, what goes out, what there was no room for.

use std::collections::VecDeque;

/// What happens where a queue is full.
///
/// The default is that of streams and handlers; the queue before a [sink](super::Subscribe::to) refuses
/// unless another is asked for.
///
/// ```
/// use enact_signal_bus::Overflow;
///
/// assert_eq!(Overflow::default(), Overflow::DropOldest);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Overflow {
    /// Whoever publishes waits until there is room.
    Wait,
    /// The oldest signal of the queue makes room; the subscription counts it as lost.
    #[default]
    DropOldest,
    /// The new signal is left out; the subscription counts it as lost.
    DropNewest,
    /// The publishing is refused as a whole, before anybody gets anything.
    Refuse,
}

/// What waits for one subscriber.
#[derive(Debug)]
pub(super) struct Queue<T> {
    items: VecDeque<T>,
    capacity: usize,
    overflow: Overflow,
    /// Room that was promised to whoever publishes under `Wait` or `Refuse`.
    promised: usize,
    lost: u64,
    closed: bool,
}

impl<T> Queue<T> {
    pub(super) fn new(capacity: usize, overflow: Overflow) -> Self {
        Self {
            items: VecDeque::new(),
            capacity,
            overflow,
            promised: 0,
            lost: 0,
            closed: false,
        }
    }

    /// Promises room for `count` items, if there is so much or none is needed.
    pub(super) fn promise(&mut self, count: usize) -> Promise {
        if self.closed || matches!(self.overflow, Overflow::DropOldest | Overflow::DropNewest) {
            return Promise::Unneeded;
        }
        let free = self.capacity - self.items.len() - self.promised;
        if count <= free {
            self.promised += count;
            Promise::Given
        } else if count > self.capacity || self.overflow == Overflow::Refuse {
            Promise::Refused
        } else {
            Promise::Later
        }
    }

    /// Takes a promise back.
    pub(super) fn release(&mut self, count: usize) {
        self.promised -= count;
    }

    /// Takes an item in, against a promise where the queue gives them.
    pub(super) fn push(&mut self, item: T, promised: bool) {
        self.promised -= usize::from(promised);
        if self.closed {
            return;
        }
        if !promised && self.items.len() + self.promised >= self.capacity {
            self.lost += 1;
            if self.overflow == Overflow::DropNewest {
                return;
            }
            self.items.pop_front();
        }
        self.items.push_back(item);
    }

    pub(super) fn pop(&mut self) -> Option<T> {
        self.items.pop_front()
    }

    /// Takes everything out.
    pub(super) fn clear(&mut self) -> VecDeque<T> {
        std::mem::take(&mut self.items)
    }

    /// No more comes in; what is there can still be taken out.
    pub(super) fn close(&mut self) {
        self.closed = true;
    }

    pub(super) const fn is_closed(&self) -> bool {
        self.closed
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) const fn lost(&self) -> u64 {
        self.lost
    }
}

/// What became of the wish for room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Promise {
    /// There is room, and it is kept.
    Given,
    /// There will be.
    Later,
    /// There is none, and there is no waiting for it.
    Refused,
    /// The queue makes room when something comes.
    Unneeded,
}
