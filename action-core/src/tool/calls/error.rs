//! Why no call of a message could be answered.

use super::read;
use crate::tool::{Dialect, ToolError};

/// Why no call of a message could be answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct DispatchError(Why);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Why {
    #[error("the actions can't be tools of this vendor; build them when the program starts")]
    Tools(#[source] ToolError),
    #[error("{found} is nothing that a model of {dialect} answers; hand over {wanted}")]
    Message {
        dialect: Dialect,
        found: String,
        wanted: &'static str,
    },
    #[error("the service of {dialect} has answered with an error: {text}")]
    Service { dialect: Dialect, text: String },
}

impl DispatchError {
    pub(super) fn tools(error: &ToolError) -> Self {
        Self(Why::Tools(error.clone()))
    }

    pub(super) fn message(dialect: Dialect, found: impl Into<String>) -> Self {
        Self(Why::Message {
            dialect,
            found: found.into(),
            wanted: read::wanted(dialect),
        })
    }

    pub(super) fn service(dialect: Dialect, text: String) -> Self {
        Self(Why::Service { dialect, text })
    }

    /// The stable code: `tools.refused`, `message.unknown` or `message.error`.
    pub fn code(&self) -> &'static str {
        match self.0 {
            Why::Tools(_) => "tools.refused",
            Why::Message { .. } => "message.unknown",
            Why::Service { .. } => "message.error",
        }
    }
}
