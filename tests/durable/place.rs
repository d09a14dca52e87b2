//! Where a journal is: a file, or a schema of a database that exists for one test.

use std::path::{Path, PathBuf};
use std::time::Duration;

use enact::prelude::*;
use enact::workflow::engine::{Engine, Settings};
use enact::workflow::journal::Reader;
use enact::workflow::journal::postgres::{self, Options, Postgres};
use enact::workflow::journal::sqlite::Beside;

/// How long a worker's runs stay its own after it was killed.
const LEASE: Duration = Duration::from_secs(2);

/// A journal, and the folder in which effects leave their traces.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) folder: PathBuf,
    /// The schema, where it is in a database.
    schema: Option<String>,
}

impl Place {
    pub(crate) fn file(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            schema: None,
        }
    }

    /// As a child is told of it in its environment.
    pub(crate) fn of_environment() -> Option<Self> {
        Some(Self {
            folder: std::env::var_os("ENACT_DURABLE_FOLDER")?.into(),
            schema: std::env::var("ENACT_DURABLE_SCHEMA").ok(),
        })
    }

    pub(crate) fn environment(&self) -> Vec<(&'static str, String)> {
        let folder = self.folder.to_str().unwrap().to_owned();
        let schema = self.schema.clone();
        let schema = schema.map(|schema| ("ENACT_DURABLE_SCHEMA", schema));
        [("ENACT_DURABLE_FOLDER", folder)]
            .into_iter()
            .chain(schema)
            .collect()
    }

    fn options(&self) -> Option<Options> {
        let schema = self.schema.as_ref()?;
        Some(Options::default().schema(schema).lease(LEASE))
    }

    pub(crate) fn engine(&self, cx: &Context) -> Engine {
        match self.options() {
            None => Engine::open(self.folder.join("runs.db"), cx).unwrap(),
            Some(options) => {
                let store = Postgres::open(&url(), &options).unwrap();
                Engine::with(Box::new(store), Settings::default(), cx).unwrap()
            }
        }
    }

    /// Makes the journal in its database, with that table, and leaves it.
    pub(crate) fn make(&self, tables: &str) {
        let options = self.options().unwrap().tables(tables);
        drop(Postgres::open(&url(), &options).unwrap());
    }

    /// The schema, where there is one.
    pub(crate) fn schema(&self) -> &str {
        self.schema.as_deref().unwrap_or_default()
    }

    pub(crate) fn reader(&self) -> Box<dyn Reader> {
        match self.options() {
            None => Box::new(Beside::open(&self.folder.join("runs.db")).unwrap()),
            Some(options) => Box::new(postgres::Beside::open(&url(), &options).unwrap()),
        }
    }
}

/// A schema that ends with its test.
pub(crate) struct Database(pub(crate) Place);

impl Database {
    /// None, where there is no server; on CI there has to be one.
    pub(crate) fn new(name: &str) -> Option<Self> {
        let schema = format!("enact_{}_{}", std::process::id(), name.replace('-', "_"));
        if let Err(error) = sql("SELECT 1") {
            let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(!ci, "no server at {}: {error}", url());
            println!("skipped: no server at {}: {error}", url());
            return None;
        }
        Some(Self(Place {
            folder: crate::ledger::folder(name),
            schema: Some(schema),
        }))
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(schema) = &self.0.schema {
            sql(&format!("DROP SCHEMA IF EXISTS {schema} CASCADE")).unwrap();
        }
    }
}

/// Does something beside the store, on a connection of its own; the first column of the last row.
pub(crate) fn sql(sql: &str) -> Result<Option<String>, tokio_postgres::Error> {
    let work = || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.unwrap().block_on(async {
            let (client, connection) =
                tokio_postgres::connect(&url(), tokio_postgres::NoTls).await?;
            drop(tokio::runtime::Handle::current().spawn(connection));
            let rows = client.simple_query(sql).await?;
            let row = rows.iter().rev().find_map(|row| match row {
                tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
                _ => None,
            });
            Ok(row)
        })
    };
    // A test may have a runtime around it.
    std::thread::scope(|threads| threads.spawn(work).join().unwrap())
}

/// Where the server is.
fn url() -> String {
    let told = std::env::var("ENACT_POSTGRES");
    told.unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/test".to_owned())
}
