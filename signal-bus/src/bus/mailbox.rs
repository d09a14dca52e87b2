//! What lies between publishers and one subscriber: a queue, and whom to wake.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::sync::Notify;

use super::Delivery;
use super::queue::{Overflow, Queue, Room};

/// A queue that publishers fill and one subscriber empties.
#[derive(Debug)]
pub(super) struct Mailbox {
    inside: Mutex<Inside>,
    /// There is room again, or it is no longer needed; whoever takes has taken all.
    room: Notify,
}

#[derive(Debug)]
struct Inside {
    queue: Queue<Delivery>,
    waiting: Option<Waker>,
    /// Whether something was taken since it was last found empty.
    busy: bool,
}

impl Mailbox {
    pub(super) fn new(capacity: usize, overflow: Overflow) -> Self {
        let inside = Inside {
            queue: Queue::new(capacity, overflow),
            waiting: None,
            busy: false,
        };
        Self {
            inside: Mutex::new(inside),
            room: Notify::new(),
        }
    }

    /// Whether there is room for so many. It stays for whoever holds the log of the bus: others only
    /// make more.
    pub(super) fn room(&self, count: usize) -> Room {
        self.lock().queue.room(count)
    }

    /// Waits until there is room, or there will be none. It is not kept for anybody: what is held
    /// while something else is waited for, others may wait for in a circle.
    pub(super) async fn until_room(&self, count: usize) {
        loop {
            // Before the look: so room that comes after it is not missed.
            let room = self.room.notified();
            if self.room(count) != Room::Later {
                return;
            }
            room.await;
        }
    }

    /// Takes a signal in. What comes out, and whom to wake, is left to whoever holds no lock: to
    /// drop the one or to wake the other may run whatever the user has.
    pub(super) fn push(&self, delivery: Delivery) -> (Option<Delivery>, Option<Waker>) {
        let mut inside = self.lock();
        let out = inside.queue.push(delivery);
        (out, inside.waiting.take())
    }

    /// Waits for something to be there, and leaves it; says no where nothing will be.
    pub(super) fn poll_some(&self, task: &Context<'_>) -> Poll<bool> {
        let mut inside = self.lock();
        if inside.queue.len() > 0 {
            return Poll::Ready(true);
        }
        inside.busy = false;
        let closed = inside.queue.is_closed();
        if !closed {
            inside.waiting = Some(task.waker().clone());
        }
        drop(inside);
        self.room.notify_waiters();
        if closed {
            Poll::Ready(false)
        } else {
            Poll::Pending
        }
    }

    pub(super) fn poll(&self, task: &Context<'_>) -> Poll<Option<Delivery>> {
        let mut inside = self.lock();
        let delivery = inside.queue.pop();
        inside.busy = delivery.is_some();
        let closed = inside.queue.is_closed();
        if delivery.is_none() && !closed {
            inside.waiting = Some(task.waker().clone());
        }
        drop(inside);
        self.room.notify_waiters();
        match delivery {
            None if !closed => Poll::Pending,
            delivery => Poll::Ready(delivery),
        }
    }

    /// Waits until nothing is in it, and whoever takes has asked for more.
    #[cfg(feature = "testing")]
    pub(super) async fn idle(&self) {
        loop {
            let mut room = std::pin::pin!(self.room.notified());
            room.as_mut().enable();
            if self.is_idle() {
                return;
            }
            room.await;
        }
    }

    #[cfg(feature = "testing")]
    pub(super) fn is_idle(&self) -> bool {
        let inside = self.lock();
        inside.queue.len() == 0 && !inside.busy
    }

    /// No more comes in; what is there can still be taken out.
    pub(super) fn close(&self) {
        let waiting = {
            let mut inside = self.lock();
            inside.queue.close();
            inside.waiting.take()
        };
        if let Some(waiting) = waiting {
            waiting.wake();
        }
        self.room.notify_waiters();
    }

    /// Closes it, and whoever took takes nothing more.
    pub(super) fn abandon(&self) {
        let left = {
            let mut inside = self.lock();
            inside.busy = false;
            inside.queue.abandon()
        };
        self.close();
        // Outside of the lock, since dropping a signal may run whatever its data has.
        drop(left);
    }

    pub(super) fn len(&self) -> usize {
        self.lock().queue.len()
    }

    pub(super) fn lost(&self) -> u64 {
        self.lock().queue.lost()
    }

    /// Nothing panics while it is held; a poisoned lock would still be a whole queue.
    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
