//! Who is on the other side, and what they may have.

use std::fmt;
use std::net::SocketAddr;

use enact_action_core::Context;
use hyper::HeaderMap;

use crate::allow::Allow;

/// What the transport knows of whoever sends a request over HTTP.
#[derive(Debug)]
pub struct Session<'a> {
    headers: &'a HeaderMap,
    address: SocketAddr,
}

impl<'a> Session<'a> {
    pub(crate) fn new(headers: &'a HeaderMap, address: SocketAddr) -> Self {
        Self { headers, address }
    }

    /// The value of a header, where it has one that is text.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The bearer token, where there is one.
    pub fn bearer(&self) -> Option<&'a str> {
        let (scheme, token) = self.header("authorization")?.split_once(' ')?;
        scheme
            .eq_ignore_ascii_case("bearer")
            .then(|| token.trim_start())
    }

    /// Where the request came from.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

/// What a client gets: a context with its tenant and resources, and the tools it may call.
///
/// ```
/// use enact_action_core::Context;
/// use enact_mcp::{Allow, Grant};
///
/// let grant = Grant::new(Context::new().of_tenant("acme")).allow(Allow::only(["get_*"]));
/// ```
#[derive(Debug, Clone)]
pub struct Grant {
    pub(crate) context: Context,
    pub(crate) allow: Allow,
}

impl Grant {
    /// All tools, run in that context.
    pub fn new(context: Context) -> Self {
        Self {
            context,
            allow: Allow::all(),
        }
    }

    /// Only these tools.
    #[must_use]
    pub fn allow(self, allow: Allow) -> Self {
        Self { allow, ..self }
    }
}

/// Why a request is turned away: 403, with this text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied(String);

impl Denied {
    /// Turned away for that reason, which the client is told.
    pub fn because(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Denied {}
