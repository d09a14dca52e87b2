//! A server of the [Model Context Protocol](https://modelcontextprotocol.io) over the actions of a program.
//!
//! Every action and every workflow of a [`Registry`](enact_action_core::Registry) is a tool, described by the schema that its params
//! are read by. An application that embeds the command line has the server as its verb `mcp`; this crate is for those that
//! serve from a program of their own, with an allow-list, a tenant and resources for each client.
//!
//! ```
//! # extern crate enact_action_core as enact;
//! # use enact::prelude::*;
//! use enact_mcp::Server;
//!
//! /// Adds two numbers.
//! #[derive(Action)]
//! #[action(effect = read)]
//! struct Add {
//!     /// The first.
//!     a: i32,
//!     /// The second.
//!     b: i32,
//! }
//!
//! impl Run for Add {
//!     type Output = i32;
//!     async fn run(&self, _cx: &Context) -> Result<i32, Failure> {
//!         Ok(self.a + self.b)
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = Server::builder("sums", &Registry::open()?).build()?;
//! // A client that says nothing and goes: the end of what it writes is the end of serving.
//! server.serve(tokio::io::empty(), tokio::io::sink()).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # What a client gets
//!
//! | of a call came | the answer |
//! | --- | --- |
//! | an output | as text; an object also as `structuredContent`, which the tool's `outputSchema` describes |
//! | an output that its own `outputSchema` does not describe | `isError`, with what is wrong and the output as text: a defect of the program, found in tests with `testing::assert_described` |
//! | params that break rules | `isError`, with every violation as a model reads it; nothing ran |
//! | a failure, a panic, a timeout | `isError`, with a stable code and what to do next; for programs the failure is in `_meta` under [`FAILURE`] |
//! | an action marked `confirm`, and no approval | nothing ran: the client's user is asked, or the answer has a token, see below |
//! | the name of no tool, or of one that is not allowed; no name, or arguments that are no object | a protocol error, -32602 |
//!
//! Progress is told where the client gave a `progressToken`, and what an action logs where the program has [`Logs`] and the
//! client asked for it; `notifications/cancelled` cancels the action's context. What a
//! call may take, how many run at once and how long messages are is bounded by [`Limits`].
//!
//! # Calls that need approval
//!
//! A call of an action marked `confirm`, or of a workflow with such a step, is decided by the server's
//! [policy](Builder::approve) first. Where that leaves it open, a client that has declared `elicitation` is asked to ask its user, who
//! sees what the call would do. One that has not is answered with `isError`, with that in the text and in `_meta` under [`PREVIEW`], and
//! with a token there under [`CONFIRM`]. It stands for the approval of whoever runs the client: the very same call with the token in its
//! own `_meta` runs, once, from the same session and within [`Limits::approval`]. A model that could read the token could approve
//! itself, so it is not in the text.
//!
//! # The same call twice
//!
//! A client that can't tell whether its call was heard sends it again with the same key in `_meta`, under [`IDEMPOTENCY_KEY`].
//! The action then runs once; who asks while it runs or after gets the same answer. A key is that of its tenant, or without
//! one of its `Authorization`: with another, the same key is another call's. Within [`Limits`]: answers are forgotten after a
//! time, and the oldest go first where there are many. What may be tried again (a timeout, a cancellation, a retryable
//! failure, params that break rules) is not kept. The protocol itself has no such key.

mod allow;
mod answer;
mod call;
mod confirm;
mod error;
mod handler;
mod held;
mod http;
mod limits;
mod logs;
mod news;
mod once;
mod server;
mod session;
mod stdio;
mod told;
mod tools;

pub use self::allow::Allow;
pub use self::error::{McpError, McpErrorKind};
pub use self::http::{Bound, Http};
pub use self::limits::Limits;
pub use self::logs::Logs;
pub use self::server::{Builder, Server};
pub use self::session::{Denied, Grant, Session};
pub use self::stdio::Stdio;

/// Where in a call's `_meta` its idempotency key is: text of 1 to 255 bytes.
pub const IDEMPOTENCY_KEY: &str = "enact/idempotencyKey";

/// Where in the `_meta` of an `isError` answer the failure is, as programs read it.
pub const FAILURE: &str = "enact/failure";

/// Where the token is that approves of a call: in the `_meta` of an answer that wants approval, and in that of the call sent
/// again. It is for the client's program, which asks its user; the model is not shown it.
pub const CONFIRM: &str = "enact/confirm";

/// Where in the `_meta` of an answer that wants approval is what the call would do, as programs read it.
pub const PREVIEW: &str = "enact/preview";

/// The target of the log's lines.
const TARGET: &str = "enact::mcp";
