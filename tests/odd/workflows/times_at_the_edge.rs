//! Times that just fit into the deadline, and one that is computed.

use enact::prelude::*;

use crate::shop::*;

workflow! {
    /// Takes an order.
    #[workflow(deadline = "1h")]
    pub(crate) TakeOrder { order: Order } -> u32 {
        step price = Price { of: order.id } with timeout("1h");
        step other = Price { of: 3 } with timeout("14m"), retry(times = 3, backoff = "1s"..="30m");
        sleep "1h";
        sleep std::time::Duration::from_millis(u64::from(price + other));
        wait approved = Approved where order == order.id, by == "ada", timeout "1h";
        approved.order as u32
    }
}
