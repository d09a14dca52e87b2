use enact::prelude::*;

#[signal(typ = "order.created", verison = 1)]
struct OrderCreated {}

fn main() {}
