mod shop;

use enact::prelude::*;
use shop::*;

struct Token {
    id: u64,
}

workflow! {
    /// Takes an order.
    TakeOrder { token: Token } -> u32 {
        step price = Price { of: token.id };
        price
    }
}

fn main() {}
