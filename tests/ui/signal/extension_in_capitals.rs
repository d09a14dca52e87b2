use enact::prelude::*;

#[signal(type = "order.created", extensions(Region = "eu", tenant_id = 3))]
struct OrderCreated {}

fn main() {}
