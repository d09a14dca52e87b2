//! The stages, and where they put what they make. Each makes the same again where it is run again.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use enact::prelude::*;
use rusqlite::{Connection, params};

/// The folder of files between stages, and the database.
#[derive(Debug)]
pub(crate) struct Warehouse {
    folder: PathBuf,
    extractions: AtomicU32,
}

impl Warehouse {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            extractions: AtomicU32::new(0),
        }
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.folder.join("warehouse.db")
    }

    /// Makes the table of sales, where it is not there.
    pub(crate) fn create(&self) -> rusqlite::Result<()> {
        let table = "CREATE TABLE IF NOT EXISTS sales (id TEXT PRIMARY KEY, country TEXT NOT NULL,
            cents INTEGER NOT NULL) STRICT";
        Connection::open(self.database())?.execute_batch(table)
    }

    pub(crate) fn extractions(&self) -> u32 {
        self.extractions.load(Ordering::Relaxed)
    }

    /// What a job has rejected, and why.
    pub(crate) fn rejects(&self, job: &str) -> std::io::Result<String> {
        std::fs::read_to_string(self.file(job, "rejects"))
    }

    fn file(&self, job: &str, what: &str) -> PathBuf {
        self.folder.join(job).with_extension(what)
    }
}

/// A file between two stages.
#[derive(Debug, Params)]
pub(crate) struct Staged {
    /// Where it is.
    pub(crate) file: String,
    /// How many records it has.
    pub(crate) records: u32,
}

impl Staged {
    fn write(file: &Path, lines: &[String]) -> Result<Self, Failure> {
        std::fs::write(file, lines.join("\n"))?;
        Ok(Self {
            file: file.display().to_string(),
            records: u32::try_from(lines.len())?,
        })
    }
}

/// One thing that was sold.
#[derive(Debug, Params)]
struct Sale {
    /// Its number.
    #[param(pattern = "^s-[0-9]+$")]
    id: String,
    /// Where, in two letters.
    #[param(len = 2)]
    country: String,
    /// For how much.
    #[param(min = 0)]
    cents: i64,
}

/// Gets the records from their source.
#[derive(Debug, Action)]
#[action(effect = idempotent, needs(Arc<Warehouse>))]
pub(crate) struct Extract {
    /// For which job.
    pub(crate) job: String,
    /// From which file.
    pub(crate) source: String,
}

impl Run for Extract {
    type Output = Staged;

    async fn run(&self, cx: &Context) -> Result<Staged, Failure> {
        let warehouse: &Arc<Warehouse> = cx.resource()?;
        warehouse.extractions.fetch_add(1, Ordering::Relaxed);
        let lines = std::fs::read_to_string(&self.source)?;
        let lines: Vec<_> = lines.lines().map(str::to_owned).collect();
        Staged::write(&warehouse.file(&self.job, "raw"), &lines)
    }
}

/// Keeps what is right, and writes down why the rest is not.
#[derive(Debug, Action)]
#[action(effect = idempotent, needs(Arc<Warehouse>))]
pub(crate) struct Transform {
    /// For which job.
    pub(crate) job: String,
    /// From which file.
    pub(crate) file: String,
}

impl Run for Transform {
    type Output = Staged;

    async fn run(&self, cx: &Context) -> Result<Staged, Failure> {
        let warehouse: &Arc<Warehouse> = cx.resource()?;
        let (mut clean, mut rejects, mut seen) = (Vec::new(), String::new(), BTreeSet::new());
        for (number, line) in (1..).zip(std::fs::read_to_string(&self.file)?.lines()) {
            match sale(line) {
                Ok(sale) if seen.insert(sale.id.clone()) => clean.push(line.to_owned()),
                Ok(sale) => writeln!(rejects, "line {number}: {} was there before", sale.id)?,
                Err(why) => writeln!(rejects, "line {number}: {why}")?,
            }
        }
        std::fs::write(warehouse.file(&self.job, "rejects"), rejects)?;
        Staged::write(&warehouse.file(&self.job, "clean"), &clean)
    }
}

fn sale(line: &str) -> Result<Sale, String> {
    let json = serde_json::from_str(line).map_err(|error| error.to_string())?;
    Sale::read(json).map_err(|violations| violations.to_string().replace('\n', "; "))
}

/// Puts all records into the table, or none.
#[derive(Debug, Action)]
#[action(effect = idempotent, needs(Arc<Warehouse>))]
pub(crate) struct Load {
    /// From which file.
    pub(crate) file: String,
}

impl Run for Load {
    type Output = u32;

    async fn run(&self, cx: &Context) -> Result<u32, Failure> {
        let warehouse: &Arc<Warehouse> = cx.resource()?;
        let mut database = Connection::open(warehouse.database())?;
        let transaction = database.transaction()?;
        let mut loaded = 0;
        for line in std::fs::read_to_string(&self.file)?.lines() {
            let sale = sale(line).map_err(|why| Failure::terminal("etl.unclean", why))?;
            let insert = "INSERT OR REPLACE INTO sales (id, country, cents) VALUES (?1, ?2, ?3)";
            let inserted = transaction.execute(insert, params![sale.id, sale.country, sale.cents]);
            inserted.map_err(|error| {
                let what = "there is no table of sales; make it, then try again";
                Failure::terminal("etl.no_table", what).because(error)
            })?;
            loaded += 1;
        }
        transaction.commit()?;
        Ok(loaded)
    }
}
