use enact::prelude::*;

#[signal(type = "order.created", extensions(subject = "1042"))]
struct OrderCreated {}

fn main() {}
