//! Pipelines of data: `cargo run --example pipelines`.
//!
//! - `etl`: a file is extracted, transformed and loaded into a table by a run that is recorded, so that a
//!   stage that fails is tried again and those before it are not;
//! - `streams`: readings are validated, enriched, held against each other and added up by windows of time;
//! - `learning`: a model is trained and put to use, if it is good enough.

#![expect(clippy::print_stdout, reason = "it tells a story")]

mod etl;
mod learning;
mod streams;

use enact_examples::Outcome;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    println!("sales are loaded:\n{}", etl::tell().await?);
    println!("readings stream:\n{}", streams::tell().await?);
    println!("models are trained:\n{}", learning::tell().await?);
    Ok(())
}
