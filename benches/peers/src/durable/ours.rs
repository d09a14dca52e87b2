//! The steps as a workflow of Enact, run by its engine.

use enact::prelude::*;
use enact::workflow::engine::Engine;
use enact_peers_cell::{Cell, Measured, Outcome, Server, closed_loop, step};

/// Counts.
#[derive(Debug, Action)]
#[action(effect = write)]
struct Count {
    /// From where.
    from: u64,
}

impl Run for Count {
    type Output = u64;

    async fn run(&self, _cx: &Context) -> Result<u64, Failure> {
        Ok(step(self.from))
    }
}

workflow! {
    /// Counts five times.
    Five { from: u64 } -> u64 {
        step one = Count { from };
        step two = Count { from: one };
        step three = Count { from: two };
        step four = Count { from: three };
        step five = Count { from: four };
        five
    }
}

/// The engine on `SQLite`.
pub(crate) async fn sqlite(cell: &Cell) -> Outcome<Measured> {
    let engine = Engine::open(cell.folder.join("runs.db"), &Context::new())?;
    measure(cell, engine, &Server::None).await
}

/// The engine on `PostgreSQL`, as it comes.
pub(crate) async fn postgres(cell: &Cell) -> Outcome<Measured> {
    let url = cell.database()?;
    let engine = Engine::postgres(url, &Context::new()).await?;
    let (_, name) = url.rsplit_once('/').ok_or("the address names no database")?;
    let name = name.split_once('?').map_or(name, |(name, _)| name);
    measure(cell, engine, &Server::Postgres(name.to_owned())).await
}

/// Any engine: one on another store differs in how it is opened and in which server works for it.
async fn measure(cell: &Cell, engine: Engine, server: &Server) -> Outcome<Measured> {
    closed_loop(cell, server, move |from| {
        let engine = engine.clone();
        async move {
            let run = engine.start(&format!("run-{from}"), Five { from }).await?;
            Ok(run.answer().await?)
        }
    })
    .await
}
