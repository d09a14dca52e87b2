//! Over HTTP an action that holds its thread keeps nobody from an answer, and hears that it is no longer wanted.

use std::sync::{Mutex, mpsc};
use std::time::Duration;

use enact_action_core::prelude::*;
use enact_mcp::{Builder, Http, Limits, Server};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use crate::http::{Place, STATELESS};
use crate::sessions::{Session, all};
use crate::world::{Held, Ledger, text};

/// Holds its thread until nobody wants it any more.
#[derive(Action)]
#[action(crate = enact_action_core, effect = read, needs(Ledger))]
struct Spin;

impl Run for Spin {
    type Output = ();
    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        let ledger: &Ledger = cx.resource()?;
        ledger.began.notify_one();
        while !cx.is_cancelled() {
            std::thread::yield_now();
        }
        ledger.cancelled.notify_one();
        Ok(())
    }
}

fn of(cx: Context) -> Builder {
    Server::builder("held", &Registry::open().unwrap()).context(cx)
}

/// Calls are soon over.
fn short() -> Limits {
    let short = Duration::from_millis(100);
    Limits {
        timeout: short,
        grace: short,
        ..Limits::default()
    }
}

/// A server whose calls are soon over, and what lets go of the thread that `block` holds.
async fn blocking() -> (Place, mpsc::Sender<()>) {
    let (hold, held) = mpsc::channel();
    let cx = Context::builder().resource(Held(Mutex::new(held))).build();
    let server = of(cx).limits(short()).build().unwrap();
    (Place::of(server, Http::new()).await, hold)
}

async fn spinning(ledger: &Ledger) -> Place {
    let cx = Context::builder().resource(ledger.clone()).build();
    Place::of(of(cx).build().unwrap(), Http::new()).await
}

/// A call as a client without a session writes it.
fn alone(name: &str, arguments: &Value) -> String {
    let meta: Value = serde_json::from_str(STATELESS).unwrap();
    let params = json!({"name": name, "arguments": arguments, "_meta": meta});
    json!({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params}).to_string()
}

fn headers(name: &str) -> [(&str, &str); 3] {
    [
        ("mcp-protocol-version", "2026-07-28"),
        ("mcp-method", "tools/call"),
        ("mcp-name", name),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn in_a_session_it_is_answered_once_and_the_next_call_too() {
    let (place, hold) = blocking().await;
    let session = Session::begin(&place).await;
    let events = all(session.call(7, "block", json!({})).await).await;
    let answer = &events.last().unwrap().1;
    assert_eq!(answer["id"], 7);
    assert!(
        text(&answer["result"]).contains("[timeout.unended]"),
        "{answer}"
    );
    // The revisions that have sessions have no such field.
    assert_eq!(answer["result"].get("resultType"), None, "{answer}");
    // While it goes on its id is taken: whoever came by it would get its answer.
    let refused = all(session.call(7, "add", json!({"a": 2, "b": 3})).await).await;
    assert_eq!(
        refused.last().unwrap().1["error"]["code"],
        -32600,
        "{refused:?}"
    );
    drop(hold);
    let sum = loop {
        let events = all(session.call(7, "add", json!({"a": 2, "b": 3})).await).await;
        let answer = events.last().unwrap().1.clone();
        if answer.get("error").is_none() {
            break answer;
        }
    };
    assert_eq!(text(&sum["result"]), "5");
    place.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_a_session_it_is_answered_too() {
    let (place, hold) = blocking().await;
    let call = alone("block", &json!({}));
    let (status, body) = place.post("/mcp", &headers("block"), &call).await;
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &answer["id"]), (200, &json!(7)));
    assert!(
        text(&answer["result"]).contains("[timeout.unended]"),
        "{answer}"
    );
    assert_eq!(answer["result"]["resultType"], "complete", "{answer}");
    drop(hold);
    let call = alone("add", &json!({"a": 2, "b": 3}));
    let (_, body) = place.post("/mcp", &headers("add"), &call).await;
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(text(&answer["result"]), "5");
    place.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn it_hears_that_its_client_took_the_call_back() {
    let ledger = Ledger::default();
    let place = spinning(&ledger).await;
    let session = Session::begin(&place).await;
    let call = session.call(7, "spin", json!({})).await;
    let back = r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}"#;
    assert_eq!(session.send(back.to_owned()).await.status(), 202);
    let events = all(call).await;
    assert!(events.iter().all(|(_, one)| one.is_null()), "{events:?}");
    ledger.cancelled.notified().await;
    place.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn it_hears_that_its_client_has_gone() {
    let ledger = Ledger::default();
    let place = spinning(&ledger).await;
    let mut client = TcpStream::connect(place.address()).await.unwrap();
    let call = alone("spin", &json!({}));
    let mut head = format!(
        "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-length: {}\r\ncontent-type: application/json\r\n\
         accept: application/json, text/event-stream\r\n",
        call.len()
    );
    for (name, value) in headers("spin") {
        head = format!("{head}{name}: {value}\r\n");
    }
    let request = format!("{head}\r\n{call}");
    client.write_all(request.as_bytes()).await.unwrap();
    ledger.began.notified().await;
    drop(client);
    ledger.cancelled.notified().await;
    place.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_request_that_needs_no_session_is_answered_though_it_names_one() {
    let (place, hold) = blocking().await;
    let session = Session::begin(&place).await;
    let id = session.id();
    let named = [("mcp-session-id", id)];
    let headers = [&headers("block")[..], &named].concat();
    let call = alone("block", &json!({}));
    let (status, body) = place.post("/mcp", &headers, &call).await;
    assert_eq!(status, 200);
    assert!(body.contains("[timeout.unended]"), "{body}");
    drop(hold);
    place.stop().await;
}

/// Has an action hold its thread in a session.
async fn spin(session: &Session, ledger: &Ledger) {
    tokio::join!(session.call(7, "spin", json!({})), ledger.began.notified());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn it_hears_that_the_server_is_stopped_however_short_its_grace() {
    let ledger = Ledger::default();
    let cx = Context::builder().resource(ledger.clone()).build();
    let limits = Limits {
        grace: Duration::ZERO,
        ..Limits::default()
    };
    let server = of(cx).limits(limits).build().unwrap();
    let place = Place::of(server, Http::new()).await;
    let session = Session::begin(&place).await;
    spin(&session, &ledger).await;
    place.stop().await;
    ledger.cancelled.notified().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn it_hears_that_nobody_serves_any_more() {
    let ledger = Ledger::default();
    let place = spinning(&ledger).await;
    let session = Session::begin(&place).await;
    spin(&session, &ledger).await;
    drop(place);
    ledger.cancelled.notified().await;
}
