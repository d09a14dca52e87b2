//! duroxide on `SQLite`.
//!
//! It sets `synchronous` to a word that `SQLite` does not have, and so to `NORMAL`; its connections
//! are its own, so this can't be set right here.

use std::sync::Arc;
use std::time::Duration;

use duroxide::providers::sqlite::SqliteProvider;
use duroxide::runtime::registry::ActivityRegistry;
use duroxide::runtime::{Runtime, RuntimeOptions};
use duroxide::{ActivityContext, Client, OrchestrationContext, OrchestrationRegistry};
use duroxide::{OrchestrationStatus, runtime::observability::ObservabilityConfig};
use enact_peers_cell::{Cell, Measured, Outcome, Server, closed_loop, step};

/// How long a run is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) async fn as_it_comes(cell: &Cell) -> Outcome<Measured> {
    measure(cell, RuntimeOptions::default()).await
}

/// Looks for work each millisecond, not ten times a second, and does more of it at once.
pub(crate) async fn quick(cell: &Cell) -> Outcome<Measured> {
    let options = RuntimeOptions {
        dispatcher_min_poll_interval: Duration::from_millis(1),
        orchestration_concurrency: 4,
        worker_concurrency: 4,
        ..RuntimeOptions::default()
    };
    measure(cell, options).await
}

async fn measure(cell: &Cell, options: RuntimeOptions) -> Outcome<Measured> {
    let file = cell.folder.join("runs.db");
    std::fs::File::create(&file)?;
    let url = format!("sqlite:{}", file.display());
    let store = Arc::new(SqliteProvider::new(&url, None).await?);
    let activities = ActivityRegistry::builder()
        .register("Count", |_: ActivityContext, from: String| async move {
            let from: u64 = from.parse().map_err(|_| "not a number".to_owned())?;
            Ok(step(from).to_string())
        })
        .build();
    let five = |context: OrchestrationContext, from: String| async move {
        let mut at = from;
        for _ in 0..5 {
            at = context.schedule_activity("Count", at).await?;
        }
        Ok(at)
    };
    let workflows = OrchestrationRegistry::builder()
        .register("Five", five)
        .build();
    let options = RuntimeOptions {
        observability: ObservabilityConfig {
            log_level: "off".to_owned(),
            ..ObservabilityConfig::default()
        },
        ..options
    };
    let provider: Arc<dyn duroxide::providers::Provider> = store;
    let runtime =
        Runtime::start_with_options(Arc::clone(&provider), activities, workflows, options).await;
    let client = Client::new(provider);
    let measured = closed_loop(cell, &Server::None, move |from| {
        let client = client.clone();
        async move { run(&client, from).await }
    })
    .await;
    drop(runtime);
    measured
}

async fn run(client: &Client, from: u64) -> Outcome<u64> {
    let id = format!("run-{from}");
    client
        .start_orchestration(&id, "Five", from.to_string())
        .await
        .map_err(|error| format!("{error:?}"))?;
    let status = client.wait_for_orchestration(&id, PATIENCE).await;
    match status.map_err(|error| format!("{error:?}"))? {
        OrchestrationStatus::Completed { output, .. } => Ok(output.parse()?),
        other => Err(format!("{other:?}").into()),
    }
}
