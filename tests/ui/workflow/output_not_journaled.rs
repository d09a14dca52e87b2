mod shop;

use enact::prelude::*;
use shop::*;

/// Opens a file.
#[derive(Debug, Action)]
#[action(effect = read)]
struct Open {}

#[derive(Debug, Clone, serde::Serialize, enact::__private::schemars::JsonSchema)]
#[schemars(crate = "enact::__private::schemars")]
struct Handle {
    number: u32,
}

impl Run for Open {
    type Output = Handle;
    async fn run(&self, _: &Context) -> Result<Handle, Failure> {
        Ok(Handle { number: 3 })
    }
}

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step handle = Open {};
        handle.number
    }
}

fn main() {}
