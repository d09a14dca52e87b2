//! What is written, statement by statement.

use std::sync::LazyLock;

use rusqlite::{Connection, OptionalExtension as _, Statement, TransactionBehavior, params};

use super::Problem;
use super::read::{limit, number, row};
use crate::log::store::{Change, DeadLetter, Entry, Progress, Row};

/// How many signals one statement writes, where there are as many.
const MANY: usize = 16;

/// So many at once, all at the time `?1`, whose numbers follow the table's last. If they had theirs, or what can't be written
/// were undone alone, `SQLite` (3.54) would copy each page before the statement touches it.
static APPEND_MANY: LazyLock<String> = LazyLock::new(|| {
    let rows: Vec<_> = (0..MANY)
        .map(|row| {
            let (ty, body, sum) = (row * 3 + 2, row * 3 + 3, row * 3 + 4);
            format!("(?1, ?{ty}, ?{body}, ?{sum})")
        })
        .collect();
    let rows = rows.join(", ");
    format!("INSERT OR ROLLBACK INTO signal_log (at, type, body, sum) VALUES {rows}")
});
const APPEND: &str =
    "INSERT INTO signal_log (at, type, body, sum, seq) VALUES (?1, ?2, ?3, ?4, ?5)";

/// At once, so that it waits for whoever writes and never finds half-way that it can't.
const BEGIN: &str = "BEGIN IMMEDIATE";

/// Writes what one commit is to hold, or more of it, after the signal of the number `last`.
pub(super) fn begin(
    connection: &Connection,
    last: &mut u64,
    batch: &[Entry],
) -> Result<(), Problem> {
    let begun = || {
        if connection.is_autocommit() {
            execute(connection, BEGIN)?;
        }
        batch
            .chunk_by(is_next)
            .try_for_each(|entries| match entries {
                [Entry::Append(_), ..] => append(connection, last, entries),
                _ => entries
                    .iter()
                    .try_for_each(|entry| write(connection, last, entry)),
            })
    };
    or_undone(connection, begun)
}

/// Writes the rest of what one commit is to hold, under one sync.
pub(super) fn commit(
    connection: &Connection,
    last: &mut u64,
    batch: &[Entry],
) -> Result<(), Problem> {
    begin(connection, last, batch)?;
    or_undone(connection, || execute(connection, "COMMIT"))
}

fn execute(connection: &Connection, sql: &str) -> Result<(), Problem> {
    connection.prepare_cached(sql)?.raw_execute()?;
    Ok(())
}

/// Lets nothing of a transaction stand that can't go on, and others write.
fn or_undone(
    connection: &Connection,
    work: impl FnOnce() -> Result<(), Problem>,
) -> Result<(), Problem> {
    let done = work();
    if done.is_err() && !connection.is_autocommit() {
        // Where that fails too, it goes with the connection.
        drop(execute(connection, "ROLLBACK"));
    }
    done
}

/// Whether one statement can write both.
fn is_next(one: &Entry, other: &Entry) -> bool {
    match (one, other) {
        (Entry::Append(one), Entry::Append(other)) => {
            (one.sequence + 1, one.at) == (other.sequence, other.at)
        }
        (Entry::Append(_), _) | (_, Entry::Append(_)) => false,
        _ => true,
    }
}

/// Writes signals that come one after the other; each statement costs as much as a row does.
fn append(connection: &Connection, last: &mut u64, entries: &[Entry]) -> Result<(), Problem> {
    let rows: Vec<_> = entries.iter().filter_map(appended).collect();
    let mut rest = rows.as_slice();
    let mut one = connection.prepare_cached(APPEND)?;
    // The first has its number, which the others follow.
    if let [first, others @ ..] = rest
        && first.sequence != *last + 1
    {
        insert(&mut one, first)?;
        rest = others;
    }
    if rest.len() >= MANY {
        let mut statement = connection.prepare_cached(&APPEND_MANY)?;
        let many = rest.chunks_exact(MANY);
        rest = many.remainder();
        for rows in many {
            insert_many(connection, &mut statement, rows)?;
        }
    }
    rest.iter().try_for_each(|row| insert(&mut one, row))?;
    *last = rows.last().map_or(*last, |row| row.sequence);
    Ok(())
}

fn appended(entry: &Entry) -> Option<&Row> {
    match entry {
        Entry::Append(row) => Some(row),
        _ => None,
    }
}

/// Writes as many signals as the statement has rows.
fn insert_many(
    connection: &Connection,
    statement: &mut Statement<'_>,
    rows: &[&Row],
) -> Result<(), Problem> {
    let Some(last) = rows.last() else {
        return Ok(());
    };
    statement.raw_bind_parameter(1, last.at.cast_signed())?;
    for (first, row) in (2..).step_by(3).zip(rows) {
        bind(statement, first, row)?;
    }
    statement.raw_execute()?;
    let (wanted, found) = (last.sequence.cast_signed(), connection.last_insert_rowid());
    if wanted != found {
        return Err(Problem::Number(wanted, found));
    }
    Ok(())
}

/// Writes one signal, with its number.
fn insert(statement: &mut Statement<'_>, row: &Row) -> Result<(), Problem> {
    statement.raw_bind_parameter(1, row.at.cast_signed())?;
    bind(statement, 2, row)?;
    statement.raw_bind_parameter(5, row.sequence.cast_signed())?;
    statement.raw_execute()?;
    Ok(())
}

/// Binds what a signal has but for its number and its time, from that parameter on.
fn bind(statement: &mut Statement<'_>, first: usize, row: &Row) -> Result<(), Problem> {
    statement.raw_bind_parameter(first, &row.ty)?;
    statement.raw_bind_parameter(first + 1, &row.body)?;
    statement.raw_bind_parameter(first + 2, row.sum)?;
    Ok(())
}

fn write(connection: &Connection, last: &mut u64, entry: &Entry) -> Result<(), Problem> {
    match entry {
        Entry::Append(_) => append(connection, last, std::slice::from_ref(entry)),
        Entry::Subscribe {
            name,
            pattern,
            cursor,
        } => {
            let sql = "INSERT INTO signal_subscriptions (name, pattern, cursor) VALUES (?1, ?2, ?3) \
                       ON CONFLICT (name) DO UPDATE SET pattern = excluded.pattern";
            connection.prepare_cached(sql)?.execute(params![
                name,
                pattern.as_str(),
                cursor.cast_signed()
            ])?;
            Ok(())
        }
        Entry::Progress(progress) => write_progress(connection, progress),
        Entry::Redrive { name, sequences } => redrive(connection, name, sequences),
        Entry::Unsubscribe { name } => unsubscribe(connection, name),
        Entry::Index { pairs, up_to } => index(connection, pairs, *up_to),
    }
}

fn write_progress(connection: &Connection, progress: &Progress) -> Result<(), Problem> {
    let Some(number) = number(connection, &progress.name)? else {
        return Ok(());
    };
    for change in &progress.changes {
        match change {
            Change::Open(standing) => {
                let (attempts, due) = (standing.attempts, standing.due);
                deliver(connection, number, standing.sequence, (0, attempts, due))?;
            }
            Change::Settled(sequence) => settle(connection, number, *sequence, progress.cursor)?,
            Change::Dead(letter) => {
                settle(connection, number, letter.sequence, progress.cursor)?;
                bury(connection, number, letter)?;
            }
        }
    }
    let sql = "UPDATE signal_subscriptions SET cursor = ?2 WHERE number = ?1 AND cursor < ?2";
    let cursor = progress.cursor.cast_signed();
    if connection.prepare_cached(sql)?.execute((number, cursor))? > 0 {
        let sql =
            "DELETE FROM signal_deliveries WHERE subscription = ?1 AND seq <= ?2 AND state = 1";
        connection.prepare_cached(sql)?.execute((number, cursor))?;
    }
    Ok(())
}

/// Writes how a delivery stands: its state, how many attempts were begun, when the next is due.
fn deliver(
    connection: &Connection,
    subscription: i64,
    sequence: u64,
    (state, attempts, due): (u8, u32, u64),
) -> Result<(), Problem> {
    let sql = "INSERT INTO signal_deliveries (subscription, seq, state, attempts, due) \
               VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (subscription, seq) DO UPDATE SET \
               state = excluded.state, attempts = excluded.attempts, due = excluded.due";
    connection.prepare_cached(sql)?.execute(params![
        subscription,
        sequence.cast_signed(),
        state,
        attempts,
        due.cast_signed()
    ])?;
    Ok(())
}

fn settle(
    connection: &Connection,
    subscription: i64,
    sequence: u64,
    cursor: u64,
) -> Result<(), Problem> {
    if sequence > cursor {
        return deliver(connection, subscription, sequence, (1, 0, 0));
    }
    let sql = "DELETE FROM signal_deliveries WHERE subscription = ?1 AND seq = ?2";
    let row = (subscription, sequence.cast_signed());
    connection.prepare_cached(sql)?.execute(row)?;
    Ok(())
}

fn bury(connection: &Connection, subscription: i64, letter: &DeadLetter) -> Result<(), Problem> {
    let sql = "INSERT OR REPLACE INTO signal_dead (subscription, seq, attempts, reason, at) \
               VALUES (?1, ?2, ?3, ?4, ?5)";
    connection.prepare_cached(sql)?.execute(params![
        subscription,
        letter.sequence.cast_signed(),
        letter.attempts,
        letter.reason,
        letter.at.cast_signed()
    ])?;
    Ok(())
}

fn redrive(connection: &Connection, name: &str, sequences: &[u64]) -> Result<(), Problem> {
    let Some(number) = number(connection, name)? else {
        return Ok(());
    };
    let sql = "DELETE FROM signal_dead WHERE subscription = ?1 AND seq = ?2";
    for sequence in sequences {
        let row = (number, sequence.cast_signed());
        if connection.prepare_cached(sql)?.execute(row)? > 0 {
            deliver(connection, number, *sequence, (0, 0, 0))?;
        }
    }
    Ok(())
}

fn unsubscribe(connection: &Connection, name: &str) -> Result<(), Problem> {
    let Some(number) = number(connection, name)? else {
        return Ok(());
    };
    for sql in [
        "DELETE FROM signal_deliveries WHERE subscription = ?1",
        "DELETE FROM signal_dead WHERE subscription = ?1",
        "DELETE FROM signal_subscriptions WHERE number = ?1",
    ] {
        connection.prepare_cached(sql)?.execute([number])?;
    }
    Ok(())
}

fn index(connection: &Connection, pairs: &[(u64, u64)], up_to: u64) -> Result<(), Problem> {
    let sql = "INSERT OR IGNORE INTO signal_index (key, seq) VALUES (?1, ?2)";
    let mut insert = connection.prepare_cached(sql)?;
    for (key, sequence) in pairs {
        insert.execute((key.cast_signed(), sequence.cast_signed()))?;
    }
    let sql = "UPDATE signal_notes SET value = ?1 WHERE name = 'indexed'";
    connection
        .prepare_cached(sql)?
        .execute([up_to.cast_signed()])?;
    Ok(())
}

/// Deletes what nobody needs any more.
pub(super) fn prune(
    connection: &mut Connection,
    before: u64,
    most: usize,
) -> Result<usize, Problem> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let sql = "SELECT min(cursor) FROM signal_subscriptions";
    let cursor: Option<i64> = transaction
        .query_row(sql, (), |row| row.get(0))
        .optional()?
        .flatten();
    let before = before.min(cursor.map_or(u64::MAX, |cursor| cursor.cast_unsigned() + 1));
    let sql = "SELECT seq, at, type, body, sum FROM signal_log AS kept WHERE seq < ?1 \
               AND seq < (SELECT max(seq) FROM signal_log) \
               AND NOT EXISTS (SELECT 1 FROM signal_dead WHERE seq = kept.seq) \
               AND NOT EXISTS (SELECT 1 FROM signal_subscriptions AS s JOIN signal_deliveries AS d \
               ON d.subscription = s.number AND d.seq = kept.seq) ORDER BY seq LIMIT ?2";
    let free = {
        let before = i64::try_from(before).unwrap_or(i64::MAX);
        let mut statement = transaction.prepare_cached(sql)?;
        let rows = statement.query_map((before, limit(most)), row)?;
        rows.collect::<Result<Vec<Row>, _>>()?
    };
    let mut signal = transaction.prepare_cached("DELETE FROM signal_log WHERE seq = ?1")?;
    let sql = "DELETE FROM signal_index WHERE key = ?1 AND seq = ?2";
    let mut indexed = transaction.prepare_cached(sql)?;
    for row in &free {
        let sequence = row.sequence.cast_signed();
        signal.execute([sequence])?;
        for key in row.keys() {
            indexed.execute((key.cast_signed(), sequence))?;
        }
    }
    drop((signal, indexed));
    transaction.commit()?;
    Ok(free.len())
}
