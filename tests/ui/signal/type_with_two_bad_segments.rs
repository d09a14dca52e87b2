use enact::prelude::*;

#[signal(type = "or der.created.*")]
struct OrderCreated {}

fn main() {}
