mod shop;

use enact::prelude::*;
use enact::workflow::engine::Engine;
use shop::*;

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step price = Price { of: order.id } with retry(3);
        price
    }
}

workflow! {
    /// Takes two.
    TakeTwo { one: Order, two: Order } -> u32 {
        step first = TakeOrder { order: one };
        step second = TakeOrder { order: two };
        first + second
    }
}

async fn start(engine: &Engine, order: Order) {
    let _ = TakeOrder::GRAPH.nodes.len();
    let run = engine.start("order-1", TakeOrder { order }).await;
    let _: Result<u32, _> = run.unwrap().answer().await;
}

fn main() {}
