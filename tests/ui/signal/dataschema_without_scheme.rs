use enact::prelude::*;

#[signal(type = "order.created", dataschema = "/schemas/order.json")]
struct OrderCreated {}

fn main() {}
