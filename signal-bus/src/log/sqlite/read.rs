//! What is read, statement by statement.

use std::sync::Arc;

use enact_signal_core::Pattern;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _};

use super::Problem;
use crate::log::memory::stands;
use crate::log::store::{BYTES, DeadLetter, LOOKS, Page, Row, Scan, Standing, SubscriptionRow};

/// A number of rows as `SQLite` counts them.
pub(super) fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}

/// A number as `SQLite` keeps it.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The number of a subscription.
pub(super) fn number(connection: &Connection, name: &str) -> Result<Option<i64>, Problem> {
    let sql = "SELECT number FROM signal_subscriptions WHERE name = ?1";
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

pub(super) fn row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    let body = match row.get_ref(3)? {
        ValueRef::Blob(bytes) | ValueRef::Text(bytes) => bytes.to_vec(),
        _ => Vec::new(),
    };
    Ok(Row {
        sequence: row.get::<_, i64>(0)?.cast_unsigned(),
        at: row.get::<_, i64>(1)?.cast_unsigned(),
        ty: row.get(2)?,
        body,
        sum: row.get(4)?,
    })
}

pub(super) fn page(connection: &Connection, page: &Page) -> Result<Scan, Problem> {
    let sql = "SELECT seq, at, type, body, sum FROM signal_log WHERE seq > ?1 AND seq <= ?2 \
               ORDER BY seq LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let (after, up_to) = (signed(page.after), signed(page.up_to));
    let mut rows = statement.query((after, up_to, LOOKS.cast_signed()))?;
    let mut scan = Scan {
        rows: Vec::new(),
        up_to: page.after,
    };
    let mut bytes = 0;
    while let Some(found) = rows.next()? {
        scan.up_to = found.get::<_, i64>(0)?.cast_unsigned();
        let is_meant = match &page.pattern {
            Some(pattern) => stands(pattern, found.get_ref(2)?.as_str().unwrap_or_default()),
            None => true,
        };
        if is_meant {
            let row = row(found)?;
            bytes += row.body.len();
            scan.rows.push(row);
        }
        if scan.rows.len() >= page.most || bytes >= BYTES {
            break;
        }
    }
    Ok(scan)
}

pub(super) fn last(connection: &Connection) -> Result<(u64, u64), Problem> {
    let sql = "SELECT seq, at FROM signal_log ORDER BY seq DESC LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_row((), |row| {
        let (seq, at): (i64, i64) = (row.get(0)?, row.get(1)?);
        Ok((seq.cast_unsigned(), at.cast_unsigned()))
    });
    Ok(found.optional()?.unwrap_or_default())
}

/// Times never go back along the log, so halving finds the place.
pub(super) fn first_at(connection: &Connection, at: u64) -> Result<u64, Problem> {
    let sql = "SELECT seq FROM signal_log ORDER BY seq LIMIT 1";
    let first: Option<i64> = connection.query_row(sql, (), |row| row.get(0)).optional()?;
    let (last, _) = last(connection)?;
    let (mut low, mut high) = (first.map_or(1, i64::cast_unsigned), last + 1);
    let sql = "SELECT at FROM signal_log WHERE seq >= ?1 ORDER BY seq LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    while low < high {
        let middle = low + (high - low) / 2;
        let found: i64 = statement.query_row([signed(middle)], |row| row.get(0))?;
        if found.cast_unsigned() >= at {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    let sql = "SELECT seq FROM signal_log WHERE seq >= ?1 ORDER BY seq LIMIT 1";
    let mut statement = connection.prepare_cached(sql)?;
    let found = statement.query_row([signed(low)], |row| row.get::<_, i64>(0));
    Ok(found.optional()?.map_or(last + 1, i64::cast_unsigned))
}

pub(super) fn subscription(
    connection: &Connection,
    name: &str,
) -> Result<Option<SubscriptionRow>, Problem> {
    let transaction = connection.unchecked_transaction()?;
    let sql = "SELECT number, pattern, cursor, (SELECT count(*) FROM signal_dead \
               WHERE subscription = number) FROM signal_subscriptions WHERE name = ?1";
    let found = transaction
        .query_row(sql, [name], |row| {
            let pattern: String = row.get(1)?;
            let (cursor, dead): (i64, i64) = (row.get(2)?, row.get(3)?);
            Ok((row.get(0)?, pattern, cursor, dead))
        })
        .optional()?;
    let Some((number, pattern, cursor, dead)) = found else {
        return Ok(None);
    };
    let pattern = Pattern::new(&pattern).map_err(|error| Problem::Pattern(name.into(), error))?;
    let (open, settled) = deliveries(&transaction, number)?;
    Ok(Some(SubscriptionRow {
        name: name.into(),
        pattern,
        cursor: cursor.cast_unsigned(),
        open,
        settled,
        dead: dead.cast_unsigned(),
    }))
}

fn deliveries(connection: &Connection, number: i64) -> Result<(Vec<Standing>, Vec<u64>), Problem> {
    let sql = "SELECT seq, state, attempts, due FROM signal_deliveries WHERE subscription = ?1 \
               ORDER BY seq";
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query([number])?;
    let (mut open, mut settled) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let sequence = row.get::<_, i64>(0)?.cast_unsigned();
        if row.get::<_, u8>(1)? == 1 {
            settled.push(sequence);
            continue;
        }
        open.push(Standing {
            sequence,
            attempts: row.get(2)?,
            due: row.get::<_, i64>(3)?.cast_unsigned(),
        });
    }
    Ok((open, settled))
}

pub(super) fn names(connection: &Connection) -> Result<Vec<Arc<str>>, Problem> {
    let sql = "SELECT name FROM signal_subscriptions ORDER BY name";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map((), |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn dead(
    connection: &Connection,
    name: &str,
    after: u64,
    most: usize,
) -> Result<Vec<DeadLetter>, Problem> {
    let Some(number) = number(connection, name)? else {
        return Ok(Vec::new());
    };
    let sql = "SELECT seq, attempts, reason, at FROM signal_dead WHERE subscription = ?1 \
               AND seq > ?2 ORDER BY seq LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map((number, signed(after), limit(most)), |row| {
        Ok(DeadLetter {
            sequence: row.get::<_, i64>(0)?.cast_unsigned(),
            attempts: row.get(1)?,
            reason: row.get(2)?,
            at: row.get::<_, i64>(3)?.cast_unsigned(),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn indexed(connection: &Connection) -> Result<u64, Problem> {
    let sql = "SELECT value FROM signal_notes WHERE name = 'indexed'";
    let value: i64 = connection.query_row(sql, (), |row| row.get(0))?;
    Ok(value.cast_unsigned())
}

pub(super) fn lookup(
    connection: &Connection,
    key: u64,
    after: u64,
    most: usize,
) -> Result<Vec<u64>, Problem> {
    let sql = "SELECT seq FROM signal_index WHERE key = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
    let mut statement = connection.prepare_cached(sql)?;
    let found = (key.cast_signed(), signed(after), limit(most));
    let rows = statement.query_map(found, |row| row.get::<_, i64>(0).map(i64::cast_unsigned))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
