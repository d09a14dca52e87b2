use enact::prelude::*;

#[signal(type = "order.created", extensions(weight = 1.5, level = 3_000_000_000, big = "a\n"))]
struct OrderCreated {}

fn main() {}
