//! What developers do with signals all day: `cargo run --example development`.
//!
//! - `generating`: signals for tests, made of their own rules; the journey of a user; a load, and what it
//!   does to the bus, all of it in no time, since the clock of a stage stands still unless everybody waits;
//! - `debugging`: looking on at the console, asking why a signal goes nowhere, and drawing what one has caused;
//! - `replaying`: some days of production once more, on a bus for development.
//!
//! Each has its tests beside it, by `TestBus` and `Stage`: `cargo test -p enact-examples --example development`.

#![expect(clippy::print_stdout, reason = "it tells a story")]

mod debugging;
mod generating;
mod replaying;

use enact_examples::Outcome;

fn main() -> Outcome<()> {
    println!("signals are made:\n{}", generating::tell()?);
    println!("signals are looked at:\n{}", debugging::tell()?);
    println!("signals come once more:\n{}", replaying::tell()?);
    Ok(())
}
