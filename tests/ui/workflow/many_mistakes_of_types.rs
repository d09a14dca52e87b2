mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    #[workflow(deadline = "1h")]
    TakeOrder { order: Order } -> u32 {
        step price = Price { of: "one" };
        step prize = Prize { of: order.id };
        step entry = Enter { amount: 3, many: 4 };
        step Send {} with retry(times = 3);
        step rate = Rate { percent: 150, ..Rate::new(1) };
        step Label { line: "x".to_owned() };
        step slow = Slow {};
        format!("{price}{prize}{entry}{rate}{slow}")
    }
}

fn main() {}
