//! Services that know each other by events alone: `cargo run --example services`.
//!
//! - `messages`: one service tells others, over HTTP and within the process; one of them is out at first;
//! - `ledger`: an account is what happened to it, read again from a log with the causes of it all;
//! - `transfers`: commands are checked and become events, and what is asked is answered by a view of them.

#![expect(clippy::print_stdout, reason = "it tells a story")]

mod ledger;
mod messages;
mod transfers;

use enact_examples::Outcome;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    println!("services talk:\n{}", messages::tell().await?);
    println!("an account is its events:\n{}", ledger::tell().await?);
    println!("commands and views:\n{}", transfers::tell().await?);
    Ok(())
}
