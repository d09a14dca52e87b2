use enact::prelude::*;

#[signal]
enum OrderEvent {
    #[signal]
    Created,
    #[signal = "order.paid"]
    Paid,
    #[enact::signal(version = 1)]
    Moved,
}

fn main() {}
