//! Which stream of a session a message of the server's goes to.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use rmcp::model::{
    ClientJsonRpcMessage, ClientNotification, ClientRequest, GetExtensions as _, GetMeta as _,
    JsonRpcMessage, JsonRpcRequest, ProgressToken, RequestId, ServerJsonRpcMessage,
    ServerNotification,
};
use rmcp::service::OriginatingRequestId;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::events::{Events, Reader};

/// How many answers are kept for clients that may come back for them.
const LEFT: usize = 16;

/// How many bytes they have together; one that is larger alone stays until the next comes.
const LEFT_BYTES: usize = 4 << 20;

/// How long they are kept.
const KEEP: Duration = Duration::from_mins(1);

/// The streams of one session.
#[derive(Debug)]
pub(super) struct Routes {
    /// Where the answer to `initialize` goes; none, once it has gone.
    hello: Option<oneshot::Sender<ServerJsonRpcMessage>>,
    /// What belongs to no request.
    own: Events,
    going: HashMap<RequestId, Going>,
    /// The requests that are over for their client, and not yet for the library.
    over: HashMap<RequestId, Over>,
    /// The requests whose progress is told.
    told: HashMap<ProgressToken, RequestId>,
    /// Answers that a client may come back for.
    left: VecDeque<Left>,
    /// How many streams there have been.
    born: u64,
    /// When the client was last there.
    seen: Instant,
    has_ended: bool,
}

/// An answer that a client may come back for.
#[derive(Debug)]
struct Left {
    since: Instant,
    bytes: usize,
    events: Events,
}

/// A request that has no answer yet.
#[derive(Debug)]
struct Going {
    events: Events,
    token: Option<ProgressToken>,
    /// What the server asks the client meanwhile.
    asked: Vec<RequestId>,
    /// Whether whoever answers it is at it.
    is_running: bool,
}

/// A request that was taken back, or answered past the library.
#[derive(Debug)]
struct Over {
    stream: Option<u64>,
    /// Whether the library's own answer will come.
    has_answer: bool,
    /// Whether whoever answers it is at it.
    is_running: bool,
}

impl Over {
    fn is_past(&self) -> bool {
        !self.has_answer && !self.is_running
    }
}

/// What a notification tells of.
enum Of<'a> {
    Request(&'a Going),
    Session,
    /// A request that has been answered or taken back.
    Past,
}

impl Routes {
    pub(super) fn new() -> Self {
        Self {
            hello: None,
            own: Events::new(None),
            going: HashMap::new(),
            over: HashMap::new(),
            told: HashMap::new(),
            left: VecDeque::new(),
            born: 0,
            seen: Instant::now(),
            has_ended: false,
        }
    }

    /// Where the answer to `initialize` will come.
    pub(super) fn hello(&mut self) -> oneshot::Receiver<ServerJsonRpcMessage> {
        let (hello, answer) = oneshot::channel();
        self.hello = Some(hello);
        answer
    }

    /// Begins the stream of a request; none where another of that id has not ended yet.
    pub(super) fn begin(&mut self, request: &JsonRpcRequest<ClientRequest>) -> Option<Reader> {
        self.seen = Instant::now();
        self.forget();
        if self.going.contains_key(&request.id) || self.over.contains_key(&request.id) {
            return None;
        }
        self.born += 1;
        let events = Events::new(Some(self.born));
        let reader = events.join();
        let token = request.request.get_meta().get_progress_token();
        if let Some(token) = &token {
            self.told.insert(token.clone(), request.id.clone());
        }
        let going = Going {
            events,
            token,
            asked: Vec::new(),
            is_running: true,
        };
        self.going.insert(request.id.clone(), going);
        Some(reader)
    }

    /// Notes that the client said something that has no stream.
    pub(super) fn hear(&mut self, message: &ClientJsonRpcMessage) {
        self.seen = Instant::now();
        let JsonRpcMessage::Notification(told) = message else {
            return;
        };
        // Who takes a request back gets no answer.
        if let ClientNotification::CancelledNotification(cancelled) = &told.notification
            && let Some(id) = &cancelled.params.request_id
        {
            self.take_back(id);
        }
    }

    fn take_back(&mut self, id: &RequestId) {
        if let Some(going) = self.remove(id) {
            going.events.end();
            let over = Over {
                stream: going.events.number(),
                has_answer: false,
                is_running: going.is_running,
            };
            self.over.insert(id.clone(), over);
        }
        // The library does not answer either.
        self.pass(id, |over| over.has_answer = false);
    }

    /// Answers a request of that stream past the library, whose own answer goes nowhere then.
    pub(super) fn answer_past(
        &mut self,
        id: &RequestId,
        stream: Option<u64>,
        message: ServerJsonRpcMessage,
    ) {
        let going = self.going.get(id);
        if going.is_none_or(|going| going.events.number() != stream) {
            return;
        }
        if let Some(going) = self.remove(id) {
            let over = Over {
                stream,
                has_answer: true,
                is_running: going.is_running,
            };
            self.over.insert(id.clone(), over);
            self.answer(going.events, message);
        }
    }

    /// Notes that whoever answers a request is no longer at it.
    pub(super) fn let_go(&mut self, id: &RequestId, stream: Option<u64>) {
        if let Some(going) = self.going.get_mut(id)
            && going.events.number() == stream
        {
            going.is_running = false;
        }
        self.pass(id, |over| over.is_running &= over.stream != stream);
    }

    /// Notes what has come of a request that is over; once nothing more can, another may have its id.
    fn pass(&mut self, id: &RequestId, note: impl FnOnce(&mut Over)) {
        if let Some(over) = self.over.get_mut(id) {
            note(over);
            if over.is_past() {
                self.over.remove(id);
            }
        }
    }

    /// Sends a message of the server's where it belongs.
    pub(super) fn send(&mut self, message: ServerJsonRpcMessage) {
        let answers = match &message {
            JsonRpcMessage::Response(answer) => Some(Some(&answer.id)),
            JsonRpcMessage::Error(error) => Some(error.id.as_ref()),
            _ => None,
        };
        match answers {
            None => self.tell(message),
            Some(id) => match id.and_then(|id| self.remove(id)) {
                Some(going) => self.answer(going.events, message),
                None => {
                    if let Some(id) = id {
                        self.pass(id, |over| over.has_answer = false);
                    }
                    // To `initialize`, whose sender may have gone, or to what is over.
                    if let Some(hello) = self.hello.take() {
                        drop(hello.send(message));
                    }
                }
            },
        }
    }

    /// The stream that belongs to no request.
    pub(super) fn own(&self) -> &Events {
        &self.own
    }

    /// Whether it takes nothing any more.
    pub(super) fn has_ended(&self) -> bool {
        self.has_ended
    }

    /// The stream of that number, where it is still there.
    pub(super) fn numbered(&self, number: u64) -> Option<&Events> {
        let going = self.going.values().map(|going| &going.events);
        let mut all = going.chain(self.left.iter().map(|left| &left.events));
        all.find(|events| events.number() == Some(number))
    }

    /// How long nobody has been there, as far as it was looked; what is kept for too long goes.
    pub(super) fn look(&mut self) -> Duration {
        self.forget();
        if !self.going.is_empty() || self.own.has_reader() {
            self.seen = Instant::now();
        }
        self.seen.elapsed()
    }

    /// Ends all streams.
    pub(super) fn end(&mut self) {
        self.has_ended = true;
        self.hello = None;
        self.own.end();
        for (_, going) in self.going.drain() {
            going.events.end();
        }
        self.over.clear();
        self.told.clear();
        self.left.clear();
    }

    fn answer(&mut self, events: Events, message: ServerJsonRpcMessage) {
        if let Some(bytes) = events.finish(message) {
            let since = Instant::now();
            self.left.push_back(Left {
                since,
                bytes,
                events,
            });
            self.forget();
        }
    }

    /// What is no answer.
    fn tell(&mut self, message: ServerJsonRpcMessage) {
        let events = match &message {
            JsonRpcMessage::Request(asked) => {
                let of = asked.request.extensions().get::<OriginatingRequestId>();
                let going = of.and_then(|of| self.going.get_mut(&of.0));
                going.map_or(&self.own, |going| {
                    going.asked.push(asked.id.clone());
                    &going.events
                })
            }
            JsonRpcMessage::Notification(told) => match self.of(&told.notification) {
                Of::Request(going) => &going.events,
                Of::Session => &self.own,
                Of::Past => return,
            },
            _ => &self.own,
        };
        events.add(message);
    }

    /// What it tells of.
    fn of(&self, told: &ServerNotification) -> Of<'_> {
        let id = match told {
            ServerNotification::ProgressNotification(progress) => {
                self.told.get(&progress.params.progress_token)
            }
            ServerNotification::LoggingMessageNotification(logged) => {
                let of = logged.extensions.get::<OriginatingRequestId>();
                of.map(|of| &of.0)
            }
            ServerNotification::CancelledNotification(cancelled) => {
                let asked = cancelled.params.request_id.as_ref();
                let asked = asked.and_then(|asked| {
                    let mut going = self.going.values();
                    going.find(|going| going.asked.contains(asked))
                });
                return asked.map_or(Of::Session, Of::Request);
            }
            _ => return Of::Session,
        };
        id.and_then(|id| self.going.get(id))
            .map_or(Of::Past, Of::Request)
    }

    fn remove(&mut self, id: &RequestId) -> Option<Going> {
        let going = self.going.remove(id)?;
        if let Some(token) = &going.token
            && self.told.get(token) == Some(id)
        {
            self.told.remove(token);
        }
        Some(going)
    }

    fn forget(&mut self) {
        while let Some(oldest) = self.left.front() {
            let bytes: usize = self.left.iter().map(|left| left.bytes).sum();
            let is_full = self.left.len() > LEFT || bytes > LEFT_BYTES && self.left.len() > 1;
            if !is_full && oldest.since.elapsed() <= KEEP {
                return;
            }
            self.left.pop_front();
        }
    }
}
