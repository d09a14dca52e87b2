use enact::prelude::*;

#[signal(source = "/orders")]
enum OrderEvent {
    #[signal(type = "order created")]
    Created { id: String },
}

fn main() {}
