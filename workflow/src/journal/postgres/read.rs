//! What is read, row by row.

use std::collections::HashMap;

use tokio_postgres::Row;

use super::link::Session;
use super::{Body, Claimed, Counts, List, Mail, NEVER, Problem, Record, RunRow};
use crate::journal::record::{Ending, Status};
use crate::journal::store::NewRun;

/// A query of runs, each as [`run_row`] takes it.
macro_rules! runs {
    ($rest:literal) => {
        concat!(
            "SELECT run, id, workflow, version, graph, input, input_packed, started, sum, status, ",
            "body, body_packed, ended, end_sum, owner, wake FROM runs ",
            $rest
        )
    };
}
pub(super) use runs;

/// A number of rows as a limit of a query.
pub(super) fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}

pub(super) fn signed(numbers: &[u64]) -> Vec<i64> {
    numbers.iter().map(|number| number.cast_signed()).collect()
}

/// A number; 0, where there is none.
fn number(row: &Row, column: usize) -> Result<u64, Problem> {
    let number: Option<i64> = row.try_get(column)?;
    Ok(number.unwrap_or_default().cast_unsigned())
}

/// A small number, whose column is wider since it has a sign; 0, where it is none.
fn small(row: &Row, column: usize) -> Result<u32, Problem> {
    Ok(u32::try_from(number(row, column)?).unwrap_or_default())
}

/// A body from its two columns. What is in neither is no JSON: its checksum finds it out.
fn body(row: &Row, column: usize) -> Result<Body, Problem> {
    Ok(match row.try_get(column)? {
        Some(text) => Body::Text(text),
        None => {
            let packed: Option<Vec<u8>> = row.try_get(column + 1)?;
            Body::Packed(packed.unwrap_or_default())
        }
    })
}

/// A row as it stands. One that is damaged is read all the same: its checksum finds it out, and holds that run and no
/// other.
pub(super) fn run_row(row: &Row) -> Result<RunRow, Problem> {
    let status = Status::of_number(row.try_get(9)?).unwrap_or(Status::Failed);
    let ending = match status {
        Status::Open => None,
        _ => Some(Ending {
            status,
            body: body(row, 10)?,
            at: number(row, 12)?,
            sum: small(row, 13)?,
        }),
    };
    let owner: Option<i64> = row.try_get(14)?;
    let free = owner.is_none() && ending.is_none();
    Ok(RunRow {
        new: NewRun {
            run: number(row, 0)?,
            id: row.try_get(1)?,
            workflow: row.try_get(2)?,
            version: small(row, 3)?,
            graph: number(row, 4)?,
            input: body(row, 5)?,
            started: number(row, 7)?,
            sum: small(row, 8)?,
        },
        ending,
        wake: if free { Some(number(row, 15)?) } else { None },
    })
}

fn record(row: &Row) -> Result<Record, Problem> {
    Ok(Record {
        path: row.try_get(1)?,
        at: number(row, 2)?,
        body: body(row, 3)?,
        sum: small(row, 5)?,
    })
}

fn mail_row(row: &Row) -> Result<Mail, Problem> {
    Ok(Mail {
        seq: number(row, 0)?,
        run: number(row, 1)?,
        body: body(row, 2)?,
    })
}

pub(super) async fn find(to: &mut Session, id: &str) -> Result<Option<RunRow>, Problem> {
    if !is_text(id) {
        return Ok(None);
    }
    let rows = to.query(runs!("WHERE id = $1"), &[&id]).await?;
    rows.first().map(run_row).transpose()
}

/// Whether a column of text can have it.
pub(super) fn is_text(text: &str) -> bool {
    !text.contains('\0')
}

pub(super) async fn list(to: &mut Session, list: &List) -> Result<Vec<RunRow>, Problem> {
    let before = list.before.unwrap_or(NEVER).cast_signed();
    let status = list.status.map(Status::number);
    let workflow = list.workflow.as_deref().filter(|name| is_text(name));
    if workflow != list.workflow.as_deref() {
        return Ok(Vec::new());
    }
    let sql = runs!(
        "WHERE run < $1 AND ($2::int2 IS NULL OR status = $2) \
         AND ($3::text IS NULL OR workflow = $3) ORDER BY run DESC LIMIT $4"
    );
    let most = limit(list.most);
    let rows = to.query(sql, &[&before, &status, &workflow, &most]).await?;
    rows.iter().map(run_row).collect()
}

pub(super) async fn records(to: &mut Session, run: u64) -> Result<Vec<Record>, Problem> {
    let sql = "SELECT run, path, at, body, body_packed, sum FROM journal \
               WHERE run = $1 ORDER BY seq";
    let rows = to.query(sql, &[&run.cast_signed()]).await?;
    rows.iter().map(record).collect()
}

pub(super) async fn strangers(
    to: &mut Session,
    graphs: &[i64],
    most: usize,
) -> Result<Vec<RunRow>, Problem> {
    let sql = runs!("WHERE status = 0 AND owner IS NULL AND graph <> ALL($1) LIMIT $2");
    let rows = to.query(sql, &[&graphs, &limit(most)]).await?;
    rows.iter().map(run_row).collect()
}

pub(super) async fn graph(to: &mut Session, graph: u64) -> Result<Option<Body>, Problem> {
    let sql = "SELECT body, body_packed FROM graphs WHERE graph = $1";
    let rows = to.query(sql, &[&graph.cast_signed()]).await?;
    rows.first().map(|row| body(row, 0)).transpose()
}

pub(super) async fn note(to: &mut Session, name: &str) -> Result<Option<Body>, Problem> {
    let sql = "SELECT body, body_packed FROM notes WHERE name = $1";
    let rows = to.query(sql, &[&name]).await?;
    rows.first().map(|row| body(row, 0)).transpose()
}

pub(super) async fn notes(to: &mut Session, prefix: &str) -> Result<Vec<(String, Body)>, Problem> {
    let sql = "SELECT name, body, body_packed FROM notes WHERE starts_with(name, $1) ORDER BY name COLLATE \"C\"";
    let rows = to.query(sql, &[&prefix]).await?;
    let note = |row| Ok((Row::try_get(row, 0)?, body(row, 1)?));
    rows.iter().map(note).collect()
}

pub(super) async fn counts(to: &mut Session, now: u64) -> Result<Counts, Problem> {
    let sql = "SELECT count(*) FILTER (WHERE owner IS NOT NULL), \
               count(*) FILTER (WHERE owner IS NULL AND wake <= $1), \
               count(*) FILTER (WHERE owner IS NULL AND wake > $1) FROM runs WHERE status = 0";
    let rows = to.query(sql, &[&now.cast_signed()]).await?;
    let Some(row) = rows.first() else {
        return Ok(Counts::default());
    };
    Ok(Counts::new(
        number(row, 0)?,
        number(row, 1)?,
        number(row, 2)?,
    ))
}

/// Of these graphs those of which something is due.
pub(super) async fn due(to: &mut Session, graphs: &[i64], now: u64) -> Result<Vec<i64>, Problem> {
    let sql = "SELECT known FROM unnest($1::int8[]) AS known WHERE EXISTS (SELECT 1 FROM runs \
               WHERE status = 0 AND owner IS NULL AND graph = known AND wake <= $2)";
    let rows = to.query(sql, &[&graphs, &now.cast_signed()]).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

pub(super) async fn next_wake(to: &mut Session, graphs: &[i64]) -> Result<Option<u64>, Problem> {
    let sql = "SELECT min(next.wake) FROM unnest($1::int8[]) AS known, LATERAL (SELECT wake \
               FROM runs WHERE status = 0 AND owner IS NULL AND graph = known AND wake < $2 \
               ORDER BY wake LIMIT 1) AS next";
    let rows = to.query(sql, &[&graphs, &NEVER.cast_signed()]).await?;
    let next = rows.first().map(|row| row.try_get::<_, Option<i64>>(0));
    Ok(next.transpose()?.flatten().map(i64::cast_unsigned))
}

/// Mail for what a worker has.
pub(super) async fn mail(to: &mut Session, worker: i64, most: usize) -> Result<Vec<Mail>, Problem> {
    let sql = "SELECT seq, mail.run, mail.body, mail.body_packed FROM mail JOIN runs USING (run) \
               WHERE status = 0 AND owner = $1 ORDER BY seq LIMIT $2";
    let rows = to.query(sql, &[&worker, &limit(most)]).await?;
    rows.iter().map(mail_row).collect()
}

/// What there is of runs beside their rows.
#[derive(Default)]
pub(super) struct Brought {
    records: HashMap<u64, Vec<Record>>,
    mail: HashMap<u64, Vec<Mail>>,
}

pub(super) async fn brought(to: &mut Session, runs: &[i64]) -> Result<Brought, Problem> {
    let mut brought = Brought::default();
    let sql = "SELECT run, path, at, body, body_packed, sum FROM journal \
               WHERE run = ANY($1) ORDER BY run, seq";
    for row in to.query(sql, &[&runs]).await? {
        let records = brought.records.entry(number(&row, 0)?).or_default();
        records.push(record(&row)?);
    }
    let sql = "SELECT seq, run, body, body_packed FROM mail WHERE run = ANY($1) ORDER BY seq";
    for row in to.query(sql, &[&runs]).await? {
        let mail = mail_row(&row)?;
        brought.mail.entry(mail.run).or_default().push(mail);
    }
    Ok(brought)
}

impl Brought {
    /// Gives each run its own.
    pub(super) fn to(mut self, rows: Vec<RunRow>) -> Vec<Claimed> {
        let claimed = |row: RunRow| Claimed {
            records: Ok(self.records.remove(&row.new.run).unwrap_or_default()),
            mail: self.mail.remove(&row.new.run).unwrap_or_default(),
            row,
        };
        rows.into_iter().map(claimed).collect()
    }
}
