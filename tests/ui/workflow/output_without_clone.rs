mod shop;

use enact::prelude::*;
use shop::*;

/// Opens a file.
#[derive(Debug, Action)]
#[action(effect = read)]
struct Open {}

/// What is open.
#[derive(Debug, Params)]
struct Handle {
    /// Its number.
    number: u32,
}

impl Run for Open {
    type Output = Handle;
    async fn run(&self, _: &Context) -> Result<Handle, Failure> {
        Ok(Handle { number: 3 })
    }
}

/// Keeps it.
#[derive(Debug, Action)]
#[action(effect = read)]
struct Keep {
    /// What.
    handle: Handle,
}

impl Run for Keep {
    type Output = u32;
    async fn run(&self, _: &Context) -> Result<u32, Failure> {
        Ok(self.handle.number)
    }
}

workflow! {
    /// Takes an order.
    TakeOrder { order: Order } -> u32 {
        step opened = Open {};
        step kept = Keep { handle: opened };
        kept
    }
}

fn main() {}
