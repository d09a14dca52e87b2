//! A workflow inside of a function, with an action of that function.

use enact::prelude::*;

use crate::shop::*;

fn local(order: Order) -> u32 {
    /// Doubles.
    #[derive(Debug, Action)]
    #[action(effect = read)]
    struct Double {
        /// What.
        what: u32,
    }

    impl Run for Double {
        type Output = u32;
        async fn run(&self, _: &Context) -> Result<u32, Failure> {
            Ok(self.what * 2)
        }
    }

    workflow! {
        /// Takes an order.
        TakeOrder { order: Order } -> u32 {
            step price = Price { of: order.id };
            step double = Double { what: price };
            double
        }
    }

    let taken = TakeOrder::new(order);
    taken.order.price + TakeOrder::GRAPH.nodes.len() as u32
}

#[test]
fn it_does_what_it_says() {
    let _ = local(Order::new(1, 2, vec![], Tier::Premium));
}
