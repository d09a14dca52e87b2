use enact::prelude::*;

workflow! {
    /// Takes an order.
    TakeOrder<T> { order: T } -> T {
        step price = Price { of: order.id };
        price
    }
}

fn main() {}
