use enact::prelude::*;

#[signal(type = "order.created")]
struct OrderCreated<T> {
    of: T,
}

fn main() {}
