//! Processes that go over several services and some time: `cargo run --example processes`.
//!
//! - `fulfilment`: a process asks one service after the other, by events, and waits for their answers;
//! - `states`: an order is in one state at a time, and no event brings it where it can't go;
//! - `trips`: a booking of several parts is booked as a whole, or taken back, part by part.

#![expect(clippy::print_stdout, reason = "it tells a story")]

mod fulfilment;
mod states;
mod trips;

use enact_examples::Outcome;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    println!("a process asks services:\n{}", fulfilment::tell().await?);
    println!("an order goes through states:\n{}", states::tell().await?);
    println!("trips are booked or taken back:\n{}", trips::tell().await?);
    Ok(())
}
