use enact::prelude::*;

#[signal(type = "order.created", extensions = "eu")]
struct OrderCreated {}

fn main() {}
