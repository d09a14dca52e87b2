mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        branch match order.tier {
            Tier::Premium => { step entry = Enter { amount: 1 }; }
            Tier::Standard => { step entry = Enter { amount: 2 }; }
        }
        3
    }
}

fn main() {}
