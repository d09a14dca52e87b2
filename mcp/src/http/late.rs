//! The answer of a request without a session whose action holds its thread.

use std::sync::{Mutex, PoisonError};

use rmcp::model::ServerJsonRpcMessage;
use tokio::sync::Notify;

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
    pub(super) async fn came(&self) -> Option<ServerJsonRpcMessage> {
        self.came.notified().await;
        let answer = self.answer.lock();
        answer.unwrap_or_else(PoisonError::into_inner).take()
    }
}
