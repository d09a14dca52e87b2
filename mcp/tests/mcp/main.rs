//! The server as clients meet it, over lines of JSON and over HTTP.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what fails in a test stops it"
)]

extern crate enact_workflow as enact;

mod bounds;
mod calling;
mod confirming;
mod held;
mod http;
mod listing;
mod logging;
mod once;
mod outputs;
mod sessions;
mod tracing;
mod world;
