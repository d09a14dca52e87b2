use enact::prelude::*;

#[signal(type = "order.created", version = "1.0.0")]
struct OrderCreated {}

fn main() {}
