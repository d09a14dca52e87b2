//! One request through several services: a middleware of each bus gives a trace to what has none and notes a
//! span for each handling; causes hand the trace on, within a process and over HTTP.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use enact::bus::dispatch::Layers as _;
use enact::bus::dispatch::http::{Http, Mode};
use enact::bus::{self, Bus, Delivery, Middleware, Next, Subscriber};
use enact::context::Trace;
use enact::prelude::*;
use enact::signal::Envelope;
use enact_examples::{Outcome, Receiver, Request};
use tokio::sync::mpsc::channel;

/// Somebody wants to pay for what is in the cart.
#[signal(type = "checkout.requested", source = "/gateway")]
struct CheckoutRequested {
    cart: String,
}

/// There is an order.
#[signal(type = "order.created", source = "/orders")]
struct OrderCreated {
    cart: String,
}

/// It is paid.
#[signal(type = "payment.charged", source = "/payments")]
struct Charged;

/// What somebody did with a signal.
#[derive(Debug)]
struct Span {
    service: &'static str,
    handler: String,
    outcome: String,
}

/// The spans of all services, by their traces: what a collector of traces has.
#[derive(Debug, Clone, Default)]
struct Spans(Arc<Mutex<BTreeMap<u128, Vec<Span>>>>);

impl Spans {
    fn traces(&self) -> MutexGuard<'_, BTreeMap<u128, Vec<Span>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn draw(&self) -> Outcome<String> {
        let mut told = Vec::new();
        for spans in self.traces().values() {
            let mut trace = String::new();
            writeln!(trace, "  a trace of {} spans", spans.len())?;
            for span in spans {
                let Span {
                    service,
                    handler,
                    outcome,
                } = span;
                writeln!(trace, "    {service} {handler}: {outcome}")?;
            }
            told.push(trace);
        }
        // Their ids come by chance.
        told.sort();
        Ok(told.concat())
    }
}

/// The middleware of a service's bus.
struct Tracing {
    service: &'static str,
    spans: Spans,
}

impl Middleware for Tracing {
    fn before_publish(&self, signal: &Envelope) -> Next {
        match signal.trace() {
            Some(_) => Next::Continue,
            None => match signal.to_builder().trace(Trace::root()).build() {
                Ok(traced) => Next::With(traced),
                Err(error) => Next::Halt(error.to_string().into()),
            },
        }
    }

    fn after_dispatch(&self, to: &Subscriber, signal: &Delivery, outcome: &bus::Outcome) -> Next {
        if let Some(trace) = signal.trace() {
            let span = Span {
                service: self.service,
                handler: to.name().to_owned(),
                outcome: format!("{outcome:?}"),
            };
            let mut traces = self.spans.traces();
            traces.entry(trace.trace_id()).or_default().push(span);
        }
        Next::Continue
    }
}

fn service(service: &'static str, spans: &Spans) -> Bus {
    let spans = spans.clone();
    Bus::builder()
        .middleware(Tracing { service, spans })
        .build()
}

async fn order(bus: Bus, checkout: Envelope) -> Outcome<()> {
    let CheckoutRequested { cart } = checkout.open()?;
    bus.publish(OrderCreated { cart }.caused_by(&checkout))
        .await?;
    Ok(())
}

async fn charge(bus: Bus, order: Envelope) -> Outcome<()> {
    let OrderCreated { cart } = order.open()?;
    if cart.is_empty() {
        return Err("nothing is to be paid for an empty cart".into());
    }
    bus.publish(Charged.caused_by(&order)).await?;
    Ok(())
}

pub(crate) async fn tell() -> Outcome<String> {
    let spans = Spans::default();
    let (shop, bank) = (service("shop", &spans), service("bank", &spans));

    // The bank is another process: what comes to it by HTTP is published on its own bus.
    let (arrived, mut arriving) = channel(64);
    let door = move |request: &Request| {
        let Ok(mut signals) = request.signals() else {
            return 400;
        };
        let all = signals
            .drain(..)
            .all(|signal| arrived.try_send(signal).is_ok());
        if all { 202 } else { 503 }
    };
    let door = Receiver::open(door).await?;
    let to_bank = Http::new("bank", &door.url("/events"), Mode::Binary, door.options())?;

    let (one, other) = (shop.clone(), bank.clone());
    let ordering = shop.subscribe(pattern!("checkout.*")).named("order");
    let ordering = ordering.handle(move |checkout| order(one.clone(), checkout.into_envelope()));
    let sending = shop.subscribe(pattern!("order.created")).named("send");
    let sending = sending.to(to_bank.sink());
    let charging = bank.subscribe(pattern!("order.created")).named("charge");
    let charging = charging.handle(move |order| charge(other.clone(), order.into_envelope()));
    let mut charged = bank
        .subscribe(pattern!("payment.*"))
        .named("receipts")
        .open();

    for cart in ["tea, cups", ""] {
        let cart = cart.to_owned();
        shop.publish(CheckoutRequested { cart }).await?;
    }
    ordering.finish().await;
    sending.finish().await;
    drop(door);
    while let Some(signal) = arriving.recv().await {
        bank.publish(signal).await?;
    }
    charging.finish().await;
    bank.close();
    while charged.next().await.is_some() {}
    // The last of what was taken is over when the next is asked for.
    drop(charged);

    spans.draw()
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn each_request_is_one_trace_through_all_services() {
        let told = super::tell().await.unwrap();
        assert_eq!(told.matches("trace").count(), 2, "{told}");
        let paid = "4 spans\n    shop order: Handled\n    shop send: Handled\n    bank charge: Handled\n    bank receipts: Taken\n";
        assert!(told.contains(paid), "{told}");
        let failed = "bank charge: Failed(\"nothing is to be paid for an empty cart\")\n";
        assert!(told.contains(failed), "{told}");
    }
}
