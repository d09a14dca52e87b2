//! What a client is told before it calls.

use enact_action_core::registry::Entry;
use enact_mcp::{Allow, Limits};
use serde_json::{Value, json};

use crate::world::{Client, Ledger, builder};

fn names(page: &Value) -> Vec<&str> {
    let tools = page["result"]["tools"].as_array().expect("tools");
    tools
        .iter()
        .filter_map(|tool| tool["name"].as_str())
        .collect()
}

#[tokio::test]
async fn a_server_says_who_it_is_and_what_may_be_asked() {
    let server = builder(&Ledger::default())
        .instructions("Ask first.")
        .build()
        .unwrap();
    let hello = Client::of(&server).await.hello["result"].take();
    assert_eq!(hello["protocolVersion"], "2025-11-25");
    assert_eq!(
        hello["serverInfo"],
        json!({"name": "shop", "version": "1.2.3"})
    );
    assert_eq!(
        hello["capabilities"],
        json!({"prompts": {}, "resources": {}, "tools": {"listChanged": true}})
    );
    assert_eq!(hello["instructions"], "Ask first.");
}

#[tokio::test]
async fn of_prompts_and_resources_there_are_none() {
    let server = builder(&Ledger::default()).build().unwrap();
    let mut client = Client::of(&server).await;
    for (method, of) in [
        ("prompts/list", "prompts"),
        ("resources/list", "resources"),
        ("resources/templates/list", "resourceTemplates"),
    ] {
        let page = client.ask(method, json!({})).await;
        assert_eq!(page["result"][of], json!([]), "{method}");
    }
    for (method, params) in [
        ("prompts/get", json!({"name": "hello"})),
        ("resources/read", json!({"uri": "file:///hello"})),
    ] {
        let answer = client.ask(method, params).await;
        let said = answer["error"]["message"].as_str().unwrap();
        assert!(
            said.contains("hello") && said.ends_with("there are none"),
            "{said}"
        );
    }
}

#[tokio::test]
async fn every_action_and_workflow_is_a_tool_as_the_registry_describes_it() {
    let server = builder(&Ledger::default()).build().unwrap();
    let mut client = Client::of(&server).await;
    let page = client.ask("tools/list", json!({})).await;
    let expected = enact_action_core::Registry::open()
        .unwrap()
        .tools()
        .mcp()
        .unwrap();
    assert_eq!(page["result"]["tools"], expected);
    assert!(names(&page).contains(&"add_three"));
    assert!(page["result"].get("nextCursor").is_none());
}

#[tokio::test]
async fn effects_are_hints() {
    let server = builder(&Ledger::default()).build().unwrap();
    let mut client = Client::of(&server).await;
    let page = client.ask("tools/list", json!({})).await;
    let hints = |name: &str| {
        let tools = page["result"]["tools"].as_array().unwrap();
        let tool = tools.iter().find(|tool| tool["name"] == name).unwrap();
        let hints = &tool["annotations"];
        [
            "readOnlyHint",
            "destructiveHint",
            "idempotentHint",
            "openWorldHint",
        ]
        .map(|hint| hints[hint].as_bool().unwrap())
    };
    assert_eq!(hints("add"), [true, false, true, true]);
    assert_eq!(hints("refund"), [false, true, false, true]);
}

#[tokio::test]
async fn pages_follow_one_another_to_the_end_and_hold_each_tool_once() {
    let limits = Limits {
        page: 3,
        ..Limits::default()
    };
    let server = builder(&Ledger::default()).limits(limits).build().unwrap();
    let mut client = Client::of(&server).await;
    let mut found = Vec::new();
    let mut params = json!({});
    loop {
        let page = client.ask("tools/list", params).await;
        assert!((1..=3).contains(&names(&page).len()));
        found.extend(names(&page).into_iter().map(str::to_owned));
        match page["result"]["nextCursor"].as_str() {
            Some(cursor) => params = json!({"cursor": cursor}),
            None => break,
        }
    }
    let registry = enact_action_core::Registry::open().unwrap();
    assert_eq!(found, registry.iter().map(Entry::name).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_cursor_of_nobody_is_a_protocol_error() {
    let server = builder(&Ledger::default()).build().unwrap();
    let mut client = Client::of(&server).await;
    let page = client.ask("tools/list", json!({"cursor": "no such"})).await;
    assert_eq!(page["error"]["code"], -32602);
}

#[tokio::test]
async fn what_is_not_allowed_is_not_there() {
    let allow = Allow::only(["add*", "get_weather"]);
    let server = builder(&Ledger::default()).allow(allow).build().unwrap();
    let mut client = Client::of(&server).await;
    let page = client.ask("tools/list", json!({})).await;
    assert_eq!(names(&page), ["add", "add_three", "get_weather"]);
    let call = json!({"name": "refund", "arguments": {"cents": 1}});
    let error = client.ask("tools/call", call).await["error"].take();
    assert_eq!(error["code"], -32602);
    assert_eq!(
        error["message"],
        r#"unknown tool "refund"; `tools/list` tells which there are"#
    );
}

#[test]
fn a_name_that_allows_nothing_is_an_error_at_the_start() {
    let allow = Allow::only(["ad", "nothing_*", "add"]);
    let error = builder(&Ledger::default())
        .allow(allow)
        .build()
        .unwrap_err();
    assert_eq!(error.code(), "mcp.allow");
    assert_eq!(
        error.to_string(),
        "no action is allowed by \"ad\"; did you mean \"add\"?\n\
         no action is allowed by \"nothing_*\"; write a name, or part of one with `*`"
    );
}

#[tokio::test]
async fn a_client_hears_when_its_list_has_changed() {
    let allow = Allow::only(["add"]);
    let server = builder(&Ledger::default())
        .allow(allow.clone())
        .build()
        .unwrap();
    let mut client = Client::of(&server).await;
    // What is answered after `initialized` was read after it.
    let page = client.ask("tools/list", json!({})).await;
    assert_eq!(names(&page), ["add"]);
    allow.set(["get_weather"]);
    assert_eq!(
        client.next().await["method"],
        "notifications/tools/list_changed"
    );
    let page = client.ask("tools/list", json!({})).await;
    assert_eq!(names(&page), ["get_weather"]);
}

#[tokio::test]
async fn a_client_of_2026_begins_with_any_request_and_says_in_each_who_it_is() {
    let server = builder(&Ledger::default()).build().unwrap();
    let mut client = Client::silent(&server);
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let answer = client.ask("server/discover", json!({"_meta": meta})).await;
    let versions = answer["result"]["supportedVersions"].as_array().unwrap();
    assert!(versions.contains(&json!("2025-11-25")) && versions.contains(&json!("2026-07-28")));
    let page = client.ask("tools/list", json!({"_meta": meta})).await;
    assert_eq!(page["result"]["resultType"], "complete");
    assert!(
        page["result"]["ttlMs"].is_u64() && page["result"]["cacheScope"].is_string(),
        "{page}"
    );
    let call = json!({"name": "add", "arguments": {"a": 1, "b": 2}, "_meta": meta});
    let answer = client.ask("tools/call", call).await;
    assert_eq!(answer["result"]["content"][0]["text"], "3");
}

#[tokio::test]
async fn params_that_are_none_of_their_method_are_told_what_is_expected() {
    let server = builder(&Ledger::default()).build().unwrap();
    let mut client = Client::of(&server).await;
    let call = "`name`, a text, and where the tool takes any `arguments`, an object; `_meta` and `inputResponses` are objects and \
                `requestState` is a text, where they are sent";
    for (method, params, expected) in [
        (
            "tools/call",
            json!({"name": "add", "arguments": "{}"}),
            call,
        ),
        ("tools/call", json!({"name": "add", "arguments": [1]}), call),
        ("tools/call", json!({"arguments": {}}), call),
        (
            "tools/call",
            json!({"name": "add", "requestState": 7}),
            call,
        ),
        (
            "tools/call",
            json!({"name": "add", "inputResponses": 7}),
            call,
        ),
        ("resources/read", json!({}), "`uri`, a text"),
    ] {
        let answer = client.ask(method, params).await;
        let message = format!("could not read the params of {method}; send {expected}");
        let error = json!({"code": -32602, "message": message});
        assert_eq!(answer["error"], error, "{answer}");
    }
    // What is not served is not there, whatever its params.
    for (method, params) in [
        ("logging/setLevel", json!({"level": "verbose"})),
        ("tools/calls", json!({})),
    ] {
        let answer = client.ask(method, params).await;
        assert_eq!(answer["error"]["code"], -32601, "{answer}");
    }
}

#[tokio::test]
async fn a_client_that_says_often_that_it_is_there_hears_of_a_change_once() {
    let allow = Allow::only(["add"]);
    let server = builder(&Ledger::default()).allow(allow.clone());
    let mut client = Client::of(&server.build().unwrap()).await;
    for _ in 0..3 {
        client
            .write(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
            .await;
    }
    let page = client.ask("tools/list", json!({})).await;
    assert_eq!(names(&page), ["add"]);
    allow.set(["get_weather"]);
    let heard = client.next().await;
    assert_eq!(heard["method"], "notifications/tools/list_changed");
    // Whoever hears of it beside would have said so by then.
    let id = client.send("tools/list", json!({})).await;
    assert_eq!(client.next().await["id"], id);
}
