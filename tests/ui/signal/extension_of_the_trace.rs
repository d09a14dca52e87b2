use enact::prelude::*;

#[signal(type = "order.created", extensions(traceparent = "00", region = "eu"))]
struct OrderCreated {}

fn main() {}
