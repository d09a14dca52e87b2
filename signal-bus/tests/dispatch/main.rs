//! Dispatch: targets within the process, and adapters against real servers.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::format_push_string,
    reason = "a test that panics says what is wrong"
)]

#[cfg(feature = "http")]
mod http;
mod local;
#[cfg(feature = "http")]
mod receiver;
#[cfg(feature = "webhook")]
mod webhook;
mod world;
