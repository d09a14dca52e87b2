use enact::prelude::*;

#[signal(type = "order.paid")]
struct OrderPaid {}

#[signal(type = "order.shipped")]
struct OrderShipped {}

fn ship(paid: &OrderPaid) {
    let _ = OrderShipped {}.caused_by(paid);
}

fn main() {}
