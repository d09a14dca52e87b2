//! The events of a run as a stream, beside its answer.

use std::collections::VecDeque;
use std::future::IntoFuture;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context as Task, Poll, Waker};

use enact_action_core::action::BoxFuture;
use enact_action_core::{Action, Context, Execute, Failure, Handle};
use futures_core::Stream;

use super::{Event, listen};

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
        let queue = Arc::new(Queue::new(Event::missed));
        let (told, closes) = (Arc::clone(&queue), Close(Arc::clone(&queue)));
        let cx = listen(cx, move |event| told.push(event.clone()));
        Running {
            handle: self.exec(&cx).spawn_holding(closes),
            events: Events::of(queue),
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
    /// [`Missed`](super::What::Missed) says how many. The run itself never waits for its reader.
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

/// The events of a run until it has ended, or those of an engine's runs until that is closed.
#[derive(Debug)]
pub struct Events<E = Event>(Arc<Queue<E>>);

impl<E> Events<E> {
    pub(super) fn of(queue: Arc<Queue<E>>) -> Self {
        Self(queue)
    }

    /// The next event; none, once nothing happens any more.
    pub async fn next(&mut self) -> Option<E> {
        std::future::poll_fn(|task| Pin::new(&mut *self).poll_next(task)).await
    }
}

impl<E> Stream for Events<E> {
    type Item = E;

    fn poll_next(self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<Option<E>> {
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

#[derive(Debug)]
pub(super) struct Queue<E = Event>(Mutex<Waiting<E>>);

#[derive(Debug)]
struct Waiting<E> {
    events: VecDeque<E>,
    missed: u64,
    say_missed: fn(&E, u64) -> E,
    closed: bool,
    reader: Option<Waker>,
}

impl<E> Queue<E> {
    /// A queue that says so, before the first that is left, where some are lost.
    pub(super) fn new(say_missed: fn(&E, u64) -> E) -> Self {
        Self(Mutex::new(Waiting {
            events: VecDeque::new(),
            missed: 0,
            say_missed,
            closed: false,
            reader: None,
        }))
    }

    fn lock(&self) -> MutexGuard<'_, Waiting<E>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn push(&self, event: E) {
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

    pub(super) fn close(&self) {
        let mut waiting = self.lock();
        waiting.closed = true;
        let reader = waiting.reader.take();
        drop(waiting);
        reader.into_iter().for_each(Waker::wake);
    }
}

impl<E> Waiting<E> {
    fn next(&mut self) -> Option<E> {
        // Where some are lost, there are others that made them so.
        if self.missed > 0
            && let Some(first) = self.events.front()
        {
            let missed = std::mem::take(&mut self.missed);
            return Some((self.say_missed)(first, missed));
        }
        self.events.pop_front()
    }
}

/// Closes the queue when the run has ended; contexts of it may live on.
struct Close(Arc<Queue>);

impl Drop for Close {
    fn drop(&mut self) {
        self.0.close();
    }
}
