//! The answer of a request without a session whose action holds its thread.

use std::sync::{Mutex, PoisonError};

use http_body_util::{BodyExt, Full};
use hyper::Response;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use rmcp::model::ServerJsonRpcMessage;
use tokio::sync::Notify;

use super::door::Answer;
use crate::held::Out;

/// The answer that has not come by the request's own task.
#[derive(Debug, Default)]
pub(super) struct Late {
    answer: Mutex<Option<ServerJsonRpcMessage>>,
    came: Notify,
}

impl Out for Late {
    fn send(&self, answer: ServerJsonRpcMessage) {
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
        self.came.notify_one();
    }
}

impl Late {
    /// The answer, once there is one.
    pub(super) async fn came(&self) -> Answer {
        self.came.notified().await;
        let answer = self.answer.lock();
        let answer = answer.unwrap_or_else(PoisonError::into_inner).take();
        // What a failure says can always be written.
        let json = serde_json::to_vec(&answer).unwrap_or_default();
        let mut answer = Response::new(Full::new(Bytes::from(json)).boxed());
        let kind = HeaderValue::from_static("application/json");
        answer.headers_mut().insert(CONTENT_TYPE, kind);
        answer
    }
}
