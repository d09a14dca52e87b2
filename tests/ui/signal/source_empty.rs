use enact::prelude::*;

#[signal(type = "order.created", source = "")]
struct OrderCreated {}

fn main() {}
