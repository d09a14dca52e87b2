use enact::prelude::*;

workflow! {
    /// Takes an order.
    TakeOrder<'a> { order: &'a str } -> &'a str {
        step price = Price { of: order.id };
        price
    }
}

fn main() {}
