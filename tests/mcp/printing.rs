//! Actions that write to the standard output, and what a client makes of it.

use std::process::Stdio;

use rmcp::model::CallToolRequestParams;
use rmcp::transport::TokioChildProcess;
use rmcp::{RoleClient, ServiceExt, service::RunningService};
use serde_json::{Value, json};
use tokio::io::AsyncReadExt;
use tokio::process::{ChildStderr, Command};

async fn noisy(log: Option<&str>) -> (RunningService<RoleClient, ()>, ChildStderr) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_noisy"));
    command.arg("mcp").kill_on_drop(true).env_remove("RUST_LOG");
    command.envs(log.map(|log| ("RUST_LOG", log)));
    let (transport, told) = TokioChildProcess::builder(command)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    (().serve(transport).await.unwrap(), told.unwrap())
}

async fn called(client: &RunningService<RoleClient, ()>, name: &'static str, arguments: Value) {
    let arguments = arguments.as_object().unwrap().clone();
    let call = CallToolRequestParams::new(name).with_arguments(arguments);
    let result = client.call_tool(call).await.unwrap();
    assert_eq!(result.is_error, Some(false), "{result:?}");
}

async fn said(client: RunningService<RoleClient, ()>, mut told: ChildStderr) -> String {
    client.cancel().await.unwrap();
    let mut said = String::new();
    told.read_to_string(&mut said).await.unwrap();
    said
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_printed_comes_out_at_the_standard_error_and_the_session_goes_on() {
    let (client, told) = noisy(None).await;
    // What looks like an answer is none, either.
    let line = r#"{"jsonrpc":"2.0","id":1,"result":{}}"#;
    for _ in 0..3 {
        called(&client, "print_line", json!({ "line": line })).await;
        called(&client, "start_program", json!({})).await;
        called(&client, "read_input", json!({})).await;
    }
    assert_eq!(client.list_all_tools().await.unwrap().len(), 3);
    let wanted = format!("{line}\nfrom a program\n").repeat(3);
    assert_eq!(said(client, told).await, format!("connecting\n{wanted}"));
}

#[tokio::test]
async fn calls_are_logged_at_the_standard_error_where_the_environment_asks() {
    let (client, told) = noisy(Some("enact::mcp=info")).await;
    called(&client, "print_line", json!({ "line": "a line" })).await;
    let said = said(client, told).await;
    let line = said.lines().find(|line| line.contains("called")).unwrap();
    assert!(line.contains("INFO enact::mcp"), "{said}");
    assert!(line.contains(r#"tool="print_line""#), "{said}");
    assert!(
        !said.contains('\u{1b}'),
        "colours are for terminals: {said}"
    );
}

#[tokio::test]
async fn a_filter_that_is_none_is_told_and_the_server_serves() {
    let (client, told) = noisy(Some("enact=loudly")).await;
    called(&client, "print_line", json!({ "line": "a line" })).await;
    let said = said(client, told).await;
    assert!(said.contains("RUST_LOG is not understood"), "{said}");
}
