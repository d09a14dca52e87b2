//! dbos on `PostgreSQL`, as it comes.

use dbos::{Config, DBOS, step};
use enact_peers_cell::{Cell, Measured, Outcome, closed_loop};

use crate::postgres;

/// Five steps, each of which dbos records.
async fn five(from: u64) -> dbos::Result<u64> {
    let mut at = from;
    for name in ["one", "two", "three", "four", "five"] {
        at = step(name, || async move {
            dbos::Result::Ok(enact_peers_cell::step(at))
        })
        .await?;
    }
    Ok(at)
}

pub(crate) async fn measure(cell: &Cell) -> Outcome<Measured> {
    let url = cell.database()?;
    let server = postgres::server(url).await?;
    let dbos = DBOS::new(Config {
        app_version: Some("1".to_owned()),
        ..Config::new("peers", url)
    });
    let five = dbos.register_workflow("five", five)?;
    dbos.launch().await?;
    closed_loop(cell, &server, move |from| {
        let five = five.clone();
        async move { Ok(five.run(from).await?) }
    })
    .await
}
