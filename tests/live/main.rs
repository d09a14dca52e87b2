//! Others' clients and judges against what we serve: every shape is listed, called, answered and refused by the official clients of
//! MCP, by `LangChain` and by the AI SDK of Vercel; the inspector finds nothing in the schemas, the vendors' own SDKs change
//! nothing in them, and the conformance suite passes as far as it is about tools.
//!
//! `tests/interop/install` puts all of them in place, in the versions that it pins. `ENACT_LIVE=long cargo test -p enact-tests --test
//! live` makes `LangChain` call each tool with every case, for which it starts the server each time.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that can't go on stops, and says where it skips and what it counted"
)]

mod conformance;
mod inspector;
mod readme;
mod world;

use serde_json::{Value, json};
use world::{STDIO, World, python, script};

/// How many tools the clients find, and how many calls of each kind they make.
const TOOLS: u64 = 49;
const CALLS: u64 = 3;

/// Runs one client against one target, a command or an address, and looks at what it counted.
async fn check(mut client: Vec<String>, target: &[&str]) {
    client.extend(target.iter().map(ToString::to_string));
    let counts = world::run(&client).await;
    for (what, least) in [
        ("tools", TOOLS),
        ("answers", TOOLS * CALLS),
        ("structured", (TOOLS - 1) * CALLS),
        ("refusals", TOOLS * CALLS),
    ] {
        let count = counts[what].as_u64().unwrap();
        assert!(count >= least, "{what}: {counts}");
    }
    println!("{counts}");
}

#[tokio::test]
async fn the_official_client_of_python_calls_every_tool() {
    let Some(world) = World::open() else { return };
    let client = python("python", "client_v1.py", &world.cases);
    check(client.clone(), &STDIO).await;
    let server = world.http("http").await;
    check(client, &[&server.address]).await;
}

#[tokio::test]
async fn its_second_version_calls_every_tool_at_both_revisions() {
    let Some(world) = World::open() else { return };
    for mode in ["legacy", "2026-07-28"] {
        let mut client = python("python-mcp2", "client_v2.py", &world.cases);
        client.push(mode.to_owned());
        check(client, &STDIO).await;
    }
    let server = world.http("http").await;
    let mut client = python("python-mcp2", "client_v2.py", &world.cases);
    client.push("auto".to_owned());
    check(client, &[&server.address]).await;
}

#[tokio::test]
async fn the_official_client_of_typescript_calls_every_tool() {
    let Some(world) = World::open() else { return };
    let client = script("sdk.mjs", &world.cases);
    check(client.clone(), &STDIO).await;
    let server = world.http("http").await;
    check(client, &[&server.address]).await;
}

#[tokio::test]
async fn the_ai_sdk_of_vercel_calls_every_tool() {
    let Some(world) = World::open() else { return };
    let client = script("vercel.mjs", &world.cases);
    check(client.clone(), &STDIO).await;
    let server = world.http("http").await;
    check(client, &[&server.address]).await;
}

#[tokio::test]
async fn the_inspector_finds_neither_error_nor_warning() {
    let Some(world) = World::open() else { return };
    let findings = |told: &Value| told["schemaFindings"].clone();
    let told = inspector::inspected(&STDIO).await;
    assert_eq!(findings(&told), Value::Null);
    assert!(told["result"]["tools"].as_array().unwrap().len() as u64 >= TOOLS);
    let server = world.http("http").await;
    let told = inspector::inspected(&[&server.address, "--transport", "http"]).await;
    assert_eq!(findings(&told), Value::Null);
    assert!(told["result"]["tools"].as_array().unwrap().len() as u64 >= TOOLS);
}

#[tokio::test]
async fn the_sdks_of_the_vendors_change_nothing_in_our_schemas() {
    let Some(world) = World::open() else { return };
    let counts = world::run(&python("python", "oracles.py", &world.tools)).await;
    assert!(counts["shapes"].as_u64().unwrap() >= 30, "{counts}");
    assert!(counts["oracles"].as_u64().unwrap() >= 11, "{counts}");
    println!("{counts}");
    // What contains itself is no tool everywhere, nor is an enum at the root; nothing else is refused.
    let told: Value =
        serde_json::from_str(&std::fs::read_to_string(&world.tools).unwrap()).unwrap();
    let refused = |dialect: &str| -> Vec<String> {
        told[dialect]["refused"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect()
    };
    assert_eq!(json!(refused("openai")), json!(["knots", "parted"]));
    assert_eq!(
        json!(refused("anthropic")),
        json!(["chain", "forest", "knots", "parted", "plan", "query"])
    );
    assert_eq!(
        json!(refused("gemini")),
        json!(["knots", "parted", "query"])
    );
    assert_eq!(json!(refused("mcp")), json!(["parted"]));
}
