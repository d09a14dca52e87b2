mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        branch total = match order.tier {
            Tier::Premium => { step price = Price { of: order.id }; price }
            Tier::Standard => "three",
        };
        total
    }
}

fn main() {}
