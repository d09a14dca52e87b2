//! Who may see what, who has seen it, and what becomes of what is known of people:
//! `cargo run --example compliance`.
//!
//! - `audit`: whoever is given a signal is written down, and what can't be written down is given to nobody;
//! - `privacy`: personal data is published for a stated purpose only, goes when its time is over, and goes
//!   when its person wants it to;
//! - `access`: subscribers get what they have a permission for, publishers say what is theirs to say.

#![expect(clippy::print_stdout, reason = "it tells a story")]

mod access;
mod audit;
mod privacy;

use enact_examples::Outcome;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    println!(
        "it is written down who sees what:\n{}",
        audit::tell().await?
    );
    println!("personal data is looked after:\n{}", privacy::tell().await?);
    println!("permissions are asked for:\n{}", access::tell().await?);
    Ok(())
}
