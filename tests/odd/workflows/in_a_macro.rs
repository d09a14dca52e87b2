//! A workflow that another macro writes.

use enact::prelude::*;

use crate::shop::*;

macro_rules! takes {
    ($name:ident, $param:ident, $action:ident, $value:expr) => {
        workflow! {
            /// Takes something.
            pub(crate) $name { $param: Order } -> u32 {
                step price = $action { of: $value };
                branch if $param.price > 3 { stop price; }
                price + $param.price
            }
        }
    };
}

takes!(TakeOrder, order, Price, 3);
takes!(TakeOther, order, Price, 4);
