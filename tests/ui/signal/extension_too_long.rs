use enact::prelude::*;

#[signal(type = "order.created", extensions(thenameofthewarehouse = "a"))]
struct OrderCreated {}

fn main() {}
