//! The sessions of HTTP, in place of those that the protocol's library has.
//!
//! There, a task of its own stands between a session's requests and whoever answers them, and each message wakes it twice. Here
//! the one who sends a message puts it where it is read.

mod events;
mod past;
mod routes;
#[cfg(test)]
mod tests;
mod wire;

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use futures_core::Stream;
use rmcp::model::{ClientJsonRpcMessage, ServerJsonRpcMessage};
use rmcp::transport::common::server_side_http::session_id;
use rmcp::transport::streamable_http_server::session::{
    ServerSseMessage, SessionId, SessionManager,
};
use thiserror::Error;

use self::wire::{Pipe, Wire, wire};

/// How long a session has been idle that makes room for another where there is none.
const ABANDONED: Duration = Duration::from_mins(5);

/// The sessions that are open, by their names.
#[derive(Debug)]
pub(super) struct Sessions {
    open: RwLock<HashMap<SessionId, Arc<Wire>>>,
    most: usize,
    idle: Duration,
}

/// Why a session could not do what it was asked for.
#[derive(Debug, Error)]
#[error(transparent)]
pub(super) struct SessionError(Inner);

#[derive(Debug, Error)]
enum Inner {
    #[error("there are too many sessions; try again later")]
    Full,
    #[error("the session has ended; begin another with `initialize`")]
    Gone,
    #[error("only a request has a stream")]
    NoRequest,
    #[error(
        "there is no stream with an event {0:?}; its request has been answered, or is none of this session's"
    )]
    NoStream(String),
}

impl Sessions {
    /// None yet, and so many at most; one that has no open stream and no request stays for so long.
    pub(super) fn new(most: usize, idle: Duration) -> Self {
        Self {
            open: RwLock::default(),
            most,
            idle,
        }
    }

    /// Whether there is room for one more: where there is not, the one that has been idle longest ends, if that is long.
    pub(super) fn has_room(&self) -> bool {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let there = || open.values().filter(|wire| !wire.is_closed());
        if there().count() < self.most {
            return true;
        }
        let oldest = there().max_by_key(|wire| wire.idle());
        if let Some(oldest) = oldest {
            oldest.end_after(ABANDONED);
        }
        there().count() < self.most
    }

    /// Ends those whose clients have been away for too long.
    pub(super) fn sweep(&self) {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        for wire in open.values() {
            // Whoever serves it sees that, and takes it out.
            wire.end_after(self.idle);
        }
    }

    /// Ends them all.
    pub(super) fn end(&self) {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.values().for_each(|wire| wire.close());
    }

    /// Says whose a session is.
    pub(super) fn own(&self, id: &str, tenant: Option<&str>) {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(wire) = open.get(id) {
            wire.own(tenant.map(str::to_owned));
        }
    }

    /// Whether a session is that tenant's; one that is not there is nobody's, which is told in its own way.
    pub(super) fn is_of(&self, id: &str, tenant: Option<&str>) -> bool {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.get(id).is_none_or(|wire| wire.is_of(tenant))
    }

    fn get(&self, id: &SessionId) -> Result<Arc<Wire>, SessionError> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let wire = open.get(id).filter(|wire| !wire.is_closed());
        wire.cloned().ok_or(SessionError(Inner::Gone))
    }
}

impl SessionManager for Sessions {
    type Error = SessionError;
    type Transport = Pipe;

    async fn create_session(&self) -> Result<(SessionId, Pipe), SessionError> {
        // Who asked before may have taken the room.
        if !self.has_room() {
            return Err(SessionError(Inner::Full));
        }
        let (id, (wire, pipe)) = (session_id(), wire());
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        open.insert(SessionId::clone(&id), wire);
        Ok((id, pipe))
    }

    async fn initialize_session(
        &self,
        id: &SessionId,
        message: ClientJsonRpcMessage,
    ) -> Result<ServerJsonRpcMessage, SessionError> {
        self.get(id)?.hello(message).await
    }

    async fn has_session(&self, id: &SessionId) -> Result<bool, SessionError> {
        Ok(self.get(id).is_ok())
    }

    async fn close_session(&self, id: &SessionId) -> Result<(), SessionError> {
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let closed = open.remove(id);
        drop(open);
        if let Some(wire) = closed {
            wire.close();
        }
        Ok(())
    }

    async fn create_stream(
        &self,
        id: &SessionId,
        message: ClientJsonRpcMessage,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, SessionError> {
        self.get(id)?.request(message).await
    }

    async fn accept_message(
        &self,
        id: &SessionId,
        message: ClientJsonRpcMessage,
    ) -> Result<(), SessionError> {
        self.get(id)?.accept(message).await
    }

    async fn create_standalone_stream(
        &self,
        id: &SessionId,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, SessionError> {
        Ok(self.get(id)?.listen())
    }

    async fn resume(
        &self,
        id: &SessionId,
        last: String,
    ) -> Result<impl Stream<Item = ServerSseMessage> + Send + Sync + 'static, SessionError> {
        self.get(id)?.resume(&last)
    }
}
