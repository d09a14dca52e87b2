#![deny(warnings)]
//! A workflow that another macro writes.
mod shop;

use enact::prelude::*;
use shop::*;

macro_rules! takes {
    ($name:ident, $param:ident: $ty:ty, $action:ident, $value:expr) => {
        workflow! {
            /// Takes something.
            pub(crate) $name { $param: $ty } -> u32 {
                step price = $action { of: $value };
                branch if $param.price > 3 { stop price; }
                price + $param.price
            }
        }
    };
}

takes!(TakeOrder, order: Order, Price, 3);
takes!(TakeOther, order: Order, Price, 4);

fn main() {}
