//! Our server: the verb `mcp` of an application, as users have it.

use std::process::ExitCode;

use enact::cli::{App, Io};
use enact::prelude::*;

#[derive(Params)]
struct Sum {
    /// What they come to.
    sum: i64,
}

/// Adds two numbers.
#[derive(Action)]
#[action(effect = read)]
struct Add {
    /// The first.
    a: i64,
    /// The second.
    b: i64,
}

impl Run for Add {
    type Output = Sum;

    async fn run(&self, _cx: &Context) -> Result<Sum, Failure> {
        Ok(Sum {
            sum: self.a + self.b,
        })
    }
}

pub(crate) fn serve(way: &str) -> ExitCode {
    let args = match way {
        "stdio" => &["mcp"][..],
        _ => &["mcp", "--http", "127.0.0.1:0"],
    };
    App::new("adder").run_from(args, Io::process()).into()
}
