//! Restate: its server as a process beside this one, its SDK in this one.
//!
//! The server is not a crate. The program is taken from `RESTATE_SERVER`; where that is not set, the
//! cell fails and says so.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use enact_peers_cell::{Cell, Measured, Outcome, Server, closed_loop, step};
use restate_sdk::ingress::ReqwestClient;
use restate_sdk::prelude::*;
use tokio::net::TcpListener;
use tokio::process::{Child, Command};
use tokio::time::sleep;

/// How often is looked whether the server is there.
const LOOK: Duration = Duration::from_millis(50);

struct Five;

#[service]
impl Five {
    /// Five steps, each of which the server records.
    #[handler]
    async fn run(&self, context: Context<'_>, from: u64) -> Result<u64, HandlerError> {
        let mut at = from;
        for _ in 0..5 {
            at = context.run(|| async move { Ok(step(at)) }).await?;
        }
        Ok(at)
    }
}

pub(crate) async fn as_it_comes(cell: &Cell) -> Outcome<Measured> {
    measure(cell, None).await
}

/// As many partitions as a machine with two processors has use for.
pub(crate) async fn two_partitions(cell: &Cell) -> Outcome<Measured> {
    measure(cell, Some(2)).await
}

async fn measure(cell: &Cell, partitions: Option<u32>) -> Outcome<Measured> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let handlers = listener.local_addr()?;
    let endpoint = Endpoint::builder().bind(Five).build();
    tokio::spawn(HttpServer::new(endpoint).serve(listener));

    let [ingress, admin, fabric] = [free().await?, free().await?, free().await?];
    let server = start(cell, [ingress, admin, fabric], partitions)?;
    let id = server.id().ok_or("the server has ended")?;
    register(admin, handlers).await?;
    let client = ReqwestClient::connect(format!("http://{ingress}").parse()?)?;
    let five = Arc::new(FiveIngressClient::from_client(client));
    let measured = closed_loop(cell, &Server::Process(id), move |from| {
        let five = Arc::clone(&five);
        async move { Ok(five.run(from).call().await?.into_body()?) }
    })
    .await;
    // Dropped here, and the program with it.
    drop(server);
    measured
}

/// An address that nobody listens on.
async fn free() -> Outcome<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await?
        .local_addr()?)
}

fn start(cell: &Cell, at: [SocketAddr; 3], partitions: Option<u32>) -> Outcome<Child> {
    let program = std::env::var_os("RESTATE_SERVER").ok_or("RESTATE_SERVER is not set")?;
    let [ingress, admin, fabric] = at.map(|at| at.port());
    let mut config = format!(
        "bind-port = {fabric}\nbind-ip = \"127.0.0.1\"\nlisten-mode = \"tcp\"\ndisable-telemetry = true\n"
    );
    if let Some(partitions) = partitions {
        config += &format!("default-num-partitions = {partitions}\n");
    }
    config += &format!("[ingress]\nbind-port = {ingress}\n[admin]\nbind-port = {admin}\n");
    let file = cell.folder.join("restate.toml");
    std::fs::write(&file, config)?;
    let log = std::fs::File::create(cell.folder.join("restate.log"))?;
    Ok(Command::new(program)
        .arg("--config-file")
        .arg(file)
        .arg("--base-dir")
        .arg(cell.folder.join("data"))
        .stdout(log.try_clone()?)
        .stderr(log)
        .kill_on_drop(true)
        .spawn()?)
}

/// Tells the server where the handlers are, once it listens.
async fn register(admin: SocketAddr, handlers: SocketAddr) -> Outcome<()> {
    let http = reqwest::Client::new();
    let ask = serde_json::json!({ "uri": format!("http://{handlers}") });
    loop {
        let url = format!("http://{admin}/deployments");
        if let Ok(answer) = http.post(url).json(&ask).send().await
            && answer.status().is_success()
        {
            return Ok(());
        }
        sleep(LOOK).await;
    }
}
