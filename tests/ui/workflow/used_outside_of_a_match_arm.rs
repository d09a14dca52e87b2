mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u64 {
        branch match order.tier {
            Tier::Premium => { step entry = Enter { amount: 3 }; }
            Tier::Standard => {}
        }
        entry
    }
}

fn main() {}
