//! How one request of a session is answered past the library, and until when its id is taken.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hyper::http::request::Parts;
use rmcp::model::{
    ClientRequest, GetExtensions as _, JsonRpcMessage, JsonRpcRequest, RequestId,
    ServerJsonRpcMessage,
};

use super::routes::Routes;
use crate::held::{Out, Past};

/// Goes with a request, and is let go with it by whoever has answered it.
///
/// The library knows a request by its id alone until then: another of that id would be cancelled for it, or get its answer.
#[derive(Debug)]
pub(super) struct Way {
    routes: Arc<Mutex<Routes>>,
    id: RequestId,
    /// The number of the request's stream.
    stream: Option<u64>,
}

impl Way {
    pub(super) fn new(routes: &Arc<Mutex<Routes>>, id: &RequestId, stream: Option<u64>) -> Self {
        Self {
            routes: Arc::clone(routes),
            id: id.clone(),
            stream,
        }
    }

    /// Has it go with its request, in place of the way of those without a session.
    pub(super) fn join(self, request: &mut JsonRpcRequest<ClientRequest>) {
        let parts = request.request.extensions_mut().get_mut::<Parts>();
        if let Some(past) = parts.and_then(|parts| parts.extensions.get_mut::<Past>()) {
            past.out = Arc::new(self);
        }
    }

    fn routes(&self) -> MutexGuard<'_, Routes> {
        self.routes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Out for Way {
    fn send(&self, mut answer: ServerJsonRpcMessage) {
        // As the library does for the revisions that have sessions.
        if let JsonRpcMessage::Response(answer) = &mut answer {
            answer.result.strip_result_type_for_legacy_peer();
        }
        self.routes().answer_past(&self.id, self.stream, answer);
    }
}

impl Drop for Way {
    fn drop(&mut self) {
        self.routes().let_go(&self.id, self.stream);
    }
}
