use enact::prelude::*;

#[derive(Params)]
struct Money {
    /// How many cents.
    cents: u64,
}

#[signal(type = "order.created")]
struct OrderCreated {
    total: Money,
}

fn main() {}
