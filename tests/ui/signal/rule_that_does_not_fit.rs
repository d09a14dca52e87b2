use enact::prelude::*;

#[signal(type = "order.created")]
struct OrderCreated {
    #[param(min = 1)]
    id: String,
}

fn main() {}
