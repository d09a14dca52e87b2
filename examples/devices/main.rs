//! A plant of devices that is watched while it works: `cargo run --example devices`.
//!
//! - `telemetry`: what devices say is routed by type, priority and value, to whom it concerns;
//! - `analytics`: measurements on disk, averaged by a subscriber that goes on after a restart, and
//!   handed on in one batch;
//! - `dashboard`: people look on while it happens, and nobody who is slow holds up the others.

#![expect(clippy::print_stdout, reason = "it tells a story")]

mod analytics;
mod dashboard;
mod telemetry;

use enact_examples::Outcome;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    println!("devices are heard:\n{}", telemetry::tell()?);
    println!("measurements add up:\n{}", analytics::tell().await?);
    println!("people look on:\n{}", dashboard::tell().await?);
    Ok(())
}
