mod shop;

use enact::prelude::*;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> String {
        wait paid = Stock where id == 3, shelf == "a", subject == "x";
        paid.shelf
    }
}

fn main() {}
