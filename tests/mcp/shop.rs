//! An application that embeds the command line: what clients of the Model Context Protocol start.

use enact::approval::{Decision, Gate};
use enact::prelude::*;

/// Adds two numbers.
#[derive(Action)]
#[action(effect = read)]
struct Add {
    /// The first.
    #[param(max = 100)]
    a: i32,
    /// The second.
    b: i32,
}

impl Run for Add {
    type Output = i32;
    async fn run(&self, _cx: &Context) -> Result<i32, Failure> {
        Ok(self.a + self.b)
    }
}

/// Finds an order.
#[derive(Action)]
#[action(effect = read)]
struct GetOrder {
    /// Its id.
    id: String,
}

impl Run for GetOrder {
    type Output = String;
    async fn run(&self, _cx: &Context) -> Result<String, Failure> {
        tracing::info!(id = self.id, "looked up");
        Ok(format!("the order {}", self.id))
    }
}

#[derive(Params)]
struct Receipt {
    /// The order it is for.
    order: String,
    /// What was paid.
    cents: u32,
}

/// Takes a payment.
#[derive(Action)]
struct Pay {
    /// The order.
    order: String,
    /// How much.
    #[param(min = 1)]
    cents: u32,
}

impl Run for Pay {
    type Output = Receipt;
    async fn run(&self, _cx: &Context) -> Result<Receipt, Failure> {
        Ok(Receipt {
            order: self.order.clone(),
            cents: self.cents,
        })
    }
}

/// Pays money back.
#[derive(Action)]
#[action(confirm = "Pay this back?")]
struct Refund {
    /// The order.
    order: String,
}

impl Run for Refund {
    type Output = String;
    async fn run(&self, _cx: &Context) -> Result<String, Failure> {
        Ok(format!("paid back {}", self.order))
    }
}

workflow! {
    /// Adds three numbers.
    #[workflow(version = 1)]
    pub AddThree { a: i32, b: i32, c: i32 } -> i32 {
        step first = Add { a, b };
        step second = Add { a: first, b: c };
        second
    }
}

fn main() -> std::process::ExitCode {
    let app = enact::cli::App::new("shop").version("1.2.3").logs(["shop"]);
    let app = app.mcp(|server| {
        let samples = Gate::new(async |proposal| match proposal.params()["order"].as_str() {
            Some("sample") => Decision::Allow,
            _ => Decision::Ask,
        });
        let about = "Look an order up before you refund it.";
        server.instructions(about).approve(samples)
    });
    app.run()
}
