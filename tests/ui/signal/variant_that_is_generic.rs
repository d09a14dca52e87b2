use enact::prelude::*;

#[signal]
enum OrderEvent<T> {
    #[signal(type = "order.created")]
    Created(T),
}

fn main() {}
