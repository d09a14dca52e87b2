//! What actions log, for clients that ask for it.

use std::sync::OnceLock;
use std::time::Duration;

use enact_action_core::prelude::*;
use enact_mcp::{Http, Limits, Logs, McpErrorKind, Server};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tracing::Instrument as _;
use tracing_subscriber::prelude::*;

use crate::http::{Place, STATELESS};
use crate::sessions::{Session, all};
use crate::world::{Client, Ledger, builder};

/// Says what it does.
#[derive(Action)]
#[action(crate = enact_action_core, effect = read)]
struct Chatter {
    /// How often.
    times: u32,
}

impl Run for Chatter {
    type Output = ();
    async fn run(&self, _cx: &Context) -> Result<(), Failure> {
        for time in 0..self.times {
            tracing::info!(target: "shop", time, left = -1.5, "said");
        }
        tracing::debug!(target: "shop::deep", "looked");
        tracing::trace!(target: "shop::deep", "blinked");
        tracing::warn!(target: "shopping", "of somebody else");
        let mut tasks = JoinSet::new();
        let span = tracing::info_span!(target: "shop", "beside");
        tasks.spawn(async { tracing::warn!(target: "shop", "beside it") }.instrument(span));
        tasks.spawn(async { tracing::warn!(target: "shop", "nobody knows whose") });
        tasks.join_all().await;
        tracing::error!(target: "shop", text = "ä".repeat(4000), "long");
        Ok(())
    }
}

/// Talks without an end, and leaves somebody behind who does too.
#[derive(Action)]
#[action(crate = enact_action_core, effect = read, grace = "1m", needs(Ledger))]
struct Babble;

impl Run for Babble {
    type Output = ();
    #[expect(clippy::disallowed_methods, reason = "it is what it is for")]
    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        let span = tracing::info_span!(target: "shop", "babble");
        let babble = async {
            loop {
                tracing::info!(target: "shop", "bla");
                tokio::task::yield_now().await;
            }
        };
        let behind = tokio::spawn(babble.instrument(span));
        let ledger: &Ledger = cx.resource()?;
        ledger.began.notify_one();
        while !cx.is_cancelled() {
            tracing::info!(target: "shop", "bla");
            tokio::task::yield_now().await;
        }
        ledger.cancelled.notify_one();
        ledger.go.notified().await;
        behind.abort();
        Ok(())
    }
}

/// The program's logs, and its subscriber.
fn logs() -> Logs {
    static LOGS: OnceLock<Logs> = OnceLock::new();
    let logs = LOGS.get_or_init(|| {
        let logs = Logs::of(["shop"]);
        tracing_subscriber::registry().with(logs.layer()).init();
        logs
    });
    logs.clone()
}

fn server() -> Server {
    let server = builder(&Ledger::default()).logs(&logs());
    server.build().unwrap()
}

/// Calls, and has what comes until the answer does.
async fn heard(client: &mut Client, times: u32) -> Vec<Value> {
    let params = json!({"name": "chatter", "arguments": {"times": times}});
    let id = client.send("tools/call", params).await;
    let mut heard = Vec::new();
    loop {
        let mut message = client.next().await;
        if message["method"] != "notifications/message" {
            assert_eq!(message["id"], id, "{message}");
            return heard;
        }
        heard.push(message["params"].take());
    }
}

fn levels(heard: &[Value]) -> Vec<&str> {
    let levels = heard.iter().map(|line| line["level"].as_str().unwrap());
    levels.collect()
}

#[tokio::test]
async fn a_client_hears_what_its_call_logs_from_the_level_that_it_asks_for() {
    let mut client = Client::of(&server()).await;
    assert_eq!(client.hello["result"]["capabilities"]["logging"], json!({}));
    assert_eq!(heard(&mut client, 1).await, Vec::<Value>::new());
    for (asked, levels_heard) in [
        ("info", vec!["info", "warning", "error"]),
        ("notice", vec!["warning", "error"]),
        ("error", vec!["error"]),
        ("critical", vec![]),
        ("debug", vec!["info", "debug", "debug", "warning", "error"]),
    ] {
        let set = client.ask("logging/setLevel", json!({"level": asked}));
        assert_eq!(set.await["result"], json!({}));
        let heard = heard(&mut client, 1).await;
        assert_eq!(levels(&heard), levels_heard, "{asked}: {heard:?}");
    }
    let other = &mut Client::of(&server()).await;
    assert_eq!(heard(other, 1).await, Vec::<Value>::new());
}

#[tokio::test]
async fn a_line_has_its_target_and_its_fields_and_long_ones_are_cut() {
    let mut client = Client::of(&server()).await;
    client
        .ask("logging/setLevel", json!({"level": "info"}))
        .await;
    let heard = heard(&mut client, 1).await;
    assert_eq!(
        heard[0],
        json!({"level": "info", "logger": "shop", "data": {"message": "said", "time": 0, "left": -1.5}})
    );
    assert_eq!(heard[1]["data"], "beside it");
    let text = heard[2]["data"]["text"].as_str().unwrap();
    assert_eq!(text, format!("{}…", "ä".repeat(2048)));
}

#[tokio::test]
async fn who_reads_too_slowly_misses_lines_and_has_the_answer() {
    let mut client = Client::of(&server()).await;
    client
        .ask("logging/setLevel", json!({"level": "info"}))
        .await;
    let heard = heard(&mut client, 10_000).await;
    assert!((64..10_000).contains(&heard.len()), "{}", heard.len());
    assert_eq!(heard[0]["data"]["time"], 0);
}

#[tokio::test]
async fn a_call_that_talks_without_an_end_is_cancelled_and_is_answered_in_time() {
    let ledger = Ledger::default();
    let limits = Limits {
        timeout: Duration::from_millis(200),
        grace: Duration::from_millis(50),
        ..Limits::default()
    };
    let server = builder(&ledger).logs(&logs()).limits(limits);
    let mut client = Client::of(&server.build().unwrap()).await;
    client
        .ask("logging/setLevel", json!({"level": "info"}))
        .await;
    let answer = client.call("babble", json!({})).await;
    assert_eq!(answer["isError"], true, "{answer}");
    ledger.go.notify_one();
}

#[tokio::test]
async fn in_a_session_of_http_lines_come_before_the_answer_on_its_own_stream() {
    let place = Place::of(server(), Http::new()).await;
    let session = Session::begin(&place).await;
    let set =
        r#"{"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":"warning"}}"#;
    let set = all(session.send(set.to_owned()).await).await;
    assert_eq!(set.last().unwrap().1["result"], json!({}));
    let events = all(session.call(2, "chatter", json!({"times": 1})).await).await;
    let messages: Vec<&Value> = events.iter().map(|(_, message)| message).collect();
    let messages: Vec<_> = messages.iter().filter(|one| !one.is_null()).collect();
    let [warning, error, answer] = &*messages else {
        panic!("{messages:?}")
    };
    assert_eq!(warning["params"]["data"], "beside it");
    assert_eq!(error["params"]["level"], "error");
    assert_eq!(answer["id"], 2);
    place.stop().await;
}

#[tokio::test]
async fn without_a_session_each_call_says_what_it_wants() {
    let place = Place::of(server(), Http::new()).await;
    for (level, lines) in [(Some("error"), 1), (None, 0)] {
        let mut meta: Value = serde_json::from_str(STATELESS).unwrap();
        if let Some(level) = level {
            meta["io.modelcontextprotocol/logLevel"] = level.into();
        }
        let params = json!({"name": "chatter", "arguments": {"times": 1}, "_meta": meta});
        let call = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params});
        let headers = [
            ("mcp-protocol-version", "2026-07-28"),
            ("mcp-method", "tools/call"),
            ("mcp-name", "chatter"),
        ];
        let (status, body) = place.post("/mcp", &headers, &call.to_string()).await;
        assert_eq!(status, 200, "{body}");
        assert_eq!(
            body.matches("notifications/message").count(),
            lines,
            "{body}"
        );
        assert!(body.contains("\"isError\":false"), "{body}");
    }
    place.stop().await;
}

#[tokio::test]
async fn logs_that_nothing_is_written_to_are_a_mistake_and_a_server_without_logs_says_so() {
    let unheard = Logs::of(["shop"]);
    let error = builder(&Ledger::default()).logs(&unheard).build();
    let error = error.unwrap_err();
    assert_eq!(
        (error.code(), error.kind()),
        ("mcp.logs", McpErrorKind::Misconfigured)
    );
    let server = builder(&Ledger::default()).build().unwrap();
    let mut client = Client::of(&server).await;
    assert_eq!(client.hello["result"]["capabilities"].get("logging"), None);
    let set = client.ask("logging/setLevel", json!({"level": "info"}));
    assert_eq!(set.await["error"]["code"], -32601);
}

#[tokio::test]
async fn a_level_that_is_none_is_told_which_there_are() {
    let mut client = Client::of(&server()).await;
    let answer = client
        .ask("logging/setLevel", json!({"level": "verbose"}))
        .await;
    assert_eq!(
        answer["error"],
        json!({
            "code": -32602,
            "message": "could not read the params of logging/setLevel; send `level`, one of debug, info, notice, warning, error, \
                critical, alert and emergency",
        })
    );
}
