//! What is read, row by row.

use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};

use super::batch::begin;
use super::index::{self, Index};
use super::{Problem, told};
use crate::journal::body::Body;
use crate::journal::record::{Ending, Record, Status};
use crate::journal::store::{Claim, Claimed, Counts, Mail, NewRun, RunRow};

pub(super) const RUNS: &str = "SELECT runs.run, id, workflow, version, graph, input, started, sum, \
                               status, body, ended, end_sum, owner, wake \
                               FROM runs LEFT JOIN endings ON endings.run = runs.run";

/// A number of rows as a limit of a query.
pub(super) fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}

/// A body as a column keeps it. What is no text is taken as it is: its checksum finds it out.
pub(super) fn body(row: &Row<'_>, column: usize) -> rusqlite::Result<Body> {
    Ok(match row.get_ref(column)? {
        ValueRef::Text(text) => match str::from_utf8(text) {
            Ok(text) => Body::Text(text.to_owned()),
            Err(_) => Body::Packed(text.to_owned()),
        },
        ValueRef::Blob(bytes) => Body::Packed(bytes.to_owned()),
        _ => Body::Text(String::new()),
    })
}

pub(super) fn run_rows<P: rusqlite::Params>(
    connection: &Connection,
    sql: &str,
    params: P,
) -> Result<Vec<RunRow>, Problem> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(run_row(row)?);
    }
    Ok(found)
}

/// A row as it stands. One that is damaged is read all the same: its checksum finds it out, and holds
/// that run and no other.
fn run_row(row: &Row<'_>) -> Result<RunRow, Problem> {
    let ending = match row.get_ref(8)? {
        ValueRef::Null => None,
        _ => Some(Ending {
            // What is no such status ends the run too: its checksum is not the ending's.
            status: Status::of_number(small(row, 8)?)
                .filter(|status| *status != Status::Open)
                .unwrap_or(Status::Failed),
            body: body(row, 9)?,
            at: number(row, 10)?,
            sum: small(row, 11)?,
        }),
    };
    let free = number(row, 12)? == 0 && ending.is_none();
    Ok(RunRow {
        new: NewRun {
            run: number(row, 0)?,
            id: text(row, 1)?,
            workflow: text(row, 2)?,
            version: small(row, 3)?,
            graph: number(row, 4)?,
            input: body(row, 5)?,
            started: number(row, 6)?,
            sum: small(row, 7)?,
        },
        ending,
        wake: if free { Some(number(row, 13)?) } else { None },
    })
}

/// A whole number; 0, where the file has something else there.
fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    Ok(row
        .get_ref(column)?
        .as_i64()
        .unwrap_or_default()
        .cast_unsigned())
}

/// A number of a smaller kind; 0, where it is none.
fn small<N: TryFrom<u64> + Default>(row: &Row<'_>, column: usize) -> rusqlite::Result<N> {
    Ok(N::try_from(number(row, column)?).unwrap_or_default())
}

/// A text; what is none in it is marked.
fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<String> {
    let bytes = match row.get_ref(column)? {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
        _ => &[],
    };
    Ok(String::from_utf8_lossy(bytes).into_owned())
}

/// The records of a run that have those numbers.
fn records_at(connection: &Connection, run: u64, numbers: &[i64]) -> Result<Vec<Record>, Problem> {
    let sql = "SELECT path, at, body, sum FROM journal WHERE seq = ?1 AND run = ?2";
    let mut statement = connection.prepare_cached(sql)?;
    let mut found = Vec::with_capacity(numbers.len());
    for number in numbers {
        let mut rows = statement.query((number, run.cast_signed()))?;
        let row = rows.next()?.ok_or(Problem::Lost)?;
        found.push(Record {
            path: text(row, 0)?,
            at: self::number(row, 1)?,
            body: body(row, 2)?,
            sum: small(row, 3)?,
        });
    }
    Ok(found)
}

/// The records of a run, as they stand at one instant.
pub(super) fn records(connection: &Connection, run: u64) -> Result<Vec<Record>, Problem> {
    let instant = connection.unchecked_transaction()?;
    records_at(&instant, run, &index::all(&instant, run)?)
}

pub(super) fn mail(connection: &Connection, sql: &str, with: i64) -> Result<Vec<Mail>, Problem> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([with], |row| {
        Ok(Mail {
            seq: number(row, 0)?,
            run: number(row, 1)?,
            body: body(row, 2)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

pub(super) fn notes(connection: &Connection, prefix: &str) -> Result<Vec<(String, Body)>, Problem> {
    let sql = "SELECT name, body FROM notes WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([prefix], |row| Ok((text(row, 0)?, body(row, 1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Takes up what is due, graph by graph.
pub(super) fn claimed(
    connection: &Connection,
    index: &mut Index,
    claim: &Claim,
    path: &Path,
) -> Result<Vec<Claimed>, Problem> {
    let rows = take_up(connection, index, claim)?;
    let runs: Vec<u64> = rows.iter().map(|row| row.new.run).collect();
    let latest = index.latest_of(&runs);
    let mut claimed = Vec::with_capacity(rows.len());
    for row in rows {
        let run = row.new.run;
        let read = || {
            let mut numbers = index::indexed(connection, run)?;
            numbers.extend(latest.get(&run).into_iter().flatten());
            records_at(connection, run, &numbers)
        };
        let sql = "SELECT seq, run, body FROM mail WHERE run = ?1 ORDER BY seq";
        claimed.push(Claimed {
            records: told(path, "read", read()),
            mail: mail(connection, sql, run.cast_signed())?,
            row,
        });
    }
    Ok(claimed)
}

fn take_up(
    connection: &Connection,
    index: &mut Index,
    claim: &Claim,
) -> Result<Vec<RunRow>, Problem> {
    let transaction = begin(connection)?;
    index.catch_up(&transaction)?;
    let mut rows = Vec::new();
    for graph in &claim.graphs {
        let left = claim.most - rows.len();
        if left == 0 {
            break;
        }
        let sql = format!(
            "{RUNS} WHERE owner = 0 AND graph = ?1 AND wake <= ?2 AND status IS NULL \
             ORDER BY wake LIMIT ?3"
        );
        let params = (graph.cast_signed(), claim.now.cast_signed(), limit(left));
        rows.extend(run_rows(&transaction, &sql, params)?);
    }
    for row in &mut rows {
        let sql = "UPDATE runs SET owner = 1, wake = 0 WHERE run = ?1";
        transaction
            .prepare_cached(sql)?
            .execute([row.new.run.cast_signed()])?;
        row.wake = None;
    }
    transaction.commit()?;
    Ok(rows)
}

pub(super) fn counts(connection: &Connection, now: u64) -> Result<Counts, Problem> {
    let count = |rest: &str| -> Result<u64, Problem> {
        let sql = format!("SELECT count(*) FROM {rest}");
        let count: i64 = connection.query_row(&sql, (), |row| row.get(0))?;
        Ok(count.cast_unsigned())
    };
    let instant = connection.unchecked_transaction()?;
    let queued = count(&format!("runs WHERE owner = 0 AND wake <= {now}"))?;
    let waiting = count(&format!("runs WHERE owner = 0 AND wake > {now}"))?;
    // Whole tables are counted by their pages; no index has the runs that are at work.
    let open = count("runs")?.saturating_sub(count("endings")?);
    drop(instant);
    let running = open.saturating_sub(queued + waiting);
    Ok(Counts::new(running, queued, waiting))
}
