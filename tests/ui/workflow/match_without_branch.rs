mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step price = Price { of: order.id };
        match order.tier {
            Tier::Premium => { step Enter { amount: price }; }
            Tier::Standard => {}
        }
        price
    }
}

fn main() {}
