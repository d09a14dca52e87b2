//! Rules, docs and derives of params; a workflow that only its parent sees; all keys.

mod inner {
    use enact::prelude::*;

    use crate::shop::*;

    workflow! {
        /// Takes an order.
        ///
        /// And more words.
        #[derive(Clone, Debug, PartialEq)]
        #[workflow(version = 3, name = "take-order", title = "Take it", category = "shop", tags("a", "b"), deadline = "3h", crate = ::enact)]
        pub(super) TakeOrder {
            /// How much.
            #[param(min = 1, max = 9, default = 3)]
            percent: i32,
            /// To whom.
            #[param(len = 1..=80)]
            to: String,
            order: Option<Order>,
        } -> u64 {
            step rate = Rate { percent, ..Rate::new(1) };
            step saved = Save { text: to } with timeout("1h"), retry(times = 1);
            branch id = match order { Some(order) => order.id, None => 0 };
            saved + u64::from(rate) + id
        }
    }
}

#[test]
fn it_does_what_it_says() {
    let taken = inner::TakeOrder::new("ada");
    assert_eq!(taken.clone(), taken);
    assert_eq!(taken.percent, 3);
    assert!(taken.order.is_none());
}
