//! What a run was started by: a span, and an event perhaps.

use enact_action_core::context::Trace;
use enact_signal_core::Envelope;
use serde::{Deserialize, Serialize};

use super::record::What;

/// The event that a run was started by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StartedBy {
    pub(crate) id: String,
    /// What the event, and all that comes of it, share.
    pub(crate) correlation: String,
}

/// What a run was started by.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) parent: Trace,
    pub(crate) cause: Option<StartedBy>,
}

impl StartedBy {
    pub(crate) fn of(envelope: &Envelope) -> Self {
        Self {
            id: envelope.id().to_owned(),
            correlation: envelope
                .correlation()
                .unwrap_or_else(|| envelope.id())
                .to_owned(),
        }
    }
}

impl Origin {
    /// As it is recorded.
    pub(crate) fn what(&self) -> What {
        What::Trace {
            parent: self.parent.to_string(),
            cause: self.cause.clone(),
        }
    }
}
