//! The server that others' clients are run against: every shape as a tool that answers with what it was given.
//!
//! `live stdio` and `live http` serve the shapes, `live conformance` serves the tools that the conformance suite of MCP calls, too;
//! `live tools` prints the tools of each dialect, and `live cases` what to call them with.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for tests, which says where it serves and prints what others read"
)]

mod cases;
mod fixtures;

use enact::Registry;
use enact::mcp::{Builder, Http, Server};
use enact::tool::Dialect;
use serde_json::{Map, Value, json};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let mode = std::env::args().nth(1).unwrap_or_default();
    let shapes = shapes(&Registry::open()?);
    match mode.as_str() {
        "tools" => println!("{}", runtime.block_on(tools(&shapes))?),
        "cases" => println!("{}", cases::of(&served(&shapes))),
        // By either name: the README's clients start `shop mcp`.
        "stdio" | "mcp" => {
            runtime.block_on(Server::builder("live", &served(&shapes)).build()?.stdio())?;
        }
        "http" => runtime.block_on(http(Server::builder("live", &served(&shapes))))?,
        "conformance" => runtime.block_on(http(fixtures::server(&Registry::open()?)))?,
        _ => return Err("say one of stdio, http, conformance, tools, cases".into()),
    }
    Ok(())
}

/// The actions of the tests' library.
fn shapes(registry: &Registry) -> Registry {
    let names: Vec<&str> = enact_tests::shapes()
        .iter()
        .map(|shape| shape.name)
        .collect();
    registry.filter(|entry| names.contains(&entry.name()))
}

/// Those that can be tools of MCP: what is an enum at the root is none.
fn served(shapes: &Registry) -> Registry {
    shapes.filter(|entry| tool(shapes, entry.name(), Dialect::Mcp).is_ok())
}

fn tool(shapes: &Registry, name: &str, dialect: Dialect) -> Result<Value, String> {
    let alone = shapes.filter(|entry| entry.name() == name);
    let mut json = alone
        .tools()
        .json(dialect)
        .map_err(|error| error.to_string())?;
    Ok(json[0].take())
}

/// The tools of each dialect, why some have none there, and answers that hold content.
async fn tools(shapes: &Registry) -> Result<Value, Box<dyn std::error::Error>> {
    let mut each = Map::new();
    for dialect in Dialect::ALL {
        let (mut built, mut refused) = (Map::new(), Map::new());
        for entry in shapes.iter() {
            match tool(shapes, entry.name(), dialect) {
                Ok(json) => built.insert(entry.name().to_owned(), json),
                Err(why) => refused.insert(entry.name().to_owned(), why.into()),
            };
        }
        let answers = fixtures::answers(dialect).await?;
        let told = json!({"tools": built, "refused": refused, "answers": answers});
        each.insert(dialect.to_string(), told);
    }
    Ok(Value::Object(each))
}

async fn http(server: Builder) -> Outcome {
    let bound = server.build()?.bind("127.0.0.1:0", Http::new()).await?;
    eprintln!("http://{}/mcp", bound.address());
    bound.serve().await;
    Ok(())
}
