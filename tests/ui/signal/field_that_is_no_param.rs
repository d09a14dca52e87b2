use enact::prelude::*;

#[derive(Clone)]
struct Money(u64);

#[signal(type = "order.created")]
struct OrderCreated {
    total: Money,
}

fn main() {}
