//! An application whose actions write where they should not: to the standard output, which is the protocol's.
#![expect(clippy::print_stdout, reason = "it is there to show what comes of it")]

use std::io::Read as _;
use std::process::Command;

use enact::prelude::*;

/// Writes a line to the standard output.
#[derive(Action)]
struct PrintLine {
    /// The line.
    line: String,
}

impl Run for PrintLine {
    type Output = ();
    async fn run(&self, _cx: &Context) -> Result<(), Failure> {
        println!("{}", self.line);
        Ok(())
    }
}

/// Starts a program that copies its standard input to its standard output, and says so there.
#[derive(Action)]
struct StartProgram;

impl Run for StartProgram {
    type Output = ();
    async fn run(&self, _cx: &Context) -> Result<(), Failure> {
        let ended = Command::new("sh")
            .args(["-c", "cat; echo from a program"])
            .status()?;
        if ended.success() {
            Ok(())
        } else {
            Err(Failure::terminal("program.failed", "the program failed"))
        }
    }
}

/// Reads the standard input to its end.
#[derive(Action)]
struct ReadInput;

impl Run for ReadInput {
    type Output = usize;
    async fn run(&self, _cx: &Context) -> Result<usize, Failure> {
        let mut text = String::new();
        Ok(std::io::stdin().read_to_string(&mut text)?)
    }
}

fn main() -> std::process::ExitCode {
    enact::cli::App::new("noisy")
        .context(|| {
            println!("connecting");
            Context::builder()
        })
        .run()
}
