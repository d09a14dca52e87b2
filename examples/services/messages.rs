//! Services that tell each other: the order service says that there is an order, and whoever has to do
//! with it hears of it, each in its own way and its own time.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use enact::bus::Bus;
use enact::bus::dispatch::http::{Http, Mode};
use enact::bus::dispatch::{Backoff, Layers as _};
use enact::prelude::*;
use enact_examples::{Outcome, Receiver, Request};

/// Somebody has ordered something.
#[signal(type = "order.created", source = "/order-service", version = 1)]
struct OrderCreated {
    order_id: String,
    #[param(min = 1)]
    cents: u64,
}

/// An order is not wanted any more.
#[signal(type = "order.cancelled", source = "/order-service")]
struct OrderCancelled {
    order_id: String,
}

pub(crate) async fn tell() -> Outcome<String> {
    // The inventory is being restarted when the first order comes.
    let tries = AtomicU32::new(0);
    let restarting = move |_: &Request| match tries.fetch_add(1, Ordering::Relaxed) {
        0 => 503,
        _ => 204,
    };
    let inventory = Receiver::open(restarting).await?;
    let payments = Receiver::open(|_: &Request| 204).await?;

    let bus = Bus::new();
    let backoff = Backoff {
        first: Duration::from_millis(1),
        ..Backoff::default()
    };
    let url = inventory.url("/events");
    let to_inventory = Http::new("inventory", &url, Mode::Binary, inventory.options())?;
    let to_inventory = bus
        .subscribe(pattern!("order.*"))
        .named("inventory")
        .to(to_inventory.retrying(backoff).sink());
    let url = payments.url("/events");
    let to_payments = Http::new("payments", &url, Mode::Structured, payments.options())?;
    let to_payments = bus
        .subscribe(pattern!("order.created"))
        .named("payments")
        .to(to_payments.retrying(backoff).sink());
    let mut here = bus.subscribe(pattern!("order.**")).open();

    let order = |order_id: &str, cents| {
        let order_id = order_id.to_owned();
        OrderCreated { order_id, cents }
    };
    bus.publish(order("12345", 1999).subject("12345")).await?;
    let order_id = "12345".to_owned();
    bus.publish(OrderCancelled { order_id }.subject("12345"))
        .await?;
    // What breaks its own rules goes to nobody.
    let refused = bus.publish(order("12346", 0)).await.is_err();
    bus.close();
    let (inventory_told, payments_told) = (to_inventory.finish().await, to_payments.finish().await);

    let mut told = String::new();
    for (name, figures, receiver) in [
        ("inventory", inventory_told, &inventory),
        ("payments", payments_told, &payments),
    ] {
        let signals = receiver.signals("/events")?;
        let (requests, handled) = (signals.len(), figures.handled);
        writeln!(told, "  {name}: {handled} signals in {requests} requests")?;
        for signal in signals {
            let subject = signal.subject().unwrap_or_default();
            writeln!(told, "    {} of {subject}", signal.ty())?;
        }
    }
    let mut heard = 0;
    while here.next().await.is_some() {
        heard += 1;
    }
    writeln!(told, "  within the process: {heard} signals")?;
    writeln!(told, "  an order for nothing was refused: {refused}")?;
    Ok(told)
}

#[cfg(test)]
mod tests {
    use enact_examples::assert_tells;

    #[tokio::test]
    async fn each_service_hears_what_concerns_it_and_one_that_was_out_hears_later() {
        let told = super::tell().await.unwrap();
        let facts = [
            "inventory: 2 signals in 3 requests\n    order.created of 12345\n    order.created of 12345\n    order.cancelled of 12345",
            "payments: 1 signals in 1 requests\n    order.created of 12345",
            "within the process: 2 signals",
            "an order for nothing was refused: true",
        ];
        assert_tells(&told, &facts);
    }
}
