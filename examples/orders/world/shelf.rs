//! Numbers by name: in memory, or in a table beside the runs.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use enact::prelude::*;
use enact::workflow::transact::{self, rusqlite};

/// The table, where it is one.
pub(crate) const TABLES: &str = "CREATE TABLE IF NOT EXISTS world (
    shelf TEXT NOT NULL, name TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (shelf, name)
)";

/// Numbers by name.
#[derive(Debug)]
pub(crate) enum Shelf {
    Memory(Mutex<BTreeMap<String, u64>>),
    /// In the file that runs are recorded in, under this name.
    Journal(&'static str),
}

impl Shelf {
    pub(super) fn memory(_name: &'static str) -> Self {
        Self::Memory(Mutex::default())
    }

    pub(super) fn journal(name: &'static str) -> Self {
        Self::Journal(name)
    }

    pub(super) async fn put(&self, cx: &Context, name: String, number: u64) -> Result<(), Failure> {
        match self {
            Self::Memory(all) => {
                lock(all).insert(name, number);
                Ok(())
            }
            Self::Journal(shelf) => {
                let (shelf, what) = (*shelf, format!("put {name}"));
                transact::sqlite(cx, &what, move |db| {
                    let sql = "INSERT INTO world (shelf, name, number) VALUES (?1, ?2, ?3) \
                               ON CONFLICT DO UPDATE SET number = excluded.number";
                    db.prepare_cached(sql)?
                        .execute((shelf, &name, number.cast_signed()))?;
                    Ok(())
                })
                .await
            }
        }
    }

    /// Takes away all whose names begin so.
    pub(super) async fn remove(&self, cx: &Context, prefix: String) -> Result<(), Failure> {
        match self {
            Self::Memory(all) => {
                lock(all).retain(|name, _| !name.starts_with(&prefix));
                Ok(())
            }
            Self::Journal(shelf) => {
                let shelf = *shelf;
                transact::sqlite(cx, "remove", move |db| {
                    let sql =
                        "DELETE FROM world WHERE shelf = ?1 AND name >= ?2 AND name < ?2 || '~'";
                    db.prepare_cached(sql)?.execute((shelf, &prefix))?;
                    Ok(())
                })
                .await
            }
        }
    }

    /// The sum of all; in a journal, of those in the file.
    pub(crate) fn sum(&self, file: Option<&Path>) -> Result<u64, Failure> {
        match (self, file) {
            (Self::Memory(all), _) => Ok(lock(all).values().sum()),
            (Self::Journal(_), None) => Ok(0),
            (Self::Journal(shelf), Some(file)) => {
                let db = rusqlite::Connection::open(file)?;
                let sql = "SELECT coalesce(sum(number), 0) FROM world WHERE shelf = ?1";
                let sum: i64 = db.query_row(sql, [shelf], |row| row.get(0))?;
                Ok(sum.cast_unsigned())
            }
        }
    }
}

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
