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
    lost: u64,
    closed: bool,
    /// Whether nobody takes from it any more though it was not closed: so what comes is lost.
    abandoned: bool,
}

impl<T> Queue<T> {
    pub(super) fn new(capacity: usize, overflow: Overflow) -> Self {
        Self {
            items: VecDeque::new(),
            capacity,
            overflow,
            lost: 0,
            closed: false,
            abandoned: false,
        }
    }

    /// Whether there is room for `count` items, or none is needed.
    pub(super) fn room(&self, count: usize) -> Room {
        if self.closed || matches!(self.overflow, Overflow::DropOldest | Overflow::DropNewest) {
            return Room::Now;
        }
        let free = self.capacity - self.items.len();
        if count <= free {
            Room::Now
        } else if count > self.capacity || self.overflow == Overflow::Refuse {
            Room::Never
        } else {
            Room::Later
        }
    }

    /// Takes an item in; what had to make room for it comes out.
    pub(super) fn push(&mut self, item: T) -> Option<T> {
        if self.closed {
            self.lost += u64::from(self.abandoned);
            return Some(item);
        }
        let mut out = None;
        if self.items.len() >= self.capacity {
            self.lost += 1;
            if self.overflow == Overflow::DropNewest {
                return Some(item);
            }
            out = self.items.pop_front();
        }
        self.items.push_back(item);
        out
    }

    pub(super) fn pop(&mut self) -> Option<T> {
        self.items.pop_front()
    }

    /// Closes it for good, and takes everything out, which is lost.
    pub(super) fn abandon(&mut self) -> VecDeque<T> {
        self.abandoned |= !self.closed;
        self.closed = true;
        self.lost += self.items.len() as u64;
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

/// When there is room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// There is, or the queue makes it when something comes.
    Now,
    /// There will be.
    Later,
    /// There is none, and there is no waiting for it.
    Never,
}
