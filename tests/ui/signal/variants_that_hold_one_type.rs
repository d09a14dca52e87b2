use enact::prelude::*;

#[signal(type = "order.paid")]
struct OrderPaid {}

#[signal(type = "order.moved", version = 1)]
struct OrderMoved {}

#[signal]
enum OrderEvent {
    Paid(OrderPaid),
    PaidAgain(OrderPaid),
    Moved(OrderMoved),
    #[signal(type = "order.moved")]
    MovedAgain,
}

fn main() {}
