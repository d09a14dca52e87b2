//! What lies between publishers and one subscriber: a queue, and whom to wake.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::sync::Notify;

use super::Delivery;
use super::queue::{Overflow, Promise, Queue};

/// A queue that publishers fill and one subscriber empties.
#[derive(Debug)]
pub(super) struct Mailbox {
    overflow: Overflow,
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
            overflow,
            inside: Mutex::new(inside),
            room: Notify::new(),
        }
    }

    /// Whether a promise may have to be waited for.
    pub(super) fn may_wait(&self) -> bool {
        self.overflow == Overflow::Wait
    }

    /// Waits for a promise of room; says no where there never will be enough.
    pub(super) async fn promise(&self, count: usize) -> Promise {
        loop {
            // Before the look: so room that comes after it is not missed.
            let room = self.room.notified();
            let promise = self.lock().queue.promise(count);
            match promise {
                Promise::Later => room.await,
                _ => return promise,
            }
        }
    }

    pub(super) fn release(&self, count: usize) {
        self.lock().queue.release(count);
        self.room.notify_waiters();
    }

    pub(super) fn push(&self, delivery: Delivery, promised: bool) {
        let waiting = {
            let mut inside = self.lock();
            inside.queue.push(delivery, promised);
            inside.waiting.take()
        };
        if let Some(waiting) = waiting {
            waiting.wake();
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
        self.close();
        let left = {
            let mut inside = self.lock();
            inside.busy = false;
            inside.queue.clear()
        };
        // Outside of the lock, since dropping a signal may run whatever its data has.
        drop(left);
        self.room.notify_waiters();
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
