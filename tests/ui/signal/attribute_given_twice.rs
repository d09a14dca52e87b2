use enact::prelude::*;

#[signal(type = "order.created")]
#[signal(version = 1)]
struct OrderCreated {}

fn main() {}
