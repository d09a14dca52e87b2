use enact::prelude::*;

#[signal(type = "order.created", type = "order.made")]
struct OrderCreated {}

fn main() {}
