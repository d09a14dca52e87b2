use enact::prelude::*;

#[signal(type = "order.created", source = "the orders")]
struct OrderCreated {}

fn main() {}
