use enact::prelude::*;

workflow! {
    /// Takes an order.
    TakeOrder {} -> u32 {
        step price = Price { of: 3 };
        price
    }
    /// Takes another.
    TakeOther {} -> u32 {
        step price = Price { of: 3 };
        price
    }
}

fn main() {}
