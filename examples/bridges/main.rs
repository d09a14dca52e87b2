//! Bridges between signals and systems that know nothing of them: `cargo run --example bridges`.
//!
//! - `hooks` and `webhooks`: what providers post is checked and becomes signals; what partners are to know
//!   is posted to them, signed and under their own names;
//! - `queues`: signals go through a message broker and come out of it, and by mail through an adapter of
//!   the program's own;
//! - `changes`: what changes in a database becomes signals, in the same transaction.

#![expect(clippy::print_stdout, reason = "it tells a story")]

mod changes;
mod hooks;
mod queues;
mod webhooks;

use enact_examples::Outcome;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    println!("webhooks come:\n{}", hooks::tell().await?);
    println!("webhooks go:\n{}", webhooks::tell().await?);
    println!("messages and mail:\n{}", queues::tell().await?);
    println!("a database changes:\n{}", changes::tell().await?);
    Ok(())
}
