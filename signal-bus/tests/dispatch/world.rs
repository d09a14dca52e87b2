//! What the tests share: signals, and whether a server is there.

use enact_signal_core::Envelope;
use serde_json::json;

/// A signal with a subject, an extension and data.
pub(crate) fn signal(id: &str) -> Envelope {
    let builder = Envelope::builder("order.paid", "/payments").id(id);
    let builder = builder.subject("Euro €").extension("region", "eu");
    let builder = builder.datacontenttype("application/json");
    let builder = builder.time("2026-01-31T09:30:00Z".parse().unwrap());
    builder.json(&json!({ "cents": 1999 })).build().unwrap()
}

/// The signal that a structured body carries.
#[cfg(any(
    feature = "amqp",
    feature = "http",
    feature = "kafka",
    feature = "mqtt",
    feature = "nats",
    feature = "redis"
))]
pub(crate) fn read(body: &[u8]) -> Envelope {
    enact_signal_core::json::read(body, &enact_signal_core::Limits::default()).unwrap()
}
