//! The events of a run as a stream, beside its answer.

use std::collections::VecDeque;
use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context as Task, Poll, Waker};

use enact_action_core::action::BoxFuture;
use enact_action_core::{Action, Context, Execute, Failure, Handle};
use futures_core::Stream;

use super::{Event, What, listen};

/// How many events wait for whoever reads them, before the oldest are lost.
pub const MOST_WAITING: usize = 4096;

/// Starting a run as a task of its own, with its events as a stream.
///
/// Every action can be started so; one that runs no workflow has no events.
pub trait Start: Action {
    /// Starts it; whoever the context tells of runs is not told of this one.
    ///
    /// # Panics
    /// Outside a tokio runtime.
    fn start(self, cx: &Context) -> Running<Self::Output> {
        let queue = Arc::new(Queue::default());
        let (told, closes) = (Arc::clone(&queue), Close(Arc::clone(&queue)));
        let cx = listen(cx, move |event| told.push(event.clone()));
        Running {
            handle: self.exec(&cx).spawn_holding(closes),
            events: Events(queue),
        }
    }
}

impl<A: Action> Start for A {}

/// A run that has been started. Await it for its answer; dropping it cancels the run.
#[derive(Debug)]
#[must_use = "dropping it cancels the run"]
pub struct Running<O> {
    handle: Handle<O>,
    events: Events,
}

impl<O: Send + 'static> Running<O> {
    /// The run's events, from its start on.
    ///
    /// At most [`MOST_WAITING`] wait to be read: the oldest make room, and
    /// [`Missed`](What::Missed) says how many. The run itself never waits for its reader.
    pub fn events(&mut self) -> &mut Events {
        &mut self.events
    }

    /// The handle and the events, apart.
    pub fn split(self) -> (Handle<O>, Events) {
        (self.handle, self.events)
    }

    /// Cancels, and waits until the run has stopped and gone back.
    ///
    /// # Errors
    /// A cancelled failure, with what came of the undo; or the run's own, where it ended first.
    pub async fn cancel(self) -> Result<O, Failure> {
        self.handle.cancel().await
    }
}

impl<O: Send + 'static> IntoFuture for Running<O> {
    type Output = Result<O, Failure>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        self.handle.into_future()
    }
}

/// The events of a run, until it has ended.
#[derive(Debug)]
pub struct Events(Arc<Queue>);

impl Events {
    /// The next event; none, once the run has ended.
    pub async fn next(&mut self) -> Option<Event> {
        std::future::poll_fn(|task| Pin::new(&mut *self).poll_next(task)).await
    }
}

impl Stream for Events {
    type Item = Event;

    fn poll_next(self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<Option<Event>> {
        let mut waiting = self.0.lock();
        if let Some(event) = waiting.next() {
            return Poll::Ready(Some(event));
        }
        if waiting.closed {
            return Poll::Ready(None);
        }
        waiting.reader = Some(task.waker().clone());
        Poll::Pending
    }
}

#[derive(Debug, Default)]
struct Queue(Mutex<Waiting>);

#[derive(Debug, Default)]
struct Waiting {
    events: VecDeque<Event>,
    missed: u64,
    closed: bool,
    reader: Option<Waker>,
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, event: Event) {
        let mut waiting = self.lock();
        if waiting.events.len() == MOST_WAITING {
            waiting.events.pop_front();
            waiting.missed += 1;
        }
        waiting.events.push_back(event);
        let reader = waiting.reader.take();
        drop(waiting);
        reader.into_iter().for_each(Waker::wake);
    }
}

impl Waiting {
    fn next(&mut self) -> Option<Event> {
        if self.missed > 0 {
            let events = std::mem::take(&mut self.missed);
            let at = self
                .events
                .front()
                .map(|event| event.at)
                .unwrap_or_default();
            return Some(Event::new(String::new(), at, What::Missed { events }));
        }
        self.events.pop_front()
    }
}

/// Closes the queue when the run has ended; contexts of it may live on.
struct Close(Arc<Queue>);

impl Drop for Close {
    fn drop(&mut self) {
        let mut waiting = self.0.lock();
        waiting.closed = true;
        let reader = waiting.reader.take();
        drop(waiting);
        reader.into_iter().for_each(Waker::wake);
    }
}
