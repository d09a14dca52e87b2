//! What the README tells users of other programs to write, tried.

use std::os::unix::fs::symlink;
use std::path::Path;

use rmcp::ServiceExt as _;
use rmcp::transport::{StreamableHttpClientTransport, TokioChildProcess};
use serde_json::Value;
use tokio::process::Command;

use crate::world::{World, python, run, serving};

/// The blocks of a language in the README that hold some text.
fn block(language: &str, holds: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let text = std::fs::read_to_string(path).unwrap();
    let blocks = text.split("```").skip(1).step_by(2);
    let found = blocks
        .filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n'))
        .find(|block| block.contains(holds));
    found.expect("the README says it").to_owned()
}

#[tokio::test]
async fn a_desktop_client_starts_what_the_readme_tells_it_to() {
    let told: Value = serde_json::from_str(&block("json", "mcpServers")).unwrap();
    let server = &told["mcpServers"]["shop"];
    let command = server["command"].as_str().unwrap();
    assert_eq!(Path::new(command).file_name().unwrap(), "shop");
    let mut started = Command::new(env!("CARGO_BIN_EXE_shop"));
    started.args(serde_json::from_value::<Vec<String>>(server["args"].clone()).unwrap());
    let transport = TokioChildProcess::new(started).unwrap();
    let client = ().serve(transport).await.unwrap();
    let tools = client.list_all_tools().await.unwrap();
    let names: Vec<_> = tools.iter().map(|tool| tool.name.as_ref()).collect();
    assert_eq!(names, ["get_order"]);
    client.cancel().await.unwrap();
}

#[tokio::test]
async fn an_ide_connects_to_where_the_readme_says_the_server_is() {
    let told: Value = serde_json::from_str(&block("json", "\"servers\"")).unwrap();
    assert_eq!(told["servers"]["shop"]["type"], "http");
    let url = told["servers"]["shop"]["url"].as_str().unwrap();
    let (_, place) = url.split_once("://").unwrap();
    let (address, path) = place.split_once('/').unwrap();
    // The port may be taken on this machine, so another stands for it.
    let (host, _) = address.rsplit_once(':').unwrap();
    let mut started = Command::new(env!("CARGO_BIN_EXE_shop"));
    let server = serving(started.args(["mcp", "--http", &format!("{host}:0")])).await;
    assert!(server.address.ends_with(&format!("/{path}")));
    let transport = StreamableHttpClientTransport::from_uri(server.address.clone());
    let client = ().serve(transport).await.unwrap();
    let tools = client.list_all_tools().await.unwrap();
    assert!(
        tools.iter().any(|tool| tool.name == "get_order"),
        "{tools:?}"
    );
    client.cancel().await.unwrap();
}

#[tokio::test]
async fn langchain_calls_every_tool_by_the_lines_of_the_readme() {
    let Some(world) = World::open() else { return };
    let lines = world.folder.join("lines.py");
    std::fs::write(&lines, block("python", "MultiServerMCPClient")).unwrap();
    let folder = world.folder.join("bin");
    std::fs::create_dir_all(&folder).unwrap();
    let shop = folder.join("shop");
    if shop.is_symlink() {
        std::fs::remove_file(&shop).unwrap();
    }
    symlink(env!("CARGO_BIN_EXE_live"), shop).unwrap();
    let mut client = python("python", "adapters.py", &world.cases);
    client.extend([lines, folder].map(|path| path.display().to_string()));
    let counts = run(&client).await;
    assert!(
        counts["tools"].as_u64().unwrap() >= crate::TOOLS,
        "{counts}"
    );
    assert!(
        counts["answers"].as_u64().unwrap() >= crate::TOOLS,
        "{counts}"
    );
    assert!(
        counts["refusals"].as_u64().unwrap() >= crate::TOOLS,
        "{counts}"
    );
    println!("{counts}");
}
