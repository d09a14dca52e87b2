//! Dispatch: targets within the process, and adapters against real servers.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::format_push_string,
    clippy::print_stderr,
    reason = "a test that panics says what is wrong"
)]

#[cfg(feature = "amqp")]
mod amqp;
#[cfg(any(
    feature = "amqp",
    feature = "kafka",
    feature = "mqtt",
    feature = "nats",
    feature = "outbox-postgres",
    feature = "redis"
))]
mod brokers;
#[cfg(feature = "http")]
mod http;
#[cfg(feature = "http")]
mod https;
#[cfg(feature = "kafka")]
mod kafka;
mod local;
#[cfg(feature = "mqtt")]
mod mqtt;
#[cfg(feature = "nats")]
mod nats;
#[cfg(feature = "outbox")]
mod outbox;
#[cfg(feature = "outbox-postgres")]
mod outbox_postgres;
mod outlet;
#[cfg(feature = "http")]
mod receiver;
#[cfg(feature = "redis")]
mod redis;
#[cfg(all(feature = "amqp", feature = "mqtt", feature = "redis", feature = "tls"))]
mod tls;
#[cfg(feature = "webhook")]
mod webhook;
mod world;
