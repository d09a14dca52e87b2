//! What publishing costs: a typed signal to one subscriber in memory, aim, over 1,000,000 a second.

use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use enact::bus::{Bus, Overflow};
use enact::prelude::*;
use enact::signal::{Seal, pattern};
use enact_benches::{Candidate, compare};

/// Somebody has ordered something.
#[signal(type = "order.created", source = "/orders", version = 1)]
struct OrderCreated {
    order: u64,
    cents: u64,
}

const ORDER: OrderCreated = OrderCreated {
    order: 1042,
    cents: 1999,
};

fn main() {
    let [typed, plain, busy] = [Bus::new(), Bus::new(), Bus::new()];
    let mut created = typed.subscribe(pattern!("order.**")).open();
    let mut subscription = plain.subscribe(pattern!("order.**")).open();
    let mut orders = busy.subscribe(pattern!("order.**")).open();
    let _others = ["a", "b", "c", "d"].map(|end| {
        let pattern = enact::signal::Pattern::new(format!("stock.{end}"));
        let pattern = pattern.expect("the pattern is one");
        busy.subscribe(pattern).queue(16, Overflow::Wait).open()
    });
    let sealed = ORDER.seal().expect("the order is well");
    let (sender, mut receiver) = tokio::sync::broadcast::channel(16);
    compare(
        "one signal published and taken",
        vec![
            Candidate::new("a typed signal", || {
                black_box(now(typed.publish(ORDER)).is_some_and(|published| published.is_ok()));
                black_box(now(created.next()));
            }),
            Candidate::new("an envelope", || {
                black_box(
                    now(plain.publish(sealed.clone())).is_some_and(|published| published.is_ok()),
                );
                black_box(now(subscription.next()));
            }),
            Candidate::new("an envelope, with four other subscribers", || {
                black_box(
                    now(busy.publish(sealed.clone())).is_some_and(|published| published.is_ok()),
                );
                black_box(now(orders.next()));
            }),
            Candidate::new("sealing alone", || {
                black_box(ORDER.seal().is_ok());
            }),
            Candidate::new("an envelope through tokio's broadcast", || {
                black_box(sender.send(sealed.clone()).is_ok());
                black_box(receiver.try_recv().is_ok());
            }),
        ],
    );
}

/// The answer of a future that has it at once.
fn now<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => Some(answer),
        Poll::Pending => None,
    }
}
