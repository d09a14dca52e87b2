//! What a program says of its tools beyond their params: content, schemas of others, headers, what clients must be able to do.

#![expect(clippy::unwrap_used, reason = "what fails in a test stops it")]

extern crate enact_action_core as enact;

use enact::content::Content;
use enact::prelude::*;
use enact_mcp::{Builder, Limits, McpErrorKind, Server};
use rmcp::model::{CallToolRequestParams, CallToolResult, Tool};
use rmcp::service::{RunningService, ServiceError};
use rmcp::{RoleClient, ServiceExt as _};
use serde_json::{Value, json};

/// Draws a dot.
#[derive(Action)]
#[action(effect = read)]
struct DrawDot {
    /// Where it is kept.
    #[schemars(extend("x-mcp-header" = "Region"))]
    region: String,
}

impl Run for DrawDot {
    type Output = Content;
    async fn run(&self, _cx: &Context) -> Result<Content, Failure> {
        if self.region == "all" {
            return Ok(Content::new().image("image/png", vec![0; 4096]));
        }
        let title = format!("A dot of {}:", self.region);
        Ok(Content::new().text(title).image("image/png", b"\x89PNG"))
    }
}

fn builder() -> Builder {
    Server::builder("dots", &Registry::open().unwrap())
}

#[expect(clippy::disallowed_methods, reason = "a server ends with its test")]
async fn client(builder: Builder) -> RunningService<RoleClient, ()> {
    let (ours, theirs) = tokio::io::duplex(1 << 16);
    let (input, output) = tokio::io::split(ours);
    let server = builder.build().unwrap();
    tokio::spawn(async move { server.serve(input, output).await });
    ().serve(theirs).await.unwrap()
}

async fn draw(builder: Builder) -> Result<CallToolResult, ServiceError> {
    let arguments = json!({"region": "eu"}).as_object().unwrap().clone();
    let call = CallToolRequestParams::new("draw_dot").with_arguments(arguments);
    client(builder).await.call_tool(call).await
}

async fn listed(builder: Builder) -> Tool {
    client(builder)
        .await
        .list_all_tools()
        .await
        .unwrap()
        .remove(0)
}

#[tokio::test]
async fn content_goes_out_block_by_block_and_is_no_structured_output() {
    let result = serde_json::to_value(draw(builder()).await.unwrap()).unwrap();
    assert_eq!(
        result["content"],
        json!([
            {"type": "text", "text": "A dot of eu:"},
            {"type": "image", "data": "iVBORw==", "mimeType": "image/png"},
        ])
    );
    assert_eq!(result.get("structuredContent"), None);
    assert_eq!(listed(builder()).await.output_schema, None);
}

#[tokio::test]
async fn content_that_is_too_long_is_an_answer_that_says_so() {
    let limits = Limits {
        message: 2048,
        ..Limits::default()
    };
    let call = CallToolRequestParams::new("draw_dot")
        .with_arguments(json!({"region": "all"}).as_object().unwrap().clone());
    let answer = client(builder().limits(limits)).await.call_tool(call).await;
    let result = serde_json::to_value(answer.unwrap()).unwrap();
    assert_eq!(result["isError"], true, "{result}");
    let said = result["content"][0]["text"].as_str().unwrap();
    assert!(said.contains("[mcp.answer_too_long]"), "{said}");
}

#[tokio::test]
async fn a_param_that_is_mirrored_in_a_header_says_so() {
    let tool = listed(builder()).await;
    let region = &tool.input_schema["properties"]["region"];
    assert_eq!(region["x-mcp-header"], "Region");
}

#[tokio::test]
async fn a_schema_of_others_is_listed_word_for_word() {
    let schema = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object",
        "if": {"required": ["a"]}, "then": {"required": ["b"]}});
    let tool = listed(builder().schema("draw_dot", schema.clone())).await;
    assert_eq!(Value::Object((*tool.input_schema).clone()), schema);
}

#[tokio::test]
async fn a_client_without_what_a_tool_needs_is_refused() {
    let refused = draw(builder().needs("draw_dot", json!({"sampling": {}}))).await;
    let Err(ServiceError::McpError(error)) = refused else {
        unreachable!("the client has no sampling: {refused:?}");
    };
    assert_eq!(error.code.0, -32021);
    assert_eq!(
        error.data.unwrap()["requiredCapabilities"],
        json!({"sampling": {}})
    );
    assert!(draw(builder().needs("draw_dot", json!({}))).await.is_ok());
}

#[test]
fn what_is_said_of_no_tool_is_a_mistake_of_the_program() {
    for (builder, code) in [
        (
            builder().schema("draw_dott", json!({"type": "object"})),
            "mcp.no_tool",
        ),
        (builder().needs("draw_dott", json!({})), "mcp.no_tool"),
        (
            builder().schema("draw_dot", json!({"type": "string"})),
            "mcp.told",
        ),
        (builder().needs("draw_dot", json!("sampling")), "mcp.told"),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(
            (error.kind(), error.code()),
            (McpErrorKind::Misconfigured, code)
        );
    }
}
