use enact::prelude::*;

#[signal(type = "order.created", extensions(region = "eu", region = "us"))]
struct OrderCreated {}

fn main() {}
