//! A router says who is meant by a signal, and in which order.

use std::collections::BTreeMap;

use enact::bus::{Buffer, Router, priority};
use enact::signal::{Envelope, pattern};

use crate::kinds::{OrderCreated, Temperature};

fn router() -> Router<&'static str> {
    let mut router = Router::new();
    router
        .on(pattern!("**"), priority(-100), "archive")
        .on(pattern!("device.**"), priority(0), "telemetry")
        .on(pattern!("device.*.opened"), priority(0), "guard")
        .on(pattern!("order.**"), priority(90), "audit")
        .on_signal::<OrderCreated>("billing")
        .on_signal::<Temperature>("alarm")
        .when(|measured: &Temperature| measured.celsius > 80.0)
        .at(priority(100));
    router
}

/// Routes all, and says how many each handler was given.
pub(crate) fn show(signals: &[Envelope]) {
    let (router, mut buffer) = (router(), Buffer::new());
    let mut given: BTreeMap<&str, u32> = BTreeMap::new();
    for signal in signals {
        for matched in &router.route(signal, &mut buffer) {
            *given.entry(matched.handler()).or_default() += 1;
        }
    }
    println!("routed {} signals:", signals.len());
    for (handler, count) in given {
        println!("  {handler:<10} {count:>4}");
    }
}
