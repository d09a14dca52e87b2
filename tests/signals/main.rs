//! Signals as types, their envelopes, and CloudEvents on the wire.

#![expect(clippy::panic, reason = "a test that can't go on stops")]

mod causes;
mod envelopes;
mod http;
mod json;
mod limits;
mod round_trips;
mod types;

use enact::prelude::*;
use enact::signal::{Envelope, Limits};

/// Somebody has ordered something.
#[signal(type = "order.created", source = "/orders", version = 2)]
#[derive(Debug, PartialEq)]
struct OrderCreated {
    #[param(len = 1..=20)]
    order_id: String,
    #[param(min = 1)]
    cents: u64,
    #[param(default)]
    coupons: Vec<String>,
}

fn order() -> OrderCreated {
    OrderCreated {
        order_id: "1042".into(),
        cents: 1999,
        coupons: vec!["SPRING".into()],
    }
}

/// What is read from JSON with the limits that stand where nobody says others.
fn read(json: &str) -> Result<Envelope, enact::signal::SignalError> {
    enact::signal::json::read(json.as_bytes(), &Limits::default())
}

fn written(envelope: &Envelope) -> String {
    let json = enact::signal::json::write(envelope, &Limits::default());
    String::from_utf8(json.expect("it is written")).expect("JSON is UTF-8")
}
