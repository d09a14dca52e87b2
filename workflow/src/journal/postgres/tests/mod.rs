//! The journal in a database, against a real server.
//!
//! Its address is in `ENACT_POSTGRES`, and `postgres://postgres@127.0.0.1:5432/test` where that is not set. Where no
//! server is there the tests say so and pass, but not on CI.

mod batches;
mod effects;
mod encryption;
mod leases;
mod links;
#[cfg(feature = "sealed")]
mod sealing;

use std::error::Error as _;

use super::*;
use crate::journal::store::{NOW, NewRun};
use crate::journal::tests::new;

/// A schema of its own for one test, which ends with it.
struct Place {
    url: String,
    options: Options,
}

impl Place {
    fn new(name: &str) -> Option<Self> {
        let url = std::env::var("ENACT_POSTGRES");
        let url = url.unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/test".to_owned());
        let schema = format!("enact_{}_{name}", std::process::id());
        let place = Self {
            url,
            options: Options::default().schema(schema),
        };
        match place.sql("SELECT 1") {
            Ok(_) => Some(place),
            Err(error) if std::env::var("CI").is_ok_and(|ci| ci == "true") => {
                panic!("no server at {}: {error}", place.url)
            }
            Err(error) => {
                println!("skipped: no server at {}: {error}", place.url);
                None
            }
        }
    }

    fn open(&self) -> Postgres {
        Postgres::open(&self.url, &self.options).unwrap()
    }

    fn beside(&self) -> Beside {
        Beside::open(&self.url, &self.options).unwrap()
    }

    /// Does something beside the store, on a connection of its own; the first column of the last row.
    fn sql(&self, sql: &str) -> Result<Option<String>, tokio_postgres::Error> {
        asked(&self.url, &sql.replace('@', &self.options.schema))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.sql("DROP SCHEMA IF EXISTS @ CASCADE").unwrap();
    }
}

/// The first column of the last row.
fn asked(url: &str, sql: &str) -> Result<Option<String>, tokio_postgres::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
        drop(tokio::runtime::Handle::current().spawn(connection));
        let rows = client.simple_query(sql).await?;
        let row = rows.iter().rev().find_map(|row| match row {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        });
        Ok(row)
    })
}

fn record(run: u64, path: &str) -> Entry {
    let body = Body::Text("{}".to_owned());
    Entry::Record {
        run,
        record: Record::new(run, path.to_owned(), 0, body),
        mail: None,
    }
}

fn post(run: u64) -> Entry {
    let body = Body::Text("1".to_owned());
    Entry::Post { run, body }
}

fn claim(store: &mut Postgres) -> Vec<u64> {
    let claim = Claim {
        now: NOW,
        most: 100,
        graphs: vec![1],
    };
    let claimed = store.claim(&claim).unwrap();
    claimed.iter().map(|claimed| claimed.row.new.run).collect()
}

fn paths(place: &Place, run: u64) -> Vec<String> {
    let records = place.beside().records(run).unwrap();
    records.into_iter().map(|record| record.path).collect()
}

/// The cause of an error, whose own text says what was tried.
fn cause(error: &StoreError) -> String {
    error.source().unwrap().to_string()
}
