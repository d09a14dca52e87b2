//! The list of 1,000 tools: built once, served from memory. Aim: little more than writing the same JSON alone, from a list that
//! is there; and no more than a bare server of the protocol's official library, which has its tools made beforehand too.

use std::hint::black_box;

use enact::__private::{Entry, Reader, Spec, Submitted, inventory};
use enact::mcp::{Limits, Server};
use enact::params::Param;
use enact::prelude::*;
use enact_benches::{Candidate, compare};
use rmcp::handler::server::router::tool::{ToolRoute, ToolRouter};
use rmcp::model::{CallToolResult, ListToolsResult, Tool};
use rmcp::{ServerHandler, ServiceExt, tool_handler};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, DuplexStream};
use tokio::runtime::{Builder, Runtime};

/// What was found.
#[derive(Params)]
struct Found {
    /// The names, the best first.
    names: Vec<String>,
    /// How many there are in all.
    total: u32,
}

/// Finds customers by what is known of them.
#[derive(Action)]
#[action(effect = read)]
struct FindCustomers {
    /// Words of the name.
    #[param(len = 1..=80, example = "Ada")]
    name: String,
    /// The country, by its code.
    #[param(pattern = "^[A-Z]{2}$")]
    country: Option<String>,
    /// How many at most.
    #[param(min = 1, max = 100, default = 20)]
    most: u32,
}

impl Run for FindCustomers {
    type Output = Found;

    async fn run(&self, _cx: &Context) -> Result<Found, Failure> {
        Ok(Found {
            names: vec![self.name.clone()],
            total: self.most,
        })
    }
}

/// The same under another name.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
struct Numbered<const N: usize>(FindCustomers);

impl<const N: usize> Numbered<N> {
    const LETTERS: [u8; 8] = [
        b't',
        b'o',
        b'o',
        b'l',
        b'_',
        digit(N / 100),
        digit(N / 10),
        digit(N),
    ];
}

#[expect(clippy::cast_possible_truncation, reason = "a digit is less than ten")]
const fn digit(number: usize) -> u8 {
    b'0' + (number % 10) as u8
}

impl<const N: usize> Param for Numbered<N> {}

impl<const N: usize> Params for Numbered<N> {
    fn reader() -> &'static Reader {
        FindCustomers::reader()
    }
}

impl<const N: usize> Run for Numbered<N> {
    type Output = Found;

    async fn run(&self, cx: &Context) -> Result<Found, Failure> {
        self.0.run(cx).await
    }
}

impl<const N: usize> Action for Numbered<N> {
    const SPEC: Spec = {
        let mut spec = FindCustomers::SPEC;
        spec.name = match str::from_utf8(&Self::LETTERS) {
            Ok(name) => name,
            Err(_) => spec.name,
        };
        spec
    };
}

/// Each number with that many digits more has its action.
macro_rules! each {
    ($number:expr;) => {
        const _: () = {
            static ENTRY: Entry = Entry::of::<Numbered<{ $number }>>();
            inventory::submit! { Submitted(&ENTRY) }
        };
    };
    ($number:expr; $digit:tt $($more:tt)*) => {
        each! { $number * 10; $($more)* }
        each! { $number * 10 + 1; $($more)* }
        each! { $number * 10 + 2; $($more)* }
        each! { $number * 10 + 3; $($more)* }
        each! { $number * 10 + 4; $($more)* }
        each! { $number * 10 + 5; $($more)* }
        each! { $number * 10 + 6; $($more)* }
        each! { $number * 10 + 7; $($more)* }
        each! { $number * 10 + 8; $($more)* }
        each! { $number * 10 + 9; $($more)* }
    };
}

each! { 0; . . . }

/// The peer: its tools are made beforehand.
#[derive(Clone)]
struct Bare {
    router: ToolRouter<Self>,
}

#[tool_handler(router = self.router)]
impl ServerHandler for Bare {}

impl Bare {
    fn of(tools: &[Tool]) -> Self {
        let mut router = ToolRouter::new();
        for tool in tools {
            router.add_route(ToolRoute::new_dyn(tool.clone(), |_| {
                Box::pin(async { Ok(CallToolResult::default().into()) })
            }));
        }
        Self { router }
    }
}

/// A client that reads lines and does not look into them.
struct Client {
    stream: BufReader<DuplexStream>,
    line: Vec<u8>,
}

impl Client {
    async fn of(stream: DuplexStream) -> Self {
        let mut client = Self {
            stream: BufReader::with_capacity(64 << 10, stream),
            line: Vec::new(),
        };
        let hello = json!({"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "load", "version": "0"}});
        client.ask("initialize", hello).await;
        client
            .say(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}))
            .await;
        client
    }

    async fn say(&mut self, message: &Value) {
        let line = format!("{message}\n");
        self.stream
            .write_all(line.as_bytes())
            .await
            .expect("the server is there");
    }

    /// The line that is answered.
    async fn ask(&mut self, method: &str, params: Value) -> &[u8] {
        self.say(&json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}))
            .await;
        self.line.clear();
        let read = self.stream.read_until(b'\n', &mut self.line).await;
        assert!(
            read.expect("the server is there") > 0,
            "the server has gone"
        );
        &self.line
    }

    /// All pages, and how many there are.
    async fn pages(&mut self) -> usize {
        let mut params = json!({});
        let mut count = 1;
        loop {
            let line = self.ask("tools/list", params).await;
            // It is the last of its page, so it needs no parser.
            let line = str::from_utf8(line).expect("JSON is UTF-8");
            let Some((_, cursor)) = line.rsplit_once(r#""nextCursor":""#) else {
                return count;
            };
            let cursor = cursor.split('"').next().unwrap_or_default();
            params = json!({ "cursor": cursor });
            count += 1;
        }
    }
}

fn ours(registry: &Registry, page: usize, runtime: &Runtime) -> Client {
    let limits = Limits {
        page,
        ..Limits::default()
    };
    let server = Server::builder("shop", registry).limits(limits);
    let server = server.build().expect("the actions are tools");
    let (near, far) = tokio::io::duplex(64 << 10);
    let (input, output) = tokio::io::split(far);
    runtime.spawn(async move { server.serve(input, output).await });
    runtime.block_on(Client::of(near))
}

fn bare(tools: &[Tool], runtime: &Runtime) -> Client {
    let bare = Bare::of(tools);
    let (near, far) = tokio::io::duplex(64 << 10);
    runtime.spawn(async move {
        let running = bare.serve(far).await.expect("the client begins well");
        drop(running.waiting().await);
    });
    runtime.block_on(Client::of(near))
}

fn main() {
    let registry = Registry::open().expect("this program's actions are sound");
    let registry = registry.filter(|entry| entry.name().starts_with("tool_"));
    assert_eq!(registry.len(), 1000);
    let tools = registry.tools().mcp().expect("the actions are tools");
    let tools: Vec<Tool> = serde_json::from_value(tools).expect("the library reads them");
    let list = ListToolsResult::with_all_items(tools.clone());
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let mut whole = ours(&registry, 1000, &runtime);
    let mut paged = ours(&registry, 200, &runtime);
    let mut peer = bare(&tools, &runtime);
    let length = runtime.block_on(whole.ask("tools/list", json!({}))).len();
    assert_eq!(runtime.block_on(paged.pages()), 5);
    let of_peer = runtime.block_on(peer.ask("tools/list", json!({}))).len();
    let title = format!("tools/list of 1,000 tools, {length} bytes (the bare server: {of_peer})");
    compare(
        &title,
        vec![
            Candidate::new("the JSON alone, from a list that is there", || {
                black_box(serde_json::to_vec(&list).is_ok());
            }),
            Candidate::new("a bare server, one page of all", || {
                black_box(runtime.block_on(peer.ask("tools/list", json!({}))).len());
            }),
            Candidate::new("one page of all, asked for and read", || {
                black_box(runtime.block_on(whole.ask("tools/list", json!({}))).len());
            }),
            Candidate::new("five pages of 200", || {
                black_box(runtime.block_on(paged.pages()));
            }),
        ],
    );
    // Apart from the others, since it leaves the allocator much to tidy up.
    compare(
        "the tools built anew, not written",
        vec![Candidate::new("1,000 tools", || {
            black_box(registry.tools().mcp().is_ok());
        })],
    );
}
