//! Durable runs of five trivial writes in `PostgreSQL`, beside bare group commits on the same server.
//!
//! The server is at `ENACT_POSTGRES`, else `postgres://postgres@127.0.0.1:5432/test`; the schema `enact_bench` is
//! dropped before and after.

mod five;

use std::io::Write as _;
use std::time::Instant;

use enact::prelude::*;
use enact::workflow::engine::{Engine, Settings};
use enact::workflow::journal::postgres::{Options, Postgres};
use tokio_postgres::{Client, NoTls};

use self::five::{Outcome, alone, many, one, together};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let url = std::env::var("ENACT_POSTGRES");
    let url = url.unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/test".to_owned());
    let (bare, connection) = tokio_postgres::connect(&url, NoTls).await?;
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(connection);
    bare.batch_execute("DROP SCHEMA IF EXISTS enact_bench CASCADE")
        .await?;
    let store = Postgres::open(&url, &Options::default().schema("enact_bench"))?;
    let engine = Engine::with(Box::new(store), Settings::default(), &Context::new())?;
    bare.batch_execute(
        "CREATE TABLE enact_bench.bare (seq BIGINT GENERATED ALWAYS AS IDENTITY, run BIGINT, path TEXT, body TEXT)",
    )
    .await?;
    compare(&engine, &bare).await?;
    engine.close().await;
    bare.batch_execute("DROP SCHEMA enact_bench CASCADE")
        .await?;
    Ok(())
}

async fn compare(engine: &Engine, bare: &Client) -> Outcome<()> {
    let mut out = std::io::stdout().lock();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for n in 0..200 {
        let begun = Instant::now();
        one(engine, format!("one-{n}")).await?;
        ours.push(begun.elapsed());
        let begun = Instant::now();
        for _ in 0..5 {
            commit(bare, 1).await?;
        }
        theirs.push(begun.elapsed());
    }
    writeln!(out, "{}", alone(&mut ours, &mut theirs))?;
    for flight in [16, 64, 256] {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for round in 0..15 {
            let begun = Instant::now();
            many(engine, &format!("{flight}-{round}"), flight, flight).await?;
            ours.push(begun.elapsed());
            let begun = Instant::now();
            // A run is a row, five records and an end: seven rows, in as many commits.
            for _ in 0..7 {
                commit(bare, i64::from(flight)).await?;
            }
            theirs.push(begun.elapsed());
        }
        writeln!(out, "{}", together(flight, flight, &ours, &theirs))?;
    }
    Ok(())
}

/// One synced commit of so many rows.
async fn commit(bare: &Client, rows: i64) -> Outcome<()> {
    let sql = "INSERT INTO enact_bench.bare (run, path, body) \
               SELECT run, 'three', '{\"is\":\"step\",\"outcome\":{\"answer\":4}}' \
               FROM unnest($1::int8[]) AS run";
    bare.execute(sql, &[&(0..rows).collect::<Vec<i64>>()])
        .await?;
    Ok(())
}
