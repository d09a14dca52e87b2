//! A crate that takes every lint at its word.

#![forbid(unsafe_code)]
#![deny(missing_docs, missing_debug_implementations, unused, warnings)]
#![deny(rust_2018_idioms, unused_qualifications, unused_results)]
#![deny(
    trivial_casts,
    trivial_numeric_casts,
    single_use_lifetimes,
    unused_lifetimes
)]
#![deny(let_underscore_drop)]
#![deny(clippy::all, clippy::pedantic)]

/// What the cases are written with.
#[allow(
    clippy::must_use_candidate,
    reason = "these are not what the macro writes"
)]
#[path = "../../ui/workflow/shop/mod.rs"]
pub mod shop;

pub mod orders {
    //! Orders.

    use enact::prelude::*;

    use super::shop::*;

    workflow! {
        /// Takes an order.
        #[workflow(saga, deadline = "3h")]
        pub TakeOrder {
            /// The order.
            order: Order
        } -> u64 {
            step stock = Reserve { order: order.id };
            parallel {
                step price = Price { of: stock.id };
                label = { step label = Label { line: stock.shelf }; label };
            }
            branch total = match order.tier { Tier::Premium => price, Tier::Standard => price + 1 };
            parallel labels = for line in order.lines, max = 2 { step label = Label { line }; label };
            repeat tried = max 3 { step now = Now {}; now } until tried;
            pivot step charge = Charge { amount: total };
            wait approved = Approved where order == order.id, timeout "1h";
            emit Approved { order: approved.order, by: label } with subject(labels.join(" "));
            charge
        }
    }
}
