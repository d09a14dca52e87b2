use enact::prelude::*;

#[signal(source = "/orders")]
struct OrderCreated {
    id: String,
}

fn main() {}
