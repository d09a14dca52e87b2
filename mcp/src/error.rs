//! Why there is no server.

use std::io;

use enact_action_core::tool::ToolError;
use rmcp::service::ServerInitializeError;

/// Why a server could not be made, or could not serve.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct McpError(#[from] Inner);

/// The kinds of [`McpError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum McpErrorKind {
    /// The program is wrong: an action that no client takes, a name that nothing has.
    Misconfigured,
    /// An address is not to be had, or a standard stream.
    Unavailable,
    /// The client did not begin as the protocol says.
    Client,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum Inner {
    #[error("some actions can't be tools of MCP:\n{0}")]
    Tools(ToolError),
    #[error(
        "a tool's JSON was not what the protocol's library reads; report this as a defect of enact"
    )]
    Unreadable(#[source] serde_json::Error),
    #[error("{}", unknown(.0))]
    Allowed(Vec<(String, Option<String>)>),
    #[error(
        "no tool is named {0:?}, of which the program says more; tools have the names of actions"
    )]
    NoTool(String),
    #[error("{0}: {1}")]
    Told(String, &'static str),
    #[error(
        "won't serve on {0} without a token, since others can reach it; give one, or serve on 127.0.0.1"
    )]
    Exposed(String),
    #[error("the token is empty; give one that can't be guessed, 32 random bytes or so")]
    Token,
    #[error("could not listen on {0}; is it in use, or not this machine's?")]
    Bind(String, #[source] io::Error),
    #[error(
        "the standard streams are a server's already; serve each client from a process of its own"
    )]
    Taken,
    #[error("the standard streams could not be kept for the protocol")]
    Streams(#[source] io::Error),
    #[error(
        "no subscriber of `tracing` has the layer of these logs, so that nobody would hear anything; add `logs.layer()` to the program's before the server is made"
    )]
    Unheard,
    #[error("the client did not begin as the protocol says")]
    Handshake(#[source] Box<ServerInitializeError>),
}

impl McpError {
    /// The kind, to act on.
    pub fn kind(&self) -> McpErrorKind {
        match self.0 {
            Inner::Tools(_)
            | Inner::Unreadable(_)
            | Inner::Allowed(_)
            | Inner::NoTool(_)
            | Inner::Told(..)
            | Inner::Exposed(_)
            | Inner::Taken
            | Inner::Unheard
            | Inner::Token => McpErrorKind::Misconfigured,
            Inner::Bind(..) | Inner::Streams(_) => McpErrorKind::Unavailable,
            Inner::Handshake(_) => McpErrorKind::Client,
        }
    }

    /// The stable code, for programs.
    pub fn code(&self) -> &'static str {
        match self.0 {
            Inner::Tools(_) => "mcp.tools",
            Inner::Unreadable(_) => "mcp.unreadable",
            Inner::Allowed(_) => "mcp.allow",
            Inner::NoTool(_) => "mcp.no_tool",
            Inner::Told(..) => "mcp.told",
            Inner::Exposed(_) => "mcp.exposed",
            Inner::Token => "mcp.token",
            Inner::Bind(..) => "mcp.bind",
            Inner::Taken | Inner::Streams(_) => "mcp.streams",
            Inner::Unheard => "mcp.logs",
            Inner::Handshake(_) => "mcp.handshake",
        }
    }
}

fn unknown(names: &[(String, Option<String>)]) -> String {
    let texts = names.iter().map(|(name, nearest)| match nearest {
        Some(near) => format!("no action is allowed by {name:?}; did you mean {near:?}?"),
        None => format!("no action is allowed by {name:?}; write a name, or part of one with `*`"),
    });
    texts.collect::<Vec<_>>().join("\n")
}
