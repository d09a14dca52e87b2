//! Watching systems at work: `cargo run --example watching`.
//!
//! - `spans`: one request is followed through several services, however it travels between them;
//! - `metrics`: a machine and a business are measured, and the figures go where they are looked at;
//! - `errors`: errors are counted by where they come from, and people are told of what matters;
//! - `health`: services are asked how they are, on a schedule, and those that are not well are told of.

#![expect(clippy::print_stdout, reason = "it tells a story")]

mod errors;
mod health;
mod metrics;
mod spans;

use enact_examples::Outcome;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    println!("requests are followed:\n{}", spans::tell().await?);
    println!("figures are gathered:\n{}", metrics::tell().await?);
    println!("errors are counted:\n{}", errors::tell().await?);
    println!("services are asked:\n{}", health::tell().await?);
    Ok(())
}
