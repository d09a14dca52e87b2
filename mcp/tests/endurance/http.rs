//! Over HTTP, in a session and without.

use std::sync::Arc;

use enact_mcp::Http;
use fastrand::Rng;
use reqwest::{Client, RequestBuilder};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use crate::kind::{Kind, Sent};
use crate::world::{Ledger, builder};
use crate::{BATCH, Way, endure, wanted};

/// Requests, each with its own answer.
#[derive(Clone)]
struct Posts {
    http: Client,
    url: String,
    session: Option<String>,
    ledger: Ledger,
    /// Whoever takes a call back: one at a time, since the ledger does not say whose call has begun.
    back: Arc<Mutex<()>>,
    id: u64,
    _served: Arc<JoinSet<()>>,
}

impl Posts {
    /// Those that need no session.
    async fn alone() -> Self {
        let ledger = Ledger::default();
        let server = builder(&ledger).build().unwrap();
        let bound = server.bind("127.0.0.1:0", Http::new()).await.unwrap();
        let url = format!("http://{}/mcp", bound.address());
        let mut served = JoinSet::new();
        served.spawn(bound.serve());
        Self {
            http: Client::new(),
            url,
            session: None,
            ledger,
            back: Arc::default(),
            id: 0,
            _served: Arc::new(served),
        }
    }

    /// Those of one session.
    async fn in_session() -> Self {
        let alone = Self::alone().await;
        let params = json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "0"}});
        let hello = json!({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": params});
        let answer = alone.post(&hello.to_string()).send().await.unwrap();
        let session = answer.headers()["mcp-session-id"].to_str().unwrap();
        let all = Self {
            session: Some(session.to_owned()),
            ..alone
        };
        all.tell("notifications/initialized", json!({})).await;
        all
    }

    fn post(&self, body: &str) -> RequestBuilder {
        self.http
            .post(&self.url)
            .header("content-type", "application/json")
            .header("accept", "application/json, text/event-stream")
            .body(body.to_owned())
    }

    /// What has no answer.
    async fn tell(&self, method: &str, params: Value) {
        let told = json!({"jsonrpc": "2.0", "method": method, "params": params});
        let post = self.of_session(self.post(&told.to_string()));
        assert_eq!(post.send().await.unwrap().status(), 202);
    }

    fn of_session(&self, post: RequestBuilder) -> RequestBuilder {
        match &self.session {
            Some(session) => post
                .header("mcp-session-id", session)
                .header("mcp-protocol-version", "2025-11-25"),
            None => post,
        }
    }

    fn call(&self, kind: Kind) -> RequestBuilder {
        let mut params = kind.call();
        let name = params["name"].as_str().unwrap().to_owned();
        if self.session.is_none() {
            params["_meta"] = json!({
                "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {},
                "io.modelcontextprotocol/clientInfo": {"name": "t", "version": "0"},
            });
        }
        let call =
            json!({"jsonrpc": "2.0", "id": self.id, "method": "tools/call", "params": params});
        let mut call = call.to_string();
        if kind == Kind::BadJson {
            call.pop();
        }
        let post = self.of_session(self.post(&call));
        match self.session {
            Some(_) => post,
            None => post
                .header("mcp-protocol-version", "2026-07-28")
                .header("mcp-method", "tools/call")
                .header("mcp-name", name),
        }
    }

    /// Makes one call and holds its answer against what it deserves.
    async fn make(self, kind: Kind) {
        if kind == Kind::TakenBack {
            return self.take_back().await;
        }
        let answer = self.call(kind).send().await.unwrap();
        let status = answer.status();
        let messages = messages(&answer.text().await.unwrap());
        if kind == Kind::BadJson {
            assert!(status.is_client_error(), "{status}: {messages:?}");
            return;
        }
        let [message] = &*messages else {
            panic!("{kind:?}, {status}: {messages:?}")
        };
        assert_eq!(message["id"], self.id, "{message}");
        assert!(kind.fits(message), "{kind:?}: {message}");
    }

    /// Makes a call, takes it back when its action has begun, and waits until that has heard of it.
    async fn take_back(self) {
        let _alone = self.back.lock().await;
        let mut answer = Box::pin(self.call(Kind::TakenBack).send());
        let begun = self.ledger.began.notified();
        // The head of an answer comes when it takes a while, and in a session only.
        let head = tokio::select! {
            biased;
            () = begun => None,
            head = &mut answer => {
                self.ledger.began.notified().await;
                Some(head.unwrap())
            }
        };
        if self.session.is_some() {
            let taken = json!({"requestId": self.id});
            self.tell("notifications/cancelled", taken).await;
            let answer = match head {
                Some(head) => head,
                None => answer.await.unwrap(),
            };
            let text = answer.text().await.unwrap();
            assert_eq!(messages(&text), Vec::<Value>::new());
        } else {
            drop(answer);
        }
        self.ledger.cancelled.notified().await;
    }
}

/// The messages of an answer: its JSON, or those of its events.
fn messages(text: &str) -> Vec<Value> {
    if let Ok(message) = serde_json::from_str(text) {
        return vec![message];
    }
    let lines = text.lines().filter_map(|line| line.strip_prefix("data:"));
    lines
        .filter_map(|data| serde_json::from_str(data).ok())
        .collect()
}

impl Way for Posts {
    async fn batch(&mut self, random: &mut Rng, sent: &mut Sent) {
        let mut calls = JoinSet::new();
        for _ in 0..BATCH {
            self.id += 1;
            calls.spawn(self.clone().make(Kind::draw(random, sent)));
        }
        while let Some(made) = calls.join_next().await {
            made.unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_of_every_kind_in_a_session_are_answered_and_memory_stays() {
    endure(Posts::in_session().await, wanted()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_of_every_kind_without_a_session_are_answered_and_memory_stays() {
    endure(Posts::alone().await, wanted()).await;
}
