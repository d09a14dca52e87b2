//! Over HTTP: the official client, and requests that are to be turned away.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::time::Duration;

use enact_action_core::Context;
use enact_mcp::{Allow, Denied, Grant, Http, Limits, Server};
use rmcp::model::{CallToolRequestParams, ClientConfig, ProtocolVersion, SubscriptionFilter};
use rmcp::service::RunningService;
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::{ClientHandler, ClientLifecycleMode, ClientServiceExt, RoleClient, ServiceExt};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::world::{Ledger, builder};

pub(crate) struct Place {
    pub(crate) server: Server,
    address: SocketAddr,
    served: JoinSet<()>,
}

impl Place {
    pub(crate) async fn of(server: Server, http: Http) -> Self {
        let bound = server.bind("127.0.0.1:0", http).await.unwrap();
        let address = bound.address();
        let mut served = JoinSet::new();
        served.spawn(bound.serve());
        Self {
            server,
            address,
            served,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/mcp", self.address)
    }

    pub(crate) fn transport(
        &self,
        token: Option<&str>,
    ) -> StreamableHttpClientTransport<reqwest::Client> {
        let mut config = StreamableHttpClientTransportConfig::with_uri(self.url());
        config.auth_header = token.map(str::to_owned);
        config.custom_headers = HashMap::new();
        StreamableHttpClientTransport::from_config(config)
    }

    pub(crate) async fn stop(mut self) {
        self.server.stop();
        self.served.join_next().await.unwrap().unwrap();
    }

    /// Posts with these headers; the status, and the body.
    pub(crate) async fn post(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> (u16, String) {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let mut head = format!(
            "POST {path} HTTP/1.1\r\nconnection: close\r\ncontent-length: {}\r\n\
             content-type: application/json\r\naccept: application/json, text/event-stream\r\n",
            body.len()
        );
        if !headers.iter().any(|(name, _)| *name == "host") {
            head.push_str("host: localhost\r\n");
        }
        for (name, value) in headers {
            head = format!("{head}{name}: {value}\r\n");
        }
        stream
            .write_all(format!("{head}\r\n{body}").as_bytes())
            .await
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, body.to_owned())
    }
}

fn add(a: i32, b: i32) -> CallToolRequestParams {
    let arguments = json!({"a": a, "b": b});
    CallToolRequestParams::new("add").with_arguments(arguments.as_object().unwrap().clone())
}

async fn text<H: ClientHandler>(
    client: &RunningService<RoleClient, H>,
    call: CallToolRequestParams,
) -> String {
    let result = client.call_tool(call).await.unwrap();
    let result: Value = serde_json::to_value(result).unwrap();
    result["content"][0]["text"].as_str().unwrap().to_owned()
}

pub(crate) const HELLO: &str = r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"0"}}}"#;

/// What a request says of its sender that has no session.
pub(crate) const STATELESS: &str = r#"{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"t","version":"0"}}"#;

pub(crate) fn discovering() -> ClientLifecycleMode {
    ClientLifecycleMode::Discover {
        preferred_versions: vec![ProtocolVersion::V_2026_07_28],
    }
}

#[tokio::test]
async fn the_official_client_lists_and_calls_in_a_session() {
    let place = Place::of(builder(&Ledger::default()).build().unwrap(), Http::new()).await;
    let client = ().serve(place.transport(None)).await.unwrap();
    let tools = client.list_all_tools().await.unwrap();
    assert_eq!(tools.len(), place.server.len());
    assert_eq!(text(&client, add(2, 3)).await, "5");
    client.cancel().await.unwrap();
    place.stop().await;
}

#[tokio::test]
async fn the_official_client_lists_and_calls_without_a_session() {
    let place = Place::of(builder(&Ledger::default()).build().unwrap(), Http::new()).await;
    let client = ().serve_with_lifecycle(place.transport(None), discovering()).await.unwrap();
    assert_eq!(
        client.list_all_tools().await.unwrap().len(),
        place.server.len()
    );
    assert_eq!(text(&client, add(2, 3)).await, "5");
    client.cancel().await.unwrap();
    place.stop().await;
}

#[tokio::test]
async fn who_has_no_token_or_another_is_turned_away() {
    let http = Http::new().token("right");
    let place = Place::of(builder(&Ledger::default()).build().unwrap(), http).await;
    for header in [
        &[][..],
        &[("authorization", "Bearer wrong")],
        &[("authorization", "Basic right")],
    ] {
        assert_eq!(place.post("/mcp", header, HELLO).await.0, 401);
    }
    assert_eq!(
        place
            .post("/mcp", &[("authorization", "bearer right")], HELLO)
            .await
            .0,
        200
    );
    let client = ().serve(place.transport(Some("right"))).await.unwrap();
    assert_eq!(text(&client, add(2, 3)).await, "5");
    client.cancel().await.unwrap();
    place.stop().await;
}

#[tokio::test]
async fn pages_and_names_of_elsewhere_are_turned_away() {
    let http = Http::new()
        .host("tools.example.com")
        .origin("https://app.example.com:443");
    let place = Place::of(builder(&Ledger::default()).build().unwrap(), http).await;
    for (name, value, status) in [
        ("origin", "http://evil.example", 403),
        ("origin", "null", 403),
        ("host", "evil.example", 403),
        ("origin", "http://localhost:3000", 200),
        ("origin", "http://[::1]:3000", 200),
        ("origin", "https://app.example.com", 200),
        ("host", "tools.example.com", 200),
    ] {
        assert_eq!(
            place.post("/mcp", &[(name, value)], HELLO).await.0,
            status,
            "{name}: {value}"
        );
    }
    assert_eq!(place.post("/other", &[], HELLO).await.0, 404);
    place.stop().await;
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused() {
    let limits = Limits {
        message: 1000,
        ..Limits::default()
    };
    let place = Place::of(
        builder(&Ledger::default()).limits(limits).build().unwrap(),
        Http::new(),
    )
    .await;
    assert_eq!(place.post("/mcp", &[], &" ".repeat(1001)).await.0, 413);
    assert_eq!(place.post("/mcp", &[], HELLO).await.0, 200);
    place.stop().await;
}

#[tokio::test]
async fn a_session_beyond_the_most_is_refused() {
    let limits = Limits {
        connections: 1,
        ..Limits::default()
    };
    let place = Place::of(
        builder(&Ledger::default()).limits(limits).build().unwrap(),
        Http::new(),
    )
    .await;
    assert_eq!(place.post("/mcp", &[], HELLO).await.0, 200);
    assert_eq!(place.post("/mcp", &[], HELLO).await.0, 503);
    place.stop().await;
}

#[tokio::test]
async fn each_client_has_its_own_tenant_resources_and_tools() {
    let (acme, umbrella) = (Ledger::default(), Ledger::default());
    let of = |ledger: &Ledger, tenant: &str| {
        let cx = Context::builder().resource(ledger.clone()).build();
        Grant::new(cx.of_tenant(tenant)).allow(Allow::only(["refund"]))
    };
    let (first, second) = (of(&acme, "acme"), of(&umbrella, "umbrella"));
    let http = Http::new().sessions(move |session| match session.bearer() {
        Some("a") => Ok(first.clone()),
        Some("u") => Ok(second.clone()),
        _ => Err(Denied::because("who are you?")),
    });
    let place = Place::of(builder(&Ledger::default()).build().unwrap(), http).await;
    assert_eq!(
        place.post("/mcp", &[], HELLO).await,
        (403, "who are you?".to_owned())
    );
    let mut refund = CallToolRequestParams::new("refund");
    refund.arguments = json!({"cents": 1}).as_object().cloned();
    // The same key of two tenants is two keys.
    let mut meta = rmcp::model::RequestMetaObject::default();
    meta.insert(enact_mcp::IDEMPOTENCY_KEY.to_owned(), json!("k"));
    refund.meta = Some(meta);
    for (token, tenant) in [("a", "acme"), ("u", "umbrella")] {
        let client = ().serve(place.transport(Some(token))).await.unwrap();
        let tools = client.list_all_tools().await.unwrap();
        assert_eq!(
            tools.iter().map(|tool| &*tool.name).collect::<Vec<_>>(),
            ["refund"]
        );
        assert_eq!(
            text(&client, refund.clone()).await,
            format!("1 for {tenant} by k")
        );
        assert!(client.call_tool(add(1, 1)).await.is_err());
        client.cancel().await.unwrap();
    }
    place.stop().await;
}

/// Hears of changes.
#[derive(Default)]
struct Listener(std::sync::Arc<Notify>);

impl ClientHandler for Listener {
    fn get_info(&self) -> ClientConfig {
        ClientConfig::default()
    }

    async fn on_tool_list_changed(&self, _: rmcp::service::NotificationContext<RoleClient>) {
        self.0.notify_one();
    }
}

#[tokio::test]
async fn a_client_with_a_session_hears_when_its_tools_change() {
    let allow = Allow::only(["add"]);
    let server = builder(&Ledger::default())
        .allow(allow.clone())
        .build()
        .unwrap();
    let place = Place::of(server, Http::new()).await;
    let listener = Listener::default();
    let heard = std::sync::Arc::clone(&listener.0);
    let client = listener.serve(place.transport(None)).await.unwrap();
    assert_eq!(client.list_all_tools().await.unwrap().len(), 1);
    allow.set(["add", "count"]);
    heard.notified().await;
    assert_eq!(client.list_all_tools().await.unwrap().len(), 2);
    client.cancel().await.unwrap();
    place.stop().await;
}

#[tokio::test]
async fn a_client_without_a_session_hears_it_where_it_listens() {
    let allow = Allow::only(["add"]);
    let server = builder(&Ledger::default())
        .allow(allow.clone())
        .build()
        .unwrap();
    let place = Place::of(server, Http::new()).await;
    let client = ().serve_with_lifecycle(place.transport(None), discovering()).await.unwrap();
    let mut wanted = SubscriptionFilter::default();
    wanted.tools_list_changed = Some(true);
    let mut heard = client.listen(wanted).await.unwrap();
    allow.set(["count"]);
    assert!(heard.next().await.unwrap().is_some());
    drop(heard);
    client.cancel().await.unwrap();
    place.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_come_is_not_waited_for_for_ever() {
    let place = Place::of(builder(&Ledger::default()).build().unwrap(), Http::new()).await;
    let mut stream = TcpStream::connect(place.address()).await.unwrap();
    let half = "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\
         content-type: application/json\r\naccept: application/json, text/event-stream\r\n\r\n{";
    stream.write_all(half.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let answered = stream.read_to_string(&mut answer);
    tokio::time::timeout(Duration::from_mins(10), answered)
        .await
        .expect("an answer")
        .unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.ends_with("send it again"), "{answer}");
    place.stop().await;
}

#[tokio::test]
async fn a_key_is_that_of_whoever_sent_it() {
    let ledgers = [Ledger::default(), Ledger::default()];
    let [ada, bob] = ledgers.clone();
    let of = |ledger: &Ledger| Grant::new(Context::builder().resource(ledger.clone()).build());
    let http = Http::new().sessions(move |session| match session.bearer() {
        Some("ada") => Ok(of(&ada)),
        Some("bob") => Ok(of(&bob)),
        _ => Err(Denied::because("whose token is this?")),
    });
    let place = Place::of(builder(&Ledger::default()).build().unwrap(), http).await;
    for token in ["ada", "bob", "ada"] {
        let client = ().serve(place.transport(Some(token))).await.unwrap();
        let mut refund = CallToolRequestParams::new("refund")
            .with_arguments(json!({"cents": 5}).as_object().unwrap().clone());
        let meta = json!({enact_mcp::IDEMPOTENCY_KEY: "k"});
        refund.meta = Some(serde_json::from_value(meta).unwrap());
        assert_eq!(text(&client, refund).await, "1 for nobody by k");
        client.cancel().await.unwrap();
    }
    let refunds = ledgers.map(|ledger| ledger.refunds.load(Ordering::SeqCst));
    assert_eq!(refunds, [1, 1]);
    place.stop().await;
}

#[tokio::test]
async fn a_key_is_that_of_its_tenant_whatever_the_token() {
    let ledger = Ledger::default();
    let cx = Context::builder().resource(ledger.clone()).build();
    let http = Http::new().sessions(move |session| {
        let (tenant, _) = session.bearer().unwrap_or_default().split_at(4);
        Ok(Grant::new(cx.clone().of_tenant(tenant)))
    });
    let place = Place::of(builder(&Ledger::default()).build().unwrap(), http).await;
    for (token, says) in [
        ("acme-old", "1 for acme by k"),
        ("acme-new", "1 for acme by k"),
        ("ajax-old", "2 for ajax by k"),
    ] {
        let client = ().serve(place.transport(Some(token))).await.unwrap();
        let mut refund = CallToolRequestParams::new("refund");
        refund.arguments = json!({"cents": 5}).as_object().cloned();
        let meta = json!({enact_mcp::IDEMPOTENCY_KEY: "k"});
        refund.meta = Some(serde_json::from_value(meta).unwrap());
        assert_eq!(text(&client, refund).await, says);
        client.cancel().await.unwrap();
    }
    assert_eq!(ledger.refunds.load(Ordering::SeqCst), 2);
    place.stop().await;
}

#[tokio::test]
async fn a_batch_is_refused_with_what_to_do() {
    let place = Place::of(builder(&Ledger::default()).build().unwrap(), Http::new()).await;
    let (status, text) = place.post("/mcp", &[], &format!(" [{HELLO}]")).await;
    assert_eq!(
        (status, &*text),
        (
            400,
            "batches are not read over HTTP; send each message in a request of its own"
        )
    );
    place.stop().await;
}
