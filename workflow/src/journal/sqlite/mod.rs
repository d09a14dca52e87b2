//! A journal in a file of `SQLite`: append-only, in the order of its rows, synced at each commit.
//!
//! The table of records has no key but its row number, so that a commit of many runs' records
//! touches the last page and not one for each run; an index that is written for many at once finds a
//! run's own. The table of runs is touched when one begins and when it leaves memory or comes back; what it ended
//! with is a row of its own.
//!
//! One process at a time runs what is in the file; others may read it and leave mail.

mod batch;
mod connect;
mod index;
mod read;
mod write;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};

use enact_sqlite_file::{Mark, Open, lock};
use rusqlite::{OptionalExtension as _, params_from_iter};

use self::connect::{LAYOUT, connect};
use self::index::Index;
use self::read::{claimed, run_rows};
use super::body::Body;
use super::record::Record;
use super::store::{
    Claim, Claimed, Counts, Entry, GraphRow, List, Mail, NEVER, Reader, RunRow, Store, StoreError,
};

/// A journal in a file, whose runs this process alone has.
#[derive(Debug)]
pub struct Sqlite {
    connection: Open,
    path: PathBuf,
    /// Numbers up to this one are given out.
    numbers: u64,
    index: Index,
    /// Held as long as the journal is open.
    _lock: File,
}

/// A way into a file beside whoever runs what is in it.
#[derive(Debug)]
pub struct Beside {
    connection: Open,
    path: PathBuf,
}

/// What can be wrong with a file.
#[derive(Debug, thiserror::Error)]
enum Problem {
    #[error("its version is {0} and this program knows {LAYOUT}; use the program that wrote it")]
    Version(i32),
    #[error("it is an SQLite file of something else; take another name")]
    Foreign,
    #[error(
        "the SQL for the program's own tables uses `PRAGMA {0}`, which the journal alone sets for its file; take that out of it"
    )]
    Tables(&'static str),
    #[error(
        "the SQL for the program's own tables begins a transaction and does not end it; take its `BEGIN` out, or add a `COMMIT`"
    )]
    Begun,
    #[error(
        "it is damaged: {0}; restore the file from a copy, or where only indexes are named rebuild them \
         with `REINDEX`"
    )]
    Damaged(String),
    #[error(
        "the index of its records is damaged: {0}; restore the file from a copy, or have the index made anew: \
         `DELETE FROM journal_index; UPDATE journal_indexed SET up_to = -1`"
    )]
    Index(String),
    #[error(
        "a record is not where it was written; restore the journal from a copy, or terminate the run"
    )]
    Lost,
    #[error(
        "record {0} would have been written as {1}: somebody else has added records, or no numbers are left; delete those, \
         or restore the file from a copy"
    )]
    Number(i64, i64),
    #[error("it can't be done by somebody who does not run what is in it")]
    NotRunning,
    #[error("what a step did in it ended the transaction; leave that to the journal")]
    Ended,
    #[error(transparent)]
    File(#[from] enact_sqlite_file::Problem),
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

fn told<T>(path: &Path, doing: &'static str, result: Result<T, Problem>) -> Result<T, StoreError> {
    result.map_err(|error| {
        let error = match error {
            Problem::Sqlite(error) | Problem::File(enact_sqlite_file::Problem::Sqlite(error)) => {
                Mark::of(path).explain(error).into()
            }
            error => error,
        };
        StoreError::new(doing, path.display().to_string(), error)
    })
}

impl Sqlite {
    /// Opens the journal, or makes it where there is none, and runs SQL for tables of the program's own, on a connection
    /// of its own. What a process before had is nobody's now.
    ///
    /// # Errors
    /// Where another process has it open; where it is another program's file, or not one at all, or that SQL would make
    /// it one; where a sync of it has failed and somebody still has it open.
    pub fn open(path: &Path, tables: Option<&str>) -> Result<Self, StoreError> {
        let opened = || {
            let lock = lock(path, ".lock")?;
            let connection = connect(path, true)?;
            connect::is_sound(&connection)?;
            let sql = "UPDATE runs SET owner = 0, wake = 0 WHERE owner = 1 \
                       AND NOT EXISTS (SELECT 1 FROM endings WHERE endings.run = runs.run)";
            connection.execute(sql, ())?;
            if let Some(tables) = tables {
                connect::tables(&connection, tables)?;
            }
            let sql = "SELECT max(coalesce((SELECT max(run) FROM runs), 0), \
                       coalesce((SELECT max(run) FROM endings), 0))";
            let last: i64 = connection.query_row(sql, (), |row| row.get(0))?;
            Ok(Self {
                index: Index::open(&connection)?,
                path: connection.file().to_owned(),
                connection,
                numbers: last.cast_unsigned(),
                _lock: lock,
            })
        };
        told(path, "open", opened())
    }

    /// How the setting that decides whether a commit survives a loss of power reads.
    #[cfg(test)]
    pub(crate) fn synchronous(&self) -> i64 {
        let read = self
            .connection
            .pragma_query_value(None, "synchronous", |row| row.get(0));
        read.expect("it was read when the file was opened")
    }
}

impl Store for Sqlite {
    fn commit(&mut self, batch: &[Entry]) -> Result<Vec<usize>, StoreError> {
        let written = batch::batch(&self.connection, &mut self.index, batch);
        told(&self.path, "write to", written)
    }

    fn numbers(&mut self, most: u64) -> Result<Range<u64>, StoreError> {
        let first = self.numbers + 1;
        self.numbers += most;
        Ok(first..self.numbers + 1)
    }

    fn claim(&mut self, claim: &Claim) -> Result<Vec<Claimed>, StoreError> {
        let claimed = claimed(&self.connection, &mut self.index, claim, &self.path);
        told(&self.path, "read", claimed)
    }

    fn next_wake(&mut self, graphs: &[u64]) -> Result<Option<u64>, StoreError> {
        let earliest = || -> Result<Option<u64>, Problem> {
            let sql = "SELECT wake FROM runs WHERE owner = 0 AND graph = ?1 AND NOT EXISTS \
                       (SELECT 1 FROM endings WHERE endings.run = runs.run) ORDER BY wake LIMIT 1";
            let mut statement = self.connection.prepare_cached(sql)?;
            let mut first = None;
            for graph in graphs {
                let wake: Option<i64> = statement
                    .query_row([graph.cast_signed()], |row| row.get(0))
                    .optional()?;
                let wake = wake.map(i64::cast_unsigned).filter(|wake| *wake < NEVER);
                first = first.into_iter().chain(wake).min();
            }
            Ok(first)
        };
        told(&self.path, "read", earliest())
    }

    fn mail(&mut self, most: usize) -> Result<Vec<Mail>, StoreError> {
        let sql = "SELECT seq, run, body FROM mail WHERE EXISTS (SELECT 1 FROM runs WHERE \
                   runs.run = mail.run AND owner = 1) ORDER BY seq LIMIT ?1";
        let found = read::mail(&self.connection, sql, read::limit(most));
        told(&self.path, "read", found)
    }

    fn graphs(&mut self, graphs: &[GraphRow]) -> Result<(), StoreError> {
        let written = write::graphs(&self.connection, graphs);
        told(&self.path, "write to", written)
    }

    fn prune(&mut self, before: u64, most: usize) -> Result<usize, StoreError> {
        let pruned = write::prune(&self.connection, &mut self.index, before, most);
        told(&self.path, "write to", pruned)
    }

    fn reader(&self) -> Result<Box<dyn Reader>, StoreError> {
        Ok(Box::new(Beside::open(&self.path)?))
    }
}

impl Beside {
    /// Opens a journal that there is.
    ///
    /// # Errors
    /// Where there is none; where it is another program's file, or not one at all.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = told(path, "open", connect(path, false))?;
        Ok(Self {
            path: connection.file().to_owned(),
            connection,
        })
    }

    fn rows<P: rusqlite::Params>(&self, sql: &str, params: P) -> Result<Vec<RunRow>, StoreError> {
        told(&self.path, "read", run_rows(&self.connection, sql, params))
    }

    fn body<P: rusqlite::Params>(&self, sql: &str, params: P) -> Result<Option<Body>, StoreError> {
        let found = || -> Result<Option<Body>, Problem> {
            let mut statement = self.connection.prepare_cached(sql)?;
            Ok(statement
                .query_row(params, |row| read::body(row, 0))
                .optional()?)
        };
        told(&self.path, "read", found())
    }
}

impl Reader for Beside {
    fn find(&mut self, id: &str) -> Result<Option<RunRow>, StoreError> {
        let mut rows = self.rows(&format!("{} WHERE id = ?1", read::RUNS), [id])?;
        Ok(rows.pop())
    }

    fn list(&mut self, list: &List) -> Result<Vec<RunRow>, StoreError> {
        let sql = format!(
            "{} WHERE runs.run < ?1 AND (?2 IS NULL OR coalesce(status, 0) = ?2) \
             AND (?3 IS NULL OR workflow = ?3) ORDER BY runs.run DESC LIMIT ?4",
            read::RUNS
        );
        let before = list.before.unwrap_or(NEVER).cast_signed();
        let status = list.status.map(super::Status::number);
        self.rows(
            &sql,
            (before, status, &list.workflow, read::limit(list.most)),
        )
    }

    fn records(&mut self, run: u64) -> Result<Vec<Record>, StoreError> {
        told(&self.path, "read", read::records(&self.connection, run))
    }

    fn strangers(&mut self, graphs: &[u64], most: usize) -> Result<Vec<RunRow>, StoreError> {
        let known = vec!["?"; graphs.len()].join(", ");
        let sql = format!(
            "{} WHERE owner = 0 AND status IS NULL AND graph NOT IN ({known}) LIMIT {}",
            read::RUNS,
            read::limit(most)
        );
        let graphs = graphs.iter().map(|graph| graph.cast_signed());
        self.rows(&sql, params_from_iter(graphs))
    }

    fn graph(&mut self, graph: u64) -> Result<Option<Body>, StoreError> {
        self.body(
            "SELECT body FROM graphs WHERE graph = ?1",
            [graph.cast_signed()],
        )
    }

    fn note(&mut self, name: &str) -> Result<Option<Body>, StoreError> {
        self.body("SELECT body FROM notes WHERE name = ?1", [name])
    }

    fn notes(&mut self, prefix: &str) -> Result<Vec<(String, Body)>, StoreError> {
        told(&self.path, "read", read::notes(&self.connection, prefix))
    }

    fn counts(&mut self, now: u64) -> Result<Counts, StoreError> {
        told(&self.path, "read", read::counts(&self.connection, now))
    }

    fn leave(&mut self, entry: &Entry) -> Result<bool, StoreError> {
        let written = match entry {
            Entry::Enqueue(..) | Entry::Post { .. } | Entry::Reopen { .. } | Entry::Note { .. } => {
                let let_in = Mark::of(&self.path).lets_in();
                let_in
                    .map_err(Problem::from)
                    .and_then(|()| batch::beside(&mut self.connection, entry))
            }
            _ => Err(Problem::NotRunning),
        };
        Ok(told(&self.path, "write to", written)?.is_empty())
    }
}
