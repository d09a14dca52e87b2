//! Actions to call, and a client that writes its own JSON.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};

use enact_action_core::context::Progress;
use enact_action_core::prelude::*;
use enact_mcp::{Builder, Server};
use enact_workflow::workflow;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::io::{
    AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream, Lines, ReadHalf, WriteHalf,
};
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// What actions of the tests do to the world.
#[derive(Clone, Default)]
pub(crate) struct Ledger {
    pub(crate) refunds: Arc<AtomicU32>,
    pub(crate) began: Arc<Notify>,
    pub(crate) go: Arc<Notify>,
    pub(crate) cancelled: Arc<Notify>,
}

/// What a blocked thread waits for.
pub(crate) struct Held(pub(crate) Mutex<Receiver<()>>);

/// Adds two numbers.
#[derive(Action)]
#[action(crate = enact_action_core, effect = read, title = "Add up")]
pub(crate) struct Add {
    /// The first.
    #[param(max = 100)]
    pub(crate) a: i32,
    /// The second.
    pub(crate) b: i32,
}

impl Run for Add {
    type Output = i32;
    async fn run(&self, _cx: &Context) -> Result<i32, Failure> {
        Ok(self.a + self.b)
    }
}

#[derive(Serialize, serde::Deserialize, schemars::JsonSchema)]
pub(crate) struct Weather {
    city: String,
    degrees: i8,
}

/// Finds the weather of a city.
#[derive(Action)]
#[action(crate = enact_action_core, effect = read)]
pub(crate) struct GetWeather {
    /// The city.
    city: String,
    /// How often to say it.
    #[param(default = 1)]
    times: usize,
}

impl Run for GetWeather {
    type Output = Weather;
    async fn run(&self, _cx: &Context) -> Result<Weather, Failure> {
        Ok(Weather {
            city: self.city.repeat(self.times),
            degrees: 21,
        })
    }
}

/// Pays money back.
#[derive(Action)]
#[action(crate = enact_action_core, needs(Ledger))]
pub(crate) struct Refund {
    /// How much.
    cents: u32,
    /// Whether to wait to be told.
    #[param(default = false)]
    slowly: bool,
}

impl Run for Refund {
    type Output = String;
    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        let ledger: &Ledger = cx.resource()?;
        let count = ledger.refunds.fetch_add(1, Ordering::SeqCst) + 1;
        if self.slowly {
            ledger.began.notify_one();
            ledger.go.notified().await;
        }
        if self.cents == 13 {
            return Err(Failure::retryable("bank.away", "the bank does not answer"));
        }
        if self.cents == 14 {
            return Err(Failure::terminal("bank.closed", "the account is closed"));
        }
        let key = cx.idempotency_key().unwrap_or("none");
        Ok(format!(
            "{count} for {} by {key}",
            cx.tenant().unwrap_or("nobody")
        ))
    }
}

/// Breaks.
#[derive(Action)]
#[action(crate = enact_action_core)]
pub(crate) struct Broken;

impl Run for Broken {
    type Output = ();
    #[expect(clippy::panic, reason = "it is what it is for")]
    async fn run(&self, _cx: &Context) -> Result<(), Failure> {
        panic!("the password is hunter2")
    }
}

/// Counts to a hundred.
#[derive(Action)]
#[action(crate = enact_action_core, effect = read)]
pub(crate) struct Count;

impl Run for Count {
    type Output = ();
    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        for done in [0, 50, 50, 100] {
            cx.progress(Progress::new(done).of(100).at("counting"));
        }
        Ok(())
    }
}

/// Waits until nobody wants it any more.
#[derive(Action)]
#[action(crate = enact_action_core, effect = read, grace = "1m", needs(Ledger))]
pub(crate) struct Linger;

impl Run for Linger {
    type Output = ();
    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        let ledger: &Ledger = cx.resource()?;
        ledger.began.notify_one();
        cx.cancelled().await;
        ledger.cancelled.notify_one();
        Ok(())
    }
}

/// Blocks its thread.
#[derive(Action)]
#[action(crate = enact_action_core, effect = read, needs(Held))]
pub(crate) struct Block;

impl Run for Block {
    type Output = ();
    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        let held: &Held = cx.resource()?;
        // It ends when the test drops the other end.
        drop(held.0.lock().map(|held| held.recv()));
        Ok(())
    }
}

workflow! {
    /// Adds three numbers.
    #[workflow(version = 1)]
    pub(crate) AddThree { a: i32, b: i32, c: i32 } -> i32 {
        step first = Add { a, b };
        step second = Add { a: first, b: c };
        second
    }
}

/// A server with an empty ledger.
pub(crate) fn builder(ledger: &Ledger) -> Builder {
    let cx = Context::builder().resource(ledger.clone()).build();
    Server::builder("shop", &Registry::open().unwrap())
        .version("1.2.3")
        .context(cx)
}

/// A client of the revision 2025-11-25 that writes its own JSON.
pub(crate) struct Client {
    write: WriteHalf<DuplexStream>,
    lines: Lines<BufReader<ReadHalf<DuplexStream>>>,
    pub(crate) served: JoinSet<Result<(), enact_mcp::McpError>>,
    pub(crate) hello: Value,
    id: u64,
}

impl Client {
    pub(crate) async fn of(server: &Server) -> Self {
        Self::able(server, json!({})).await
    }

    /// One with these capabilities.
    pub(crate) async fn able(server: &Server, capabilities: Value) -> Self {
        let mut client = Self::silent(server);
        let hello = json!({"protocolVersion": "2025-11-25", "capabilities": capabilities, "clientInfo": {"name": "t", "version": "0"}});
        let id = client.send("initialize", hello).await;
        client.hello = client.answer(id).await;
        client
            .write(r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#)
            .await;
        client
    }

    /// One that has not said who it is.
    pub(crate) fn silent(server: &Server) -> Self {
        let (ours, theirs) = tokio::io::duplex(1 << 16);
        let (read, write) = tokio::io::split(theirs);
        let server = server.clone();
        let mut served = JoinSet::new();
        served.spawn(async move { server.serve(read, write).await });
        let (read, write) = tokio::io::split(ours);
        Self {
            write,
            lines: BufReader::new(read).lines(),
            served,
            hello: Value::Null,
            id: 0,
        }
    }

    pub(crate) async fn write(&mut self, line: &str) {
        self.write.write_all(line.as_bytes()).await.unwrap();
        self.write.write_all(b"\n").await.unwrap();
    }

    pub(crate) async fn send(&mut self, method: &str, params: Value) -> u64 {
        self.id += 1;
        let line = json!({"jsonrpc": "2.0", "id": self.id, "method": method, "params": params});
        self.write(&line.to_string()).await;
        self.id
    }

    /// Sends a request whose end is missing.
    pub(crate) async fn send_cut(&mut self, method: &str, params: Value) -> u64 {
        self.id += 1;
        let line = json!({"jsonrpc": "2.0", "id": self.id, "method": method, "params": params});
        let line = line.to_string();
        self.write(&line[..line.len() - 1]).await;
        self.id
    }

    /// The next message.
    pub(crate) async fn next(&mut self) -> Value {
        let line = self.lines.next_line().await.unwrap().expect("a message");
        serde_json::from_str(&line).unwrap()
    }

    /// The next message that answers, which is to be that one.
    pub(crate) async fn answer(&mut self, id: u64) -> Value {
        loop {
            let message = self.next().await;
            if message.get("method").is_none() {
                assert_eq!(message["id"], id, "{message}");
                return message;
            }
        }
    }

    pub(crate) async fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.send(method, params).await;
        self.answer(id).await
    }

    pub(crate) async fn call(&mut self, name: &str, arguments: Value) -> Value {
        let params = json!({"name": name, "arguments": arguments});
        self.ask("tools/call", params).await["result"].take()
    }

    /// Calls with a key.
    pub(crate) async fn send_once(&mut self, arguments: Value, key: &str) -> u64 {
        let params = json!({"name": "refund", "arguments": arguments, "_meta": {enact_mcp::IDEMPOTENCY_KEY: key}});
        self.send("tools/call", params).await
    }

    pub(crate) async fn once(&mut self, arguments: Value, key: &str) -> Value {
        let id = self.send_once(arguments, key).await;
        self.answer(id).await["result"].take()
    }
}

/// The text of an answer.
pub(crate) fn text(result: &Value) -> &str {
    result["content"][0]["text"].as_str().expect("text")
}
