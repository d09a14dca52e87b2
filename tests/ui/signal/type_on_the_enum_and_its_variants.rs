use enact::prelude::*;

#[signal(type = "order.event")]
enum OrderEvent {
    #[signal(type = "order.created")]
    Created { id: String },
}

fn main() {}
