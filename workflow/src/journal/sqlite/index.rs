//! Where each run's records are: an index that is written for thousands of records at once.
//!
//! An index that had each record at once would touch a page for most runs in every commit, and cost as much as
//! the records themselves. So the numbers of the latest records are kept in memory and written together, run by
//! run; a process that opens the file reads them from the records, which have their run's number, twice.
//!
//! Numbers have no gaps above what the index has, so that it is noticed where a record is gone.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension as _, params};

use super::Problem;
use super::batch::begin;

/// From how many records on their numbers are written; fewer where crashes are tried, which have short runs.
pub(super) const MANY: usize = if cfg!(feature = "testing") { 64 } else { 4096 };

/// The numbers of the latest records, in whose transactions they are written.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The number of the last record, or a greater one that was given before.
    last: i64,
    /// The run and the number of each record that the table does not have, by number.
    latest: Vec<(i64, i64)>,
}

impl Index {
    /// For whoever runs what is in the file.
    pub(super) fn open(connection: &Connection) -> Result<Self, Problem> {
        // At once: who reads first may find somebody else's record in the way of its own writing.
        let transaction = begin(connection)?;
        let mut index = Self {
            last: up_to(&transaction)?,
            latest: Vec::new(),
        };
        index.catch_up(&transaction)?;
        index.write_many(&transaction)?;
        transaction.commit()?;
        Ok(index)
    }

    /// For whoever adds a record beside that one, who will [catch up](Self::catch_up).
    pub(super) fn beside(connection: &Connection) -> Result<Self, Problem> {
        let last = up_to(connection)?.max(last(connection)?);
        let latest = Vec::new();
        Ok(Self { last, latest })
    }

    /// Learns of the records that others have added; whether the next number is that after the last one that is there.
    pub(super) fn catch_up(&mut self, connection: &Connection) -> Result<bool, Problem> {
        let found = last(connection)?;
        if found <= self.last {
            return Ok(found == self.last);
        }
        let sql = "SELECT run, seq FROM journal WHERE seq > ?1 ORDER BY seq";
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query([self.last])?;
        while let Some(row) = rows.next()? {
            let (run, seq) = (row.get(0)?, row.get(1)?);
            self.latest.push((run, seq));
            self.last = seq;
        }
        Ok(true)
    }

    /// The number of a run's next record.
    pub(super) fn next(&mut self, run: u64) -> i64 {
        // Of a number that is there already whoever writes it hears.
        self.last = self.last.saturating_add(1);
        self.latest.push((run.cast_signed(), self.last));
        self.last
    }

    /// Writes the numbers, where they are many.
    pub(super) fn write_many(&mut self, connection: &Connection) -> Result<(), Problem> {
        if self.latest.len() < MANY {
            return Ok(());
        }
        self.write(connection)
    }

    /// Writes the numbers of all records, where one of those runs is among the latest.
    pub(super) fn write_those(
        &mut self,
        connection: &Connection,
        runs: &[i64],
    ) -> Result<(), Problem> {
        let runs: HashSet<_> = runs.iter().collect();
        if self.latest.iter().any(|(run, _)| runs.contains(run)) {
            self.write(connection)?;
        }
        Ok(())
    }

    fn write(&mut self, connection: &Connection) -> Result<(), Problem> {
        self.latest.sort_unstable();
        let sql = "INSERT INTO journal_index (run, first, rest) VALUES (?1, ?2, ?3)";
        let mut insert = connection.prepare_cached(sql)?;
        let mut rest = Vec::new();
        for row in self.latest.chunk_by(is_near) {
            let [(run, first), others @ ..] = row else {
                continue;
            };
            rest.clear();
            let mut before = *first;
            for (_, seq) in others {
                let step = u16::try_from(seq - before).unwrap_or(u16::MAX);
                rest.extend_from_slice(&step.to_le_bytes());
                before = *seq;
            }
            insert.execute(params![run, first, rest])?;
        }
        let sql = "UPDATE journal_indexed SET up_to = ?1";
        connection.prepare_cached(sql)?.execute([self.last])?;
        self.latest.clear();
        Ok(())
    }

    /// The numbers of the latest records of those runs that have any, by run.
    pub(super) fn latest_of(&self, runs: &[u64]) -> HashMap<u64, Vec<i64>> {
        let runs: HashSet<u64> = runs.iter().copied().collect();
        let mut found: HashMap<u64, Vec<i64>> = HashMap::new();
        for (run, number) in &self.latest {
            let run = run.cast_unsigned();
            if runs.contains(&run) {
                found.entry(run).or_default().push(*number);
            }
        }
        found
    }
}

/// Whether one row can have both: the steps between its numbers have two bytes.
fn is_near(one: &(i64, i64), other: &(i64, i64)) -> bool {
    one.0 == other.0 && other.1 - one.1 <= i64::from(u16::MAX)
}

/// Up to which number the table has all records.
fn up_to(connection: &Connection) -> Result<i64, Problem> {
    let sql = "SELECT up_to FROM journal_indexed";
    let up_to = connection.query_row(sql, (), |row| row.get(0)).optional()?;
    up_to
        .ok_or_else(|| Problem::Damaged("up to where the index of records goes is gone".to_owned()))
}

/// The number of the last record that there is.
fn last(connection: &Connection) -> Result<i64, Problem> {
    let sql = "SELECT max(seq) FROM journal";
    let mut statement = connection.prepare_cached(sql)?;
    let last: Option<i64> = statement.query_row((), |row| row.get(0))?;
    Ok(last.unwrap_or_default())
}

/// The numbers of a run's records that the table has, in order.
pub(super) fn indexed(connection: &Connection, run: u64) -> Result<Vec<i64>, Problem> {
    let sql = "SELECT first, rest FROM journal_index WHERE run = ?1 ORDER BY first";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([run.cast_signed()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        unpack(row, 0, &mut found)?;
    }
    Ok(found)
}

/// The numbers of one row of the table, whose first is in that column and the rest in the next.
fn unpack(row: &rusqlite::Row<'_>, column: usize, numbers: &mut Vec<i64>) -> Result<(), Problem> {
    let mut number: i64 = row.get(column)?;
    numbers.push(number);
    let rest = row.get_ref(column + 1)?;
    let rest = rest.as_blob().map_err(rusqlite::Error::from)?;
    for step in rest.as_chunks().0 {
        number = number.saturating_add(u16::from_le_bytes(*step).into());
        numbers.push(number);
    }
    Ok(())
}

/// The numbers of all of a run's records, in order, for whoever does not run what is in the file.
pub(super) fn all(connection: &Connection, run: u64) -> Result<Vec<i64>, Problem> {
    let mut numbers = indexed(connection, run)?;
    let sql = "SELECT seq FROM journal WHERE seq > ?1 AND run = ?2 ORDER BY seq";
    let mut statement = connection.prepare_cached(sql)?;
    let params = (up_to(connection)?, run.cast_signed());
    let rows = statement.query_map(params, |row| row.get(0))?;
    for number in rows {
        numbers.push(number?);
    }
    Ok(numbers)
}

/// Deletes a run's records, all of which the table has.
pub(super) fn delete(connection: &Connection, run: i64) -> Result<(), Problem> {
    let sql = "DELETE FROM journal WHERE seq = ?1 AND run = ?2";
    let mut delete = connection.prepare_cached(sql)?;
    let mut is_sound = true;
    for number in indexed(connection, run.cast_unsigned())? {
        is_sound &= delete.execute((number, run))? == 1;
    }
    if !is_sound {
        // One that was not found is somewhere else, or gone.
        connection.execute("DELETE FROM journal WHERE run = ?1", [run])?;
    }
    let sql = "DELETE FROM journal_index WHERE run = ?1";
    connection.prepare_cached(sql)?.execute([run])?;
    Ok(())
}

/// Makes sure that the table has each record up to where it goes, once and for its run, and nothing else; and that
/// no later one is gone. Where it is to be made anew it goes up to -1, and there may be gaps.
pub(super) fn is_sound(connection: &Connection) -> Result<(), Problem> {
    let up_to = up_to(connection)?;
    let indexed = count(connection, up_to)?;
    let sql = "SELECT count(*), coalesce(sum(seq <= ?1), 0), coalesce(max(seq), 0) FROM journal";
    let (all, before, last): (i64, i64, i64) = connection.query_row(sql, [up_to], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })?;
    if indexed != before {
        return Err(Problem::Index(format!(
            "it has {indexed} of {before} records"
        )));
    }
    let (later, wanted) = (all - before, last.saturating_sub(up_to).max(0));
    if up_to >= 0 && later != wanted {
        let lost = wanted - later;
        return Err(Problem::Damaged(format!(
            "{lost} of the latest records are gone"
        )));
    }
    Ok(())
}

/// How many records the table has, each of which is there.
fn count(connection: &Connection, up_to: i64) -> Result<i64, Problem> {
    let mut of = connection.prepare("SELECT run FROM journal WHERE seq = ?1")?;
    let sql = "SELECT run, first, rest FROM journal_index ORDER BY run, first";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query(())?;
    let (mut count, mut before, mut numbers) = (0, (0, 0), Vec::new());
    while let Some(row) = rows.next()? {
        let run = row.get(0)?;
        numbers.clear();
        unpack(row, 1, &mut numbers)?;
        for number in &numbers {
            let found: Option<i64> = of.query_row([number], |row| row.get(0)).optional()?;
            if found != Some(run) || (run, *number) <= before || *number > up_to {
                let what = format!("record {number} is not as it says of run {run}");
                return Err(Problem::Index(what));
            }
            before = (run, *number);
            count += 1;
        }
    }
    Ok(count)
}
