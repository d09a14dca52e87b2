//! Outputs and the schemas that promise them.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU32, Ordering};

use enact_action_core::prelude::*;
use enact_mcp::FAILURE;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::world::{Client, Ledger, builder, text};

/// Says of itself that it is an object with a number, and writes whatever it holds.
struct Promised(Value);

static DESCRIBED: AtomicU32 = AtomicU32::new(0);

impl Serialize for Promised {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl JsonSchema for Promised {
    fn schema_name() -> Cow<'static, str> {
        "Promised".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        DESCRIBED.fetch_add(1, Ordering::SeqCst);
        json_schema!({
            "type": "object",
            "properties": { "sum": { "type": "integer" } },
            "required": ["sum"],
        })
    }
}

/// Writes what it is told to, whatever it has promised.
#[derive(Action)]
#[action(crate = enact_action_core, effect = read)]
struct Promise {
    /// The JSON to write.
    json: String,
}

impl Run for Promise {
    type Output = Promised;
    async fn run(&self, _cx: &Context) -> Result<Promised, Failure> {
        Ok(Promised(
            serde_json::from_str(&self.json).unwrap_or_default(),
        ))
    }
}

async fn promised(output: &Value) -> Value {
    let mut client = Client::of(&builder(&Ledger::default()).build().unwrap()).await;
    client
        .call("promise", json!({"json": output.to_string()}))
        .await
}

#[tokio::test]
async fn an_output_that_its_schema_describes_is_structured() {
    let output = json!({"sum": 3, "more": [1]});
    let result = promised(&output).await;
    assert_eq!(result["isError"], false);
    assert_eq!(result["structuredContent"], output);
}

#[tokio::test]
async fn an_output_that_its_schema_does_not_describe_is_an_error_that_tells_it_as_text() {
    for (output, wrong) in [
        (
            json!({"sum": "3"}),
            "/sum: found \"3\"; allowed: an integer [type]",
        ),
        (
            json!({}),
            "/sum: found nothing; allowed: an integer [required]",
        ),
        (json!("three"), "found \"three\"; allowed: an object [type]"),
    ] {
        let result = promised(&output).await;
        assert_eq!(result["isError"], true);
        assert!(result.get("structuredContent").is_none());
        assert!(text(&result).contains(wrong), "{result}");
        assert_eq!(result["_meta"][FAILURE]["code"], "mcp.undescribed");
        let told = result["content"][1]["text"].as_str().unwrap();
        let output = output
            .as_str()
            .map_or_else(|| output.to_string(), str::to_owned);
        assert_eq!(told, output);
    }
}

#[tokio::test]
async fn a_list_builds_nothing() {
    let server = builder(&Ledger::default()).build().unwrap();
    let described = DESCRIBED.load(Ordering::SeqCst);
    assert!(described > 0);
    for _ in 0..2 {
        let mut client = Client::of(&server).await;
        for _ in 0..10 {
            let page = client.ask("tools/list", json!({})).await;
            assert!(page["result"]["tools"].is_array());
        }
        client
            .call("promise", json!({"json": "{\"sum\": 1}"}))
            .await;
    }
    assert_eq!(DESCRIBED.load(Ordering::SeqCst), described);
}
