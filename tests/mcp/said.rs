//! What an application says of the server that its verb `mcp` starts.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{ChildStdin, ChildStdout};

use crate::shop;

/// A client that writes its own JSON.
struct Client {
    input: ChildStdin,
    output: tokio::io::Lines<BufReader<ChildStdout>>,
}

impl Client {
    /// The answer to a request, and what came before it.
    async fn ask(&mut self, method: &str, params: Value) -> (Value, Vec<Value>) {
        let line = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let line = format!("{line}\n");
        self.input.write_all(line.as_bytes()).await.unwrap();
        let mut before = Vec::new();
        loop {
            let line = self.output.next_line().await.unwrap().unwrap();
            let mut message: Value = serde_json::from_str(&line).unwrap();
            if message["id"] == 1 {
                return (message["result"].take(), before);
            }
            before.push(message);
        }
    }

    async fn call(&mut self, name: &str, arguments: Value) -> (Value, Vec<Value>) {
        let params = json!({"name": name, "arguments": arguments});
        self.ask("tools/call", params).await
    }
}

#[tokio::test]
async fn its_instructions_its_policy_and_its_log_are_those_that_the_application_says() {
    let mut command = shop(&[]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    command.env_remove("RUST_LOG").stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap()).lines();
    let input = child.stdin.take().unwrap();
    let mut client = Client { input, output };
    let hello = json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "0"}});
    let (hello, _) = client.ask("initialize", hello).await;
    assert_eq!(
        hello["instructions"],
        "Look an order up before you refund it."
    );
    assert_eq!(hello["serverInfo"]["version"], "1.2.3");
    let ready = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n";
    client.input.write_all(ready.as_bytes()).await.unwrap();
    for (order, runs) in [("sample", true), ("A-1", false)] {
        let (result, _) = client.call("refund", json!({"order": order})).await;
        assert_eq!(result["isError"], !runs, "{result}");
    }
    let level = json!({"level": "info"});
    client.ask("logging/setLevel", level).await;
    let (_, before) = client.call("get_order", json!({"id": "A-1"})).await;
    assert_eq!(before.len(), 1, "{before:?}");
    assert_eq!(
        before[0]["params"],
        json!({"level": "info", "logger": "shop", "data": {"message": "looked up", "id": "A-1"}})
    );
}
