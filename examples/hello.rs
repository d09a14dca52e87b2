//! The smallest whole program: one action and a command line for it.
//!
//! `cargo run --example hello -- run greet --name Ada`

use std::process::ExitCode;

use enact::prelude::*;

/// Greets somebody.
#[derive(Debug, Action)]
#[action(effect = read)]
struct Greet {
    /// Whom to greet.
    #[param(len = 1..=40, example = "Ada")]
    name: String,
}

impl Run for Greet {
    type Output = String;

    async fn run(&self, _cx: &Context) -> Result<String, Failure> {
        Ok(format!("hello {}", self.name))
    }
}

fn main() -> ExitCode {
    enact::cli::main()
}
