//! One session: the way in, and the streams out.

use std::convert::Infallible;
use std::future::ready;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{
    ClientJsonRpcMessage, ErrorData, JsonRpcMessage, RequestId, ServerJsonRpcMessage,
};
use rmcp::transport::Transport;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::events::{Events, Reader};
use super::past::Way;
use super::routes::Routes;
use super::{Inner, SessionError};

/// How many messages of the client's wait to be taken up; who sends more waits.
const INBOUND: usize = 64;

/// One session, as those see it who bring the client's messages.
#[derive(Debug)]
pub(super) struct Wire {
    inbound: mpsc::Sender<ClientJsonRpcMessage>,
    routes: Arc<Mutex<Routes>>,
    /// The tenant of whoever began it, once that is said.
    owner: OnceLock<Option<String>>,
    closed: CancellationToken,
}

/// One session, as the protocol's library sees it.
///
/// What it sends is with its reader at once, in the task that sends it: there is nothing between the two that would have to wake up.
#[derive(Debug)]
pub(in crate::http) struct Pipe {
    wire: Arc<Wire>,
    inbound: mpsc::Receiver<ClientJsonRpcMessage>,
}

/// Both ends of a new session.
pub(super) fn wire() -> (Arc<Wire>, Pipe) {
    let (sender, receiver) = mpsc::channel(INBOUND);
    let wire = Arc::new(Wire {
        inbound: sender,
        routes: Arc::new(Mutex::new(Routes::new())),
        owner: OnceLock::new(),
        closed: CancellationToken::new(),
    });
    let pipe = Pipe {
        wire: Arc::clone(&wire),
        inbound: receiver,
    };
    (wire, pipe)
}

impl Wire {
    /// Begins the session.
    pub(super) async fn hello(
        &self,
        message: ClientJsonRpcMessage,
    ) -> Result<ServerJsonRpcMessage, SessionError> {
        let place = self.place().await?;
        let answer = self.open()?.hello();
        place.send(message);
        answer.await.map_err(|_| SessionError(Inner::Gone))
    }

    /// Takes a request, and has the stream that its answer comes by.
    pub(super) async fn request(
        &self,
        mut message: ClientJsonRpcMessage,
    ) -> Result<Reader, SessionError> {
        let JsonRpcMessage::Request(request) = &mut message else {
            return Err(SessionError(Inner::NoRequest));
        };
        // Who waits for a place and goes has begun nothing.
        let place = self.place().await?;
        let begun = self.open()?.begin(request);
        let Some(reader) = begun else {
            return Ok(taken(&request.id));
        };
        Way::new(&self.routes, &request.id, reader.stream()).join(request);
        place.send(message);
        Ok(reader.prompt().await)
    }

    /// Takes a message that has no answer.
    pub(super) async fn accept(&self, message: ClientJsonRpcMessage) -> Result<(), SessionError> {
        let place = self.place().await?;
        self.open()?.hear(&message);
        place.send(message);
        Ok(())
    }

    /// A reader of what belongs to no request.
    pub(super) fn listen(&self) -> Reader {
        self.routes().own().join()
    }

    /// A reader of what came after that event.
    pub(super) fn resume(&self, last: &str) -> Result<Reader, SessionError> {
        let unknown = || SessionError(Inner::NoStream(last.to_owned()));
        let (seen, stream) = match last.split_once('/') {
            Some((seen, stream)) => (seen, Some(stream)),
            None => (last, None),
        };
        let seen = seen.parse().map_err(|_| unknown())?;
        let stream: Option<u64> = stream.map(str::parse).transpose().map_err(|_| unknown())?;
        let routes = self.routes();
        let events = match stream {
            None => Some(routes.own()),
            Some(number) => routes.numbered(number),
        };
        let events: Events = events.ok_or_else(unknown)?.clone();
        drop(routes);
        Ok(events.resume(seen))
    }

    /// How long nobody has been there.
    pub(super) fn idle(&self) -> Duration {
        self.routes().look()
    }

    /// Ends it where nobody has been there for so long.
    pub(super) fn end_after(&self, idle: Duration) {
        let mut routes = self.routes();
        if routes.look() >= idle {
            routes.end();
            self.closed.cancel();
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.is_cancelled()
    }

    /// Says whose it is.
    pub(super) fn own(&self, tenant: Option<String>) {
        // It is said once, when the session has begun.
        self.owner.get_or_init(|| tenant);
    }

    pub(super) fn is_of(&self, tenant: Option<&str>) -> bool {
        let owner = self.owner.get();
        owner.is_none_or(|owner| owner.as_deref() == tenant)
    }

    pub(super) fn close(&self) {
        self.closed.cancel();
        self.routes().end();
    }

    /// A place for one more message.
    async fn place(&self) -> Result<mpsc::Permit<'_, ClientJsonRpcMessage>, SessionError> {
        let place = self.inbound.reserve().await;
        place.map_err(|_| SessionError(Inner::Gone))
    }

    /// The streams of a session that has not ended.
    fn open(&self) -> Result<MutexGuard<'_, Routes>, SessionError> {
        let routes = self.routes();
        if routes.has_ended() {
            return Err(SessionError(Inner::Gone));
        }
        Ok(routes)
    }

    fn routes(&self) -> MutexGuard<'_, Routes> {
        self.routes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The stream of a request whose id another has that is not answered yet.
fn taken(id: &RequestId) -> Reader {
    let text = format!("the id {id} is that of a request which has not ended yet; take another");
    // No stream of a session has that number.
    let events = Events::new(Some(0));
    let error = ErrorData::invalid_request(text, None);
    events.add(ServerJsonRpcMessage::error(error, Some(id.clone())));
    events.end();
    events.join()
}

impl Transport<RoleServer> for Pipe {
    type Error = Infallible;

    fn send(
        &mut self,
        message: ServerJsonRpcMessage,
    ) -> impl Future<Output = Result<(), Infallible>> + Send + 'static {
        self.wire.routes().send(message);
        ready(Ok(()))
    }

    async fn receive(&mut self) -> Option<ClientJsonRpcMessage> {
        tokio::select! {
            biased;
            () = self.wire.closed.cancelled() => None,
            message = self.inbound.recv() => message,
        }
    }

    async fn close(&mut self) -> Result<(), Infallible> {
        self.wire.close();
        Ok(())
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        self.wire.close();
    }
}
