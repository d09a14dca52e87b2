//! The events of one stream: kept until they are read, and a while for who comes back for them.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io::{self, Write};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use futures_core::Stream;
use rmcp::model::{JsonRpcMessage, ServerJsonRpcMessage};
use rmcp::transport::streamable_http_server::session::ServerSseMessage;
use tokio::time::timeout;

/// How many events a stream keeps.
const KEPT: usize = 64;

/// How many connections wait at one stream; the oldest is closed.
const READERS: usize = 32;

/// How long an answer may take that is sent whole, in one write: no less than the [pace](super::super::SWEEP) that
/// spares timers their wake.
const PROMPT: Duration = Duration::from_millis(500);

/// How many bytes of JSON an answer may have that is sent whole, in one write: what a connection's buffers take as a rule.
const WHOLE: usize = 64 << 10;

/// How long a client waits until it comes back, where its connection broke off.
const RETRY: Duration = Duration::from_secs(3);

/// The events of one stream.
#[derive(Debug, Clone)]
pub(super) struct Events(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// Which stream of the session it is; none for the one that belongs to no request.
    number: Option<u64>,
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    kept: VecDeque<Event>,
    /// How many have been added.
    added: u64,
    /// How many of them have been read, or are gone.
    read: u64,
    has_ended: bool,
    /// Whether a client knows how to come back to it.
    is_known: bool,
    readers: VecDeque<Waiting>,
    /// How many readers there have been.
    born: u64,
}

/// One event, with its number: from 1.
#[derive(Debug, Clone)]
struct Event {
    number: u64,
    message: Arc<ServerJsonRpcMessage>,
}

#[derive(Debug)]
struct Waiting {
    reader: u64,
    waker: Option<Waker>,
}

impl Event {
    /// Whether it only tells of something, and may be missed where nobody reads.
    fn is_told(&self) -> bool {
        matches!(&*self.message, JsonRpcMessage::Notification(_))
    }
}

impl Inside {
    fn add(&mut self, message: ServerJsonRpcMessage) {
        self.make_room();
        self.added += 1;
        let event = Event {
            number: self.added,
            message: Arc::new(message),
        };
        self.kept.push_back(event);
    }

    fn next(&mut self) -> Option<Event> {
        let event = self.kept.iter().find(|event| event.number > self.read)?;
        self.read = event.number;
        Some(event.clone())
    }

    fn make_room(&mut self) {
        if self.kept.len() < KEPT {
            return;
        }
        let read = self.read;
        // Answers and questions wait for their reader; how many there are is bounded where they come from.
        let goes = |event: &Event| event.number <= read || event.is_told();
        if let Some(place) = self.kept.iter().position(goes) {
            self.kept.remove(place);
        }
    }

    fn wake(&mut self) {
        for waiting in &mut self.readers {
            if let Some(waker) = waiting.waker.take() {
                waker.wake();
            }
        }
    }
}

impl Events {
    pub(super) fn new(number: Option<u64>) -> Self {
        Self(Arc::new(Shared {
            number,
            inside: Mutex::default(),
        }))
    }

    /// Which stream of its session it is; none for the one that belongs to no request.
    pub(super) fn number(&self) -> Option<u64> {
        self.0.number
    }

    /// Adds an event. Where it finds no room, the oldest that has been read or that only tells of something goes.
    pub(super) fn add(&self, message: ServerJsonRpcMessage) {
        let mut inside = self.lock();
        inside.add(message);
        inside.wake();
    }

    /// Adds the last event. Where a client may come back for it, it is told how many bytes of JSON are kept then.
    ///
    /// What a connection was given need not be there yet, and the connection may have broken off. Only an answer that goes whole, in
    /// one write, is not waited for.
    pub(super) fn finish(&self, message: ServerJsonRpcMessage) -> Option<usize> {
        let is_large = is_large(&message);
        let mut inside = self.lock();
        let has_way_back =
            is_large || inside.is_known || inside.added > 0 || inside.readers.is_empty();
        inside.add(message);
        inside.has_ended = true;
        inside.wake();
        has_way_back.then(|| inside.kept.iter().map(|event| length(&event.message)).sum())
    }

    /// Nothing more will come.
    pub(super) fn end(&self) {
        let mut inside = self.lock();
        inside.has_ended = true;
        inside.wake();
    }

    /// Whether somebody is there to read.
    pub(super) fn has_reader(&self) -> bool {
        !self.lock().readers.is_empty()
    }

    /// One more reader, who gets what no other has got.
    pub(super) fn join(&self) -> Reader {
        let mut inside = self.lock();
        if inside.readers.len() >= READERS {
            let oldest = inside.readers.pop_front();
            if let Some(waker) = oldest.and_then(|oldest| oldest.waker) {
                waker.wake();
            }
        }
        inside.born += 1;
        let reader = inside.born;
        inside.readers.push_back(Waiting {
            reader,
            waker: None,
        });
        drop(inside);
        Reader {
            events: self.clone(),
            reader,
            primes: false,
        }
    }

    /// The reader of whoever has seen so many events, and comes back for the rest.
    pub(super) fn resume(&self, seen: u64) -> Reader {
        let mut inside = self.lock();
        // A stream of a request has one client, whose other connection has broken off, whether that is known or not.
        if self.0.number.is_some() {
            inside.wake();
            inside.readers.clear();
        }
        if inside.readers.is_empty() {
            inside.read = inside.read.min(seen);
        }
        drop(inside);
        self.join()
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        let inside = self.0.inside.lock();
        inside.unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection that reads the events of a stream.
#[derive(Debug)]
pub(super) struct Reader {
    events: Events,
    reader: u64,
    /// Whether the client is first to be told how it can come back.
    primes: bool,
}

impl Reader {
    /// The same, once there is an event, or none has come for a moment.
    ///
    /// Most answers come at once: one that does is written together with the head and the way back, and nobody comes back for more.
    pub(super) async fn prompt(mut self) -> Self {
        // Whether it was in time, is seen below.
        drop(timeout(PROMPT, poll_fn(|cx| self.poll_ready(cx))).await);
        let mut inside = self.events.lock();
        let is_whole = inside.has_ended && inside.added == 1;
        inside.is_known |= !is_whole;
        drop(inside);
        self.primes = true;
        self
    }

    /// Which stream of its session it reads; none for the one that belongs to no request.
    pub(super) fn stream(&self) -> Option<u64> {
        self.events.number()
    }

    /// Whether there is something to read.
    fn poll_ready(&self, cx: &Context<'_>) -> Poll<()> {
        let mut inside = self.events.lock();
        if inside.added > inside.read || inside.has_ended {
            return Poll::Ready(());
        }
        self.wait(&mut inside, cx);
        Poll::Pending
    }

    fn wait(&self, inside: &mut Inside, cx: &Context<'_>) {
        let mut readers = inside.readers.iter_mut();
        if let Some(waiting) = readers.find(|waiting| waiting.reader == self.reader) {
            waiting.waker = Some(cx.waker().clone());
        }
    }

    fn id(&self, number: u64) -> String {
        match self.events.number() {
            Some(stream) => format!("{number}/{stream}"),
            None => number.to_string(),
        }
    }
}

impl Stream for Reader {
    type Item = ServerSseMessage;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let mut inside = this.events.lock();
        if !inside.readers.iter().any(|one| one.reader == this.reader) {
            return Poll::Ready(None);
        }
        if std::mem::take(&mut this.primes) {
            let id = this.id(inside.read);
            return Poll::Ready(Some(ServerSseMessage::priming(id, RETRY)));
        }
        let Some(event) = inside.next() else {
            if inside.has_ended {
                return Poll::Ready(None);
            }
            this.wait(&mut inside, cx);
            return Poll::Pending;
        };
        let mut sent = ServerSseMessage::default();
        sent.event_id = Some(this.id(event.number));
        sent.message = Some(event.message);
        Poll::Ready(Some(sent))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let mut inside = self.events.lock();
        inside.readers.retain(|one| one.reader != self.reader);
        // What it was woken for, another may read.
        inside.wake();
    }
}

/// Whether a message has more bytes of JSON than go in one write. It is counted no further.
fn is_large(message: &ServerJsonRpcMessage) -> bool {
    struct Room(usize);

    impl Write for Room {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let left = self.0.checked_sub(bytes.len());
            self.0 = left.ok_or(io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    serde_json::to_writer(Room(WHOLE), message).is_err()
}

/// How many bytes of JSON a message has; what can't be written is not sent either.
fn length(message: &ServerJsonRpcMessage) -> usize {
    serde_json::to_vec(message).map_or(0, |json| json.len())
}
