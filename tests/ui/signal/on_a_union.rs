use enact::prelude::*;

#[signal(type = "order.created")]
union OrderCreated {
    id: u64,
    number: u64,
}

fn main() {}
