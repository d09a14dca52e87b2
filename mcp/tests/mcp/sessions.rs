//! What holds for a session of HTTP: streams that break off, ids that are taken, many that listen.

use std::time::Duration;

use enact_action_core::Context;
use enact_mcp::{Allow, Grant, Http, Limits};
use reqwest::header::HeaderMap;
use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::http::{HELLO, Place, STATELESS};
use crate::world::{Ledger, builder};

/// A session, by hand.
pub(crate) struct Session {
    http: Client,
    url: String,
    id: String,
}

impl Session {
    pub(crate) async fn begin(place: &Place) -> Self {
        let mut session = Self {
            http: Client::new(),
            url: place.url(),
            id: String::new(),
        };
        let hello = session.send(HELLO.to_owned()).await;
        session.id = header(hello.headers(), "mcp-session-id");
        drop(hello.text().await.unwrap());
        let ready = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;
        assert_eq!(session.send(ready.to_owned()).await.status(), 202);
        session
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    fn with_headers(&self, request: RequestBuilder) -> RequestBuilder {
        let request = request.header("accept", "application/json, text/event-stream");
        match &*self.id {
            "" => request,
            id => request
                .header("mcp-session-id", id)
                .header("mcp-protocol-version", "2025-11-25"),
        }
    }

    pub(crate) async fn send(&self, body: String) -> Response {
        let post = self.http.post(&self.url).body(body);
        let post = post.header("content-type", "application/json");
        self.with_headers(post).send().await.unwrap()
    }

    pub(crate) async fn call(&self, id: u64, name: &str, arguments: Value) -> Response {
        let params = json!({"name": name, "arguments": arguments});
        let call = json!({"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params});
        self.send(call.to_string()).await
    }

    /// Listens, or comes back after that event.
    async fn listen(&self, last: Option<&str>) -> Response {
        let mut get = self.with_headers(self.http.get(&self.url));
        if let Some(last) = last {
            get = get.header("last-event-id", last);
        }
        get.send().await.unwrap()
    }
}

fn header(headers: &HeaderMap, name: &str) -> String {
    headers[name].to_str().unwrap().to_owned()
}

/// The id of an event, and its message.
fn event(text: &str) -> (String, Value) {
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name));
    let data = field("data: ").filter(|data| !data.is_empty());
    let data = data.map_or(Value::Null, |data| serde_json::from_str(data).unwrap());
    (field("id: ").unwrap_or_default().to_owned(), data)
}

/// The next event.
async fn next(response: &mut Response) -> Option<(String, Value)> {
    let chunk = response.chunk().await.unwrap()?;
    Some(event(str::from_utf8(&chunk).unwrap()))
}

/// All the events that it has.
pub(crate) async fn all(response: Response) -> Vec<(String, Value)> {
    let text = response.text().await.unwrap();
    text.split_terminator("\n\n").map(event).collect()
}

#[tokio::test]
async fn an_answer_comes_after_the_way_back_to_it() {
    let place = Place::of(builder(&Ledger::default()).build().unwrap(), Http::new()).await;
    let session = Session::begin(&place).await;
    let events = all(session.call(7, "add", json!({"a": 2, "b": 3})).await).await;
    let [(way_back, Value::Null), (_, answer)] = &*events else {
        panic!("{events:?}")
    };
    assert!(way_back.starts_with("0/"), "{way_back}");
    assert_eq!(answer["id"], 7);
    assert_eq!(answer["result"]["content"][0]["text"], "5");
    place.stop().await;
}

#[tokio::test]
async fn who_loses_the_connection_comes_back_for_the_answer_and_nothing_runs_twice() {
    let ledger = Ledger::default();
    let place = Place::of(builder(&ledger).build().unwrap(), Http::new()).await;
    let session = Session::begin(&place).await;
    let mut lost = session
        .call(7, "refund", json!({"cents": 1, "slowly": true}))
        .await;
    let (way_back, nothing) = next(&mut lost).await.unwrap();
    assert_eq!(nothing, Value::Null);
    drop(lost);
    ledger.go.notify_one();
    let events = all(session.listen(Some(&way_back)).await).await;
    let [(_, answer)] = &*events else {
        panic!("{events:?}")
    };
    assert_eq!(
        answer["result"]["content"][0]["text"],
        "1 for nobody by none"
    );
    place.stop().await;
}

#[tokio::test]
async fn a_request_with_the_id_of_another_that_runs_is_refused_and_the_other_is_answered() {
    let ledger = Ledger::default();
    let place = Place::of(builder(&ledger).build().unwrap(), Http::new()).await;
    let session = Session::begin(&place).await;
    let slow = session
        .call(7, "refund", json!({"cents": 1, "slowly": true}))
        .await;
    let refused = all(session.call(7, "add", json!({"a": 1, "b": 1})).await).await;
    assert_eq!(refused[0].1["error"]["code"], -32600, "{refused:?}");
    ledger.go.notify_one();
    let events = all(slow).await;
    assert_eq!(events.last().unwrap().1["id"], 7);
    place.stop().await;
}

#[tokio::test]
async fn a_call_that_is_taken_back_ends_without_an_answer() {
    let ledger = Ledger::default();
    let place = Place::of(builder(&ledger).build().unwrap(), Http::new()).await;
    let session = Session::begin(&place).await;
    let call = session.call(7, "linger", json!({})).await;
    ledger.began.notified().await;
    let back = r#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}"#;
    assert_eq!(session.send(back.to_owned()).await.status(), 202);
    let events = all(call).await;
    assert!(
        events.iter().all(|(_, message)| message.is_null()),
        "{events:?}"
    );
    ledger.cancelled.notified().await;
    place.stop().await;
}

#[tokio::test]
async fn of_two_that_listen_one_hears_and_when_it_goes_the_other() {
    let allow = Allow::only(["add"]);
    let server = builder(&Ledger::default()).allow(allow.clone());
    let place = Place::of(server.build().unwrap(), Http::new()).await;
    let session = Session::begin(&place).await;
    let mut first = session.listen(None).await;
    let mut second = session.listen(None).await;
    for stream in [&mut first, &mut second] {
        assert_eq!(next(stream).await.unwrap().1, Value::Null);
    }
    drop(first);
    // Until it is known that the first has gone, it is told.
    let mut names = ["count", "add"].into_iter().cycle();
    let heard = loop {
        allow.set([names.next().unwrap()]);
        if let Ok(heard) = timeout(Duration::from_millis(100), next(&mut second)).await {
            break heard.unwrap().1;
        }
    };
    assert_eq!(heard["method"], "notifications/tools/list_changed");
    place.stop().await;
}

#[tokio::test]
async fn a_session_that_its_client_ends_is_there_no_more() {
    let place = Place::of(builder(&Ledger::default()).build().unwrap(), Http::new()).await;
    let session = Session::begin(&place).await;
    let delete = session.with_headers(session.http.delete(&session.url));
    assert!(delete.send().await.unwrap().status().is_success());
    let answer = session.call(1, "add", json!({"a": 1, "b": 1})).await;
    assert_eq!(answer.status(), 404);
    place.stop().await;
}

#[tokio::test]
async fn a_session_is_not_there_for_another_tenant() {
    let of = |tenant: &str| Grant::new(Context::new().of_tenant(tenant));
    let (acme, umbrella) = (of("acme"), of("umbrella"));
    let http = Http::new().sessions(move |session| match session.header("x-tenant") {
        Some("umbrella") => Ok(umbrella.clone()),
        _ => Ok(acme.clone()),
    });
    let place = Place::of(builder(&Ledger::default()).build().unwrap(), http).await;
    let session = Session::begin(&place).await;
    for method in [Method::GET, Method::DELETE, Method::POST] {
        let request = session.http.request(method, &session.url);
        let request = request
            .header("x-tenant", "umbrella")
            .header("content-type", "application/json");
        let refused = session.with_headers(request).send().await.unwrap();
        assert_eq!(refused.status(), 404);
    }
    let events = all(session.call(7, "add", json!({"a": 2, "b": 3})).await).await;
    assert_eq!(
        events.last().unwrap().1["result"]["content"][0]["text"],
        "5"
    );
    place.stop().await;
}

#[tokio::test]
async fn requests_without_a_session_are_served_where_there_are_as_many_sessions_as_may_be() {
    let limits = Limits {
        connections: 8,
        ..Limits::default()
    };
    let server = builder(&Ledger::default()).limits(limits).build().unwrap();
    let place = Place::of(server, Http::new()).await;
    for _ in 0..8 {
        Session::begin(&place).await;
    }
    let alone = Session {
        http: Client::new(),
        url: place.url(),
        id: String::new(),
    };
    assert_eq!(alone.send(HELLO.to_owned()).await.status(), 503);
    // By the version that it names it is none of those that need no session.
    let late = HELLO.replace("2025-11-25", "2026-07-28");
    let post = alone.with_headers(alone.http.post(&alone.url)).body(late);
    let post = post.header("content-type", "application/json");
    let post = post.header("mcp-protocol-version", "2026-07-28");
    assert_eq!(post.send().await.unwrap().status(), 503);
    let meta: Value = serde_json::from_str(STATELESS).unwrap();
    let list =
        json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": meta}});
    let post = alone.http.post(&alone.url).body(list.to_string());
    let post = post
        .header("content-type", "application/json")
        .header("mcp-protocol-version", "2026-07-28")
        .header("mcp-method", "tools/list");
    let listed = alone.with_headers(post).send().await.unwrap();
    assert_eq!(listed.status(), 200);
    let listed: Value = serde_json::from_str(&listed.text().await.unwrap()).unwrap();
    assert!(listed["result"]["tools"].is_array(), "{listed}");
    place.stop().await;
}

#[tokio::test]
async fn requests_are_served_where_as_many_listen_as_may() {
    let limits = Limits {
        connections: 6,
        ..Limits::default()
    };
    let server = builder(&Ledger::default()).limits(limits).build().unwrap();
    let place = Place::of(server, Http::new()).await;
    let (mut sessions, mut listening) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let session = Session::begin(&place).await;
        listening.push(session.listen(None).await);
        sessions.push(session);
    }
    let statuses: Vec<u16> = listening.iter().map(|one| one.status().as_u16()).collect();
    assert_eq!(statuses, [200, 200, 200, 405, 405]);
    let refused = listening.pop().unwrap().text().await.unwrap();
    assert_eq!(
        refused,
        "3 streams stand open, which is the most beside requests that this server takes; requests are answered without one"
    );
    listening.truncate(3);
    let session = &sessions[0];
    let events = all(session.call(7, "add", json!({"a": 2, "b": 3})).await).await;
    assert_eq!(events[1].1["result"]["content"][0]["text"], "5");
    // Who comes back for an answer has a place already.
    let back = session.listen(Some("0/1")).await;
    assert_eq!(back.status(), 200);
    listening.remove(0);
    let session = &sessions[3];
    let freed = async { while session.listen(None).await.status() != 200 {} };
    timeout(Duration::from_mins(1), freed).await.unwrap();
    place.stop().await;
}

#[tokio::test]
async fn a_session_has_two_places_and_its_oldest_stream_yields_to_its_next() {
    let limits = Limits {
        connections: 6,
        ..Limits::default()
    };
    let server = builder(&Ledger::default()).limits(limits).build().unwrap();
    let place = Place::of(server, Http::new()).await;
    let session = Session::begin(&place).await;
    let mut streams = Vec::new();
    for _ in 0..3 {
        streams.push(session.listen(None).await);
    }
    let ended = async |stream: Response| {
        let text = timeout(Duration::from_mins(1), stream.text()).await;
        text.expect("an end").unwrap()
    };
    ended(streams.remove(0)).await;
    // So there is a third for others, and none of a fourth.
    let (second, third) = (Session::begin(&place).await, Session::begin(&place).await);
    streams.push(second.listen(None).await);
    assert_eq!(third.listen(None).await.status(), 405);
    // Who has lost its stream has its place, where there is none left.
    streams.push(second.listen(None).await);
    let statuses: Vec<u16> = streams.iter().map(|one| one.status().as_u16()).collect();
    assert_eq!(statuses, [200; 4]);
    ended(streams.remove(2)).await;
    place.stop().await;
}

#[tokio::test]
async fn who_listens_without_a_session_has_a_place_like_any_stream() {
    let limits = Limits {
        connections: 4,
        ..Limits::default()
    };
    let server = builder(&Ledger::default()).limits(limits).build().unwrap();
    let place = Place::of(server, Http::new()).await;
    let meta: Value = serde_json::from_str(STATELESS).unwrap();
    let params = json!({"notifications": {"toolsListChanged": true}, "_meta": meta});
    let listen =
        json!({"jsonrpc": "2.0", "id": 1, "method": "subscriptions/listen", "params": params});
    let http = Client::new();
    let mut listening = Vec::new();
    for _ in 0..3 {
        let post = http.post(place.url()).body(listen.to_string()).headers(
            [
                ("accept", "application/json, text/event-stream"),
                ("content-type", "application/json"),
                ("mcp-protocol-version", "2026-07-28"),
                ("mcp-method", "subscriptions/listen"),
            ]
            .into_iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect(),
        );
        listening.push(post.send().await.unwrap());
    }
    let statuses: Vec<u16> = listening.iter().map(|one| one.status().as_u16()).collect();
    assert_eq!(statuses, [200, 200, 503]);
    place.stop().await;
}
