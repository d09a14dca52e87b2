use enact::prelude::*;

#[derive(Clone)]
struct Order {}

#[signal]
enum OrderEvent {
    Created(Order),
}

fn main() {}
