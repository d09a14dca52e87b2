use enact::prelude::*;

#[signal(type = order.created)]
struct OrderCreated {}

fn main() {}
