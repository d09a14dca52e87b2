//! The peer: the same tool on the protocol's library alone, as its own examples have it; or tuned, with pipes that need no threads and
//! answers over HTTP as JSON, as ours has by itself.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::{Json, Parameters};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService, stdio, stdio_pipes};
use rmcp::{ServerHandler, ServiceExt, tool, tool_handler, tool_router};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use crate::Outcome;

#[derive(Serialize, JsonSchema)]
struct Sum {
    /// What they come to.
    sum: i64,
}

#[derive(Deserialize, JsonSchema)]
struct Add {
    /// The first.
    a: i64,
    /// The second.
    b: i64,
}

#[derive(Clone)]
struct Adder {
    tool_router: ToolRouter<Self>,
}

#[tool_router]
impl Adder {
    #[tool(description = "Adds two numbers.")]
    async fn add(&self, Parameters(Add { a, b }): Parameters<Add>) -> Json<Sum> {
        Json(Sum { sum: a + b })
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Adder {}

/// How it is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Setup {
    AsInExamples,
    Tuned,
}

pub(crate) fn serve(way: &str, setup: Setup) -> ExitCode {
    let runtime = tokio::runtime::Runtime::new();
    let ended = runtime.map_err(Into::into).and_then(|runtime| {
        runtime.block_on(async {
            match way {
                "stdio" => pipes(setup).await,
                _ => http(setup).await,
            }
        })
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            drop(writeln!(std::io::stderr(), "{error}"));
            ExitCode::FAILURE
        }
    }
}

fn adder() -> Adder {
    Adder {
        tool_router: Adder::tool_router(),
    }
}

async fn pipes(setup: Setup) -> Outcome<()> {
    let running = match setup {
        Setup::AsInExamples => adder().serve(stdio()).await?,
        Setup::Tuned => adder().serve(stdio_pipes()).await?,
    };
    running.waiting().await?;
    Ok(())
}

async fn http(setup: Setup) -> Outcome<()> {
    let sessions = Arc::new(LocalSessionManager::default());
    let adder = adder();
    let service = StreamableHttpService::new(
        move || Ok(adder.clone()),
        sessions,
        StreamableHttpServerConfig::default().with_json_response(setup == Setup::Tuned),
    );
    let service = TowerToHyperService::new(service);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    writeln!(std::io::stderr(), "serving at http://{address}/mcp")?;
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await?;
        // Else each answer takes 40 ms, since it is written in parts.
        stream.set_nodelay(true)?;
        let service = service.clone();
        connections.spawn(async move {
            // A connection that breaks off is the client's affair.
            drop(
                http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await,
            );
        });
    }
}
