mod shop;

use enact::prelude::*;
use shop::*;

/// No action.
#[derive(Params)]
struct Fetch {
    /// What.
    what: u64,
}

workflow! {
    /// Takes an order.
    #[workflow(saga, deadline = "1h")]
    TakeOrder { order: Order } -> u32 {
        parallel {
            step fetched = Fetch { what: 3 } with timeout("1s"), retry(times = 2);
            step entry = Enter { amount: 3 };
        }
        step saved = Save { text: format!("{fetched}{entry}") };
        3
    }
}

fn main() {}
