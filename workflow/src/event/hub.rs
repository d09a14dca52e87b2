//! The events of all runs of an engine, for as many as read them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::RunEvent;
use super::stream::{Events, Queue};

/// Hands each event to everybody who reads; while nobody does, it costs one look.
#[derive(Debug, Default)]
pub(crate) struct Hub {
    heard: AtomicBool,
    readers: Mutex<Readers>,
}

#[derive(Debug, Default)]
struct Readers {
    queues: Vec<Weak<Queue<RunEvent>>>,
    closed: bool,
}

impl Hub {
    fn readers(&self) -> MutexGuard<'_, Readers> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The events from now on.
    pub(crate) fn events(&self) -> Events<RunEvent> {
        let queue = Arc::new(Queue::new(RunEvent::missed));
        let mut readers = self.readers();
        if readers.closed {
            queue.close();
        } else {
            readers.queues.push(Arc::downgrade(&queue));
            self.heard.store(true, Ordering::Relaxed);
        }
        Events::of(queue)
    }

    pub(crate) fn is_heard(&self) -> bool {
        self.heard.load(Ordering::Relaxed)
    }

    pub(crate) fn tell(&self, event: &RunEvent) {
        let mut readers = self.readers();
        readers.queues.retain(|queue| match queue.upgrade() {
            Some(queue) => {
                queue.push(event.clone());
                true
            }
            None => false,
        });
        self.heard
            .store(!readers.queues.is_empty(), Ordering::Relaxed);
    }

    /// Nothing happens any more.
    pub(crate) fn close(&self) {
        let mut readers = self.readers();
        readers.closed = true;
        self.heard.store(false, Ordering::Relaxed);
        let queues = std::mem::take(&mut readers.queues);
        drop(readers);
        queues
            .iter()
            .filter_map(Weak::upgrade)
            .for_each(|queue| queue.close());
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::{Event, MOST_WAITING, What};
    use super::{Hub, RunEvent};

    fn event(run: &str) -> RunEvent {
        RunEvent {
            run: run.to_owned(),
            workflow: "w".to_owned(),
            event: Event::new(String::new(), Duration::ZERO, What::RunFinished),
        }
    }

    #[tokio::test]
    async fn a_slow_reader_is_told_what_it_missed_and_others_miss_nothing() {
        let hub = Hub::default();
        assert!(!hub.is_heard());
        let (mut slow, mut quick) = (hub.events(), hub.events());
        assert!(hub.is_heard());
        for n in 0..MOST_WAITING + 3 {
            hub.tell(&event(&n.to_string()));
            let told = quick.next().await.unwrap();
            assert_eq!(told.run, n.to_string());
        }
        let missed = slow.next().await.unwrap();
        assert_eq!(
            (&*missed.run, &missed.event.what),
            ("", &What::Missed { events: 3 })
        );
        assert_eq!(slow.next().await.unwrap().run, "3");
        drop((slow, quick));
        hub.tell(&event("x"));
        assert!(!hub.is_heard());
    }

    #[tokio::test]
    async fn what_is_told_before_the_end_is_read_after_it() {
        let hub = Hub::default();
        let mut events = hub.events();
        hub.tell(&event("a"));
        hub.close();
        assert_eq!(events.next().await.unwrap().run, "a");
        assert!(events.next().await.is_none());
        assert!(hub.events().next().await.is_none());
    }
}
