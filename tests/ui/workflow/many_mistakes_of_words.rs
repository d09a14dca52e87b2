mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    #[workflow(dedline = "1h", version = 0)]
    TakeOrder { order: Order } -> u32 {
        stpe price = Price { of: order.id };
        step price = Price { of = order.id } wiht timeout("1 x");
        parallel {
            step a = Enter { amount: b };
            step b = Enter { amount: 3 };
        }
        parallel { step c = Price { of: 4 }; }
        pivot step d = Charge { amount: c? };
        stop c;
        step e = Enter { amount: entyr };
        e
    }
}

fn main() {}
