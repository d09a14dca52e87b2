//! What is written, statement by statement.

use std::sync::LazyLock;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, Params, Statement, ToSql, params};

use super::Problem;
use super::batch::begin;
use super::index::{self, Index};
use super::read::limit;
use crate::journal::body::Body;
use crate::journal::record::{Ending, Record};
use crate::journal::store::{Entry, GraphRow, NewRun};
use crate::journal::work::{Database, Work};

/// How many records one statement writes, where there are as many: each statement costs as much as a row does.
const MANY: usize = 16;

/// So many at once, whose numbers follow the table's last. If they had theirs, or what can't be written were undone alone,
/// `SQLite` (3.54) would copy each page before the statement touches it.
static RECORDS: LazyLock<String> = LazyLock::new(|| {
    let row = |row: usize| {
        let [run, path, at, body, sum] = [1, 2, 3, 4, 5].map(|column| row * COLUMNS + column);
        format!("(?{run}, ?{run}, ?{path}, ?{at}, ?{body}, ?{sum})")
    };
    let rows: Vec<_> = (0..MANY).map(row).collect();
    let rows = rows.join(", ");
    format!("INSERT OR ROLLBACK INTO journal (run, again, path, at, body, sum) VALUES {rows}")
});
const RECORD: &str = "INSERT INTO journal (run, again, path, at, body, sum, seq) VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6)";
/// How many params each has, but for its number.
const COLUMNS: usize = 5;

/// A body as a column keeps it: text where it is text.
struct Column<'a>(&'a Body);

impl ToSql for Column<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let bytes = self.0.bytes();
        Ok(ToSqlOutput::Borrowed(match self.0 {
            Body::Text(_) => ValueRef::Text(bytes),
            Body::Packed(_) => ValueRef::Blob(bytes),
        }))
    }
}

/// Writes entries into a transaction; the places of what was refused.
pub(super) fn write(
    connection: &Connection,
    index: &mut Index,
    follows: bool,
    batch: &[Entry],
) -> Result<Vec<usize>, Problem> {
    let mut refused = Vec::new();
    let mut writing = Writing::within(connection, index, follows);
    for (place, entry) in batch.iter().enumerate() {
        if !writing.write(entry)? {
            refused.push(place);
        }
    }
    writing.finish()?;
    Ok(refused)
}

/// A record with its own number and its run's.
type Row<'e> = (i64, u64, &'e Record);

/// A batch on its way into a transaction, and what needs to be found but once for it.
struct Writing<'a, 'e> {
    connection: &'a Connection,
    index: &'a mut Index,
    /// The statements that most entries are written with.
    begin: Option<CachedStatement<'a>>,
    many: Option<CachedStatement<'a>>,
    end: Option<CachedStatement<'a>>,
    /// Records that wait to be as many as one statement writes.
    records: Vec<Row<'e>>,
    /// Whether the next number is that after the table's last, so that nobody needs to say it.
    follows: bool,
    /// Whether there is any mail, once that was looked for.
    mail: Option<bool>,
}

impl<'a, 'e> Writing<'a, 'e> {
    fn within(connection: &'a Connection, index: &'a mut Index, follows: bool) -> Self {
        Self {
            connection,
            index,
            begin: None,
            many: None,
            end: None,
            records: Vec::with_capacity(MANY),
            follows,
            mail: None,
        }
    }

    fn execute(&self, sql: &str, params: impl Params) -> Result<usize, Problem> {
        Ok(self.connection.prepare_cached(sql)?.execute(params)?)
    }

    /// Writes one entry; whether it was taken.
    fn write(&mut self, entry: &'e Entry) -> Result<bool, Problem> {
        match entry {
            Entry::Begin(new, first) => return self.run(new, first.as_ref(), 1),
            Entry::Enqueue(new, first) => return self.run(new, first.as_ref(), 0),
            Entry::Record { run, record, mail } => {
                self.record(*run, record)?;
                if let Some(mail) = mail {
                    self.execute("DELETE FROM mail WHERE seq = ?1", [mail.cast_signed()])?;
                }
            }
            Entry::Work(work) => return self.act(work),
            Entry::End { run, ending } => self.end(*run, ending)?,
            Entry::Park { run, wake } => {
                let sql = "UPDATE runs SET owner = 0, wake = CASE WHEN EXISTS (SELECT 1 FROM mail \
                           WHERE run = ?1) THEN 0 ELSE ?2 END WHERE run = ?1 \
                           AND NOT EXISTS (SELECT 1 FROM endings WHERE run = ?1)";
                self.execute(sql, [run.cast_signed(), wake.cast_signed()])?;
            }
            Entry::Post { run, body } => return self.post(*run, body),
            Entry::Reopen { run, record } => {
                let sql = "DELETE FROM endings WHERE run = ?1 AND status = 2";
                if self.execute(sql, [run.cast_signed()])? == 0 {
                    return Ok(false);
                }
                let sql = "UPDATE runs SET owner = 0, wake = 0 WHERE run = ?1";
                self.execute(sql, [run.cast_signed()])?;
                self.record(*run, record)?;
            }
            Entry::Note { name, body } => {
                let sql = "INSERT INTO notes (name, body) VALUES (?1, ?2) \
                           ON CONFLICT (name) DO UPDATE SET body = excluded.body";
                self.execute(sql, params![name, Column(body)])?;
            }
        }
        Ok(true)
    }

    fn run(&mut self, new: &NewRun, first: Option<&'e Record>, owner: u8) -> Result<bool, Problem> {
        let sql = "INSERT INTO runs (run, id, workflow, version, graph, input, started, sum, \
                   owner, wake) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0) \
                   ON CONFLICT (id) DO NOTHING";
        let params = params![
            new.run.cast_signed(),
            new.id,
            new.workflow,
            new.version,
            new.graph.cast_signed(),
            Column(&new.input),
            new.started.cast_signed(),
            new.sum,
            owner,
        ];
        let inserted = prepared(&mut self.begin, self.connection, sql)?.execute(params)? == 1;
        if let (true, Some(first)) = (inserted, first) {
            self.record(new.run, first)?;
        }
        Ok(inserted)
    }

    /// Writes a record: with others, but for the first where the last ones were deleted.
    fn record(&mut self, run: u64, record: &'e Record) -> Result<(), Problem> {
        let row = (self.index.next(run), run, record);
        if !self.follows {
            return self.insert_alone(row);
        }
        self.records.push(row);
        if self.records.len() == MANY {
            let statement = prepared(&mut self.many, self.connection, &RECORDS)?;
            for (first, (_, run, record)) in (1..).step_by(COLUMNS).zip(&self.records) {
                bind(statement, first, *run, record)?;
            }
            statement.raw_execute()?;
            self.records.clear();
            let found = self.connection.last_insert_rowid();
            if found != row.0 {
                return Err(Problem::Number(row.0, found));
            }
        }
        Ok(())
    }

    /// Writes one record at once; the others follow its number.
    fn insert_alone(&mut self, row: Row<'_>) -> Result<(), Problem> {
        insert(&mut *self.connection.prepare_cached(RECORD)?, row)?;
        self.follows = true;
        Ok(())
    }

    /// Writes the records that wait for more.
    fn finish(&mut self) -> Result<(), Problem> {
        if !self.records.is_empty() {
            let mut statement = self.connection.prepare_cached(RECORD)?;
            for row in self.records.drain(..) {
                insert(&mut statement, row)?;
            }
        }
        Ok(())
    }

    /// Does an effect of somebody else's, and writes its record, or nothing of both.
    fn act(&mut self, work: &Work) -> Result<bool, Problem> {
        // What came before stands there before, and stays where the effect does not.
        self.finish()?;
        let connection = self.connection;
        connection.execute_batch("SAVEPOINT enact_work")?;
        let record = work.act(Database::Sqlite(connection));
        if connection.is_autocommit() {
            return Err(Problem::Ended);
        }
        let Some(record) = record else {
            connection.execute_batch("ROLLBACK TO enact_work; RELEASE enact_work")?;
            return Ok(false);
        };
        let run = work.run();
        let row = (self.index.next(run), run, &record);
        self.insert_alone(row)?;
        connection.execute_batch("RELEASE enact_work")?;
        Ok(true)
    }

    fn end(&mut self, run: u64, ending: &Ending) -> Result<(), Problem> {
        let sql = "INSERT INTO endings (run, status, ended, end_sum, body) \
                   VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (run) DO UPDATE SET \
                   status = excluded.status, ended = excluded.ended, end_sum = excluded.end_sum, \
                   body = excluded.body";
        let params = params![
            run.cast_signed(),
            ending.status.number(),
            ending.at.cast_signed(),
            ending.sum,
            Column(&ending.body)
        ];
        prepared(&mut self.end, self.connection, sql)?.execute(params)?;
        if self.has_mail()? {
            self.execute("DELETE FROM mail WHERE run = ?1", [run.cast_signed()])?;
        }
        Ok(())
    }

    /// Whether there is mail for any run: most journals have none, and nobody else writes meanwhile.
    fn has_mail(&mut self) -> Result<bool, Problem> {
        if let Some(mail) = self.mail {
            return Ok(mail);
        }
        let sql = "SELECT EXISTS (SELECT 1 FROM mail)";
        let mut statement = self.connection.prepare_cached(sql)?;
        let mail = statement.query_row((), |row| row.get(0))?;
        self.mail = Some(mail);
        Ok(mail)
    }

    fn post(&mut self, run: u64, body: &Body) -> Result<bool, Problem> {
        let sql = "INSERT INTO mail (run, body) SELECT ?1, ?2 WHERE EXISTS \
                   (SELECT 1 FROM runs WHERE run = ?1) AND NOT EXISTS \
                   (SELECT 1 FROM endings WHERE run = ?1)";
        if self.execute(sql, params![run.cast_signed(), Column(body)])? == 0 {
            return Ok(false);
        }
        self.mail = Some(true);
        let sql = "UPDATE runs SET wake = 0 WHERE run = ?1 AND owner = 0 AND wake > 0";
        self.execute(sql, [run.cast_signed()])?;
        Ok(true)
    }
}

/// Writes one record, with its number.
fn insert(statement: &mut Statement<'_>, (seq, run, record): Row<'_>) -> Result<(), Problem> {
    bind(statement, 1, run, record)?;
    statement.raw_bind_parameter(1 + COLUMNS, seq)?;
    statement.raw_execute()?;
    Ok(())
}

/// Binds what a record has but for its number, from that parameter on.
fn bind(
    statement: &mut Statement<'_>,
    first: usize,
    run: u64,
    record: &Record,
) -> Result<(), Problem> {
    statement.raw_bind_parameter(first, run.cast_signed())?;
    statement.raw_bind_parameter(first + 1, &record.path)?;
    statement.raw_bind_parameter(first + 2, record.at.cast_signed())?;
    statement.raw_bind_parameter(first + 3, Column(&record.body))?;
    statement.raw_bind_parameter(first + 4, record.sum)?;
    Ok(())
}

/// A statement that is looked for once in a batch.
fn prepared<'s, 'a>(
    statement: &'s mut Option<CachedStatement<'a>>,
    connection: &'a Connection,
    sql: &str,
) -> Result<&'s mut CachedStatement<'a>, Problem> {
    let found = match statement.take() {
        Some(found) => found,
        None => connection.prepare_cached(sql)?,
    };
    Ok(statement.insert(found))
}

pub(super) fn graphs(connection: &Connection, graphs: &[GraphRow]) -> Result<(), Problem> {
    let transaction = begin(connection)?;
    for row in graphs {
        let sql = "INSERT INTO graphs (graph, body) VALUES (?1, ?2) ON CONFLICT (graph) DO NOTHING";
        let mut statement = transaction.prepare_cached(sql)?;
        statement.execute(params![row.graph.cast_signed(), Column(&row.body)])?;
    }
    transaction.commit()?;
    Ok(())
}

/// Deletes the runs that ended longest ago; the greatest number stays, so that none is given twice.
pub(super) fn prune(
    connection: &Connection,
    index: &mut Index,
    before: u64,
    most: usize,
) -> Result<usize, Problem> {
    let transaction = begin(connection)?;
    let old = {
        let sql = "SELECT run FROM endings WHERE ended < ?1 AND \
                   run < (SELECT max(run) FROM runs) ORDER BY ended LIMIT ?2";
        let mut statement = transaction.prepare_cached(sql)?;
        let rows = statement.query_map((before.cast_signed(), limit(most)), |row| row.get(0))?;
        rows.collect::<rusqlite::Result<Vec<i64>>>()?
    };
    if !old.is_empty() {
        index.catch_up(&transaction)?;
        index.write_those(&transaction, &old)?;
    }
    for run in &old {
        index::delete(&transaction, *run)?;
        for sql in [
            "DELETE FROM endings WHERE run = ?1",
            "DELETE FROM runs WHERE run = ?1",
        ] {
            transaction.prepare_cached(sql)?.execute([run])?;
        }
    }
    transaction.commit()?;
    Ok(old.len())
}
