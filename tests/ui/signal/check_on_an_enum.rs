use enact::prelude::*;

#[signal(check = fits)]
enum OrderEvent {
    Created(OrderCreated),
}

#[signal(type = "order.created")]
struct OrderCreated {}

fn fits(_: &OrderEvent) -> Result<(), &'static str> {
    Ok(())
}

fn main() {}
