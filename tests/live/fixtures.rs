//! The tools that the conformance suite of MCP calls, as its scenarios describe them.

use std::collections::BTreeMap;
use std::time::Duration;

use enact::Registry;
use enact::content::{Content, Resource};
use enact::mcp::{Allow, Builder, Logs, Server};
use enact::prelude::*;
use enact::tool::Dialect;
use serde_json::{Value, json};
use tracing_subscriber::prelude::*;

/// A PNG of one red pixel.
const PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', 0, 0, 0, 13, b'I', b'H', b'D', b'R', 0, 0,
    0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0, 0x90, 0x77, 0x53, 0xde, 0, 0, 0, 12, b'I', b'D', b'A', b'T',
    8, 0xd7, 0x63, 0xf8, 0xcf, 0xc0, 0, 0, 3, 1, 1, 0, 0x18, 0xdd, 0x8d, 0xb0, 0, 0, 0, 0, b'I',
    b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

/// A WAV without a sample.
const SILENCE: &[u8] =
    b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\0\0\0\0";

/// The server of the fixtures, the shapes that can be tools beside them.
pub(crate) fn server(registry: &Registry) -> Builder {
    let shapes = super::served(&super::shapes(registry));
    let served = registry.filter(|entry| {
        entry.name().starts_with("test_")
            || entry.name() == RAW
            || shapes.get(entry.name()).is_some()
    });
    let allow = Allow::all();
    let logs = Logs::of([LOGGED]);
    tracing_subscriber::registry().with(logs.layer()).init();
    Server::builder("conformance", &served)
        .allow(allow.clone())
        .context(Context::builder().resource(allow).build())
        .logs(&logs)
        .schema(RAW, raw())
        .needs("test_missing_capability", json!({"sampling": {}}))
}

/// What goes back in a dialect where a model calls the fixtures that answer with content.
pub(crate) async fn answers(dialect: Dialect) -> Result<Vec<Value>, Box<dyn std::error::Error>> {
    let names = [
        "test_multiple_content_types",
        "test_audio_content",
        "test_simple_text",
    ];
    let tools = Registry::open()?.allow(names)?.tools();
    let mut answers = Vec::new();
    for name in names {
        let call = match dialect {
            Dialect::OpenAi => {
                json!({"id": "1", "type": "function", "function": {"name": name, "arguments": "{}"}})
            }
            Dialect::OpenAiResponses => {
                json!({"type": "function_call", "call_id": "1", "name": name, "arguments": "{}"})
            }
            Dialect::Anthropic => json!({"type": "tool_use", "id": "1", "name": name, "input": {}}),
            Dialect::Gemini | Dialect::GeminiOpenApi => {
                json!({"functionCall": {"name": name, "args": {}}})
            }
            // The calls of MCP come to the server.
            _ => continue,
        };
        answers.extend(
            tools
                .dispatch(dialect, &call, &Context::new())
                .await?
                .into_messages(),
        );
    }
    Ok(answers)
}

macro_rules! fixtures {
    ($($action:ident: $about:literal, $output:ty => $answer:expr;)*) => {$(
        #[doc = $about]
        #[derive(Action)]
        #[action(effect = read)]
        struct $action;

        impl Run for $action {
            type Output = $output;
            async fn run(&self, _cx: &Context) -> Result<$output, Failure> {
                $answer
            }
        }
    )*};
}

fixtures! {
    TestSimpleText: "Answers with text.", String => Ok("This is a simple text response for testing.".to_owned());
    TestImageContent: "Answers with an image.", Content => Ok(Content::new().image("image/png", PIXEL));
    TestAudioContent: "Answers with sound.", Content => Ok(Content::new().audio("audio/wav", SILENCE));
    TestEmbeddedResource: "Answers with a document.", Content => Ok(Content::new().resource(
        Resource::text("test://embedded-resource", "This is an embedded resource content.").mime("text/plain"),
    ));
    TestMultipleContentTypes: "Answers with blocks of several kinds.", Content => Ok(Content::new()
        .text("Multiple content types test:")
        .image("image/png", PIXEL)
        .resource(
            Resource::text("test://mixed-content-resource", r#"{"test":"data","value":123}"#).mime("application/json"),
        ));
    TestErrorHandling: "Fails.", String => Err(Failure::terminal(
        "test.intended",
        "This tool intentionally returns an error for testing",
    ));
    TestMissingCapability: "Needs a client that samples.", String => Ok("sampled".to_owned());
}

/// Asks whether it may.
#[derive(Action)]
#[action(effect = write, confirm = "Shall it be done?")]
struct TestStreamingElicitation;

impl Run for TestStreamingElicitation {
    type Output = String;
    async fn run(&self, _cx: &Context) -> Result<String, Failure> {
        Ok("done".to_owned())
    }
}

/// What the fixtures log with.
const LOGGED: &str = "fixtures";

/// Logs.
#[derive(Action)]
#[action(effect = read)]
struct TestLoggingTool;

impl Run for TestLoggingTool {
    type Output = String;
    async fn run(&self, _cx: &Context) -> Result<String, Failure> {
        tracing::info!(target: LOGGED, "Tool execution");
        Ok("logged".to_owned())
    }
}

/// Logs what it is at.
#[derive(Action)]
#[action(effect = read)]
struct TestToolWithLogging;

impl Run for TestToolWithLogging {
    type Output = String;
    async fn run(&self, _cx: &Context) -> Result<String, Failure> {
        tracing::info!(target: LOGGED, "Tool execution started");
        // The scenario asks for the time between.
        tokio::time::sleep(Duration::from_millis(50)).await;
        tracing::info!(target: LOGGED, "Tool processing data");
        tokio::time::sleep(Duration::from_millis(50)).await;
        tracing::info!(target: LOGGED, "Tool execution completed");
        Ok("done".to_owned())
    }
}

/// Tells how far it is.
#[derive(Action)]
#[action(effect = read)]
struct TestToolWithProgress;

impl Run for TestToolWithProgress {
    type Output = String;
    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        for done in [0, 50, 100] {
            cx.progress(Progress::new(done).of(100));
            // The scenario asks for the time between.
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok("done".to_owned())
    }
}

/// Allows what was allowed already, of which clients that listen are told.
#[derive(Action)]
#[action(effect = idempotent)]
struct TestTriggerToolChange;

impl Run for TestTriggerToolChange {
    type Output = String;
    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        cx.resource::<Allow>()?.set(["*"]);
        Ok("changed".to_owned())
    }
}

/// Answers with the region, which clients say in a header too.
#[derive(Action)]
#[action(effect = read)]
struct TestMirroredHeader {
    /// Where to.
    #[schemars(extend("x-mcp-header" = "Region"))]
    region: String,
    /// How urgent it is.
    #[schemars(extend("x-mcp-header" = "Priority"))]
    priority: Option<u8>,
}

impl Run for TestMirroredHeader {
    type Output = String;
    async fn run(&self, _cx: &Context) -> Result<String, Failure> {
        Ok(self.region.clone())
    }
}

/// The tool with a schema of its own.
const RAW: &str = "json_schema_2020_12_tool";

/// Tool with JSON Schema 2020-12 features.
#[derive(Action)]
#[action(name = "json_schema_2020_12_tool", effect = read)]
struct RawSchema {
    /// Whatever it is called with.
    #[serde(flatten)]
    all: BTreeMap<String, Value>,
}

impl Run for RawSchema {
    type Output = Value;
    async fn run(&self, _cx: &Context) -> Result<Value, Failure> {
        Ok(serde_json::to_value(&self.all)?)
    }
}

/// The schema that SEP-1613 and SEP-2106 are tested with: every keyword must be listed as it is.
fn raw() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "$defs": {
            "address": {
                "$anchor": "addressDef",
                "type": "object",
                "properties": {"street": {"type": "string"}, "city": {"type": "string"}},
            },
        },
        "properties": {
            "name": {"type": "string"},
            "address": {"$ref": "#/$defs/address"},
            "contactMethod": {"type": "string", "enum": ["phone", "email"]},
            "phone": {"type": "string"},
            "email": {"type": "string"},
        },
        "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
        "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
        "then": {"required": ["phone"]},
        "else": {"required": ["email"]},
        "additionalProperties": false,
    })
}
