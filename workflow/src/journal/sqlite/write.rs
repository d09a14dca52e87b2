//! What is written, statement by statement.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{
    CachedStatement, Connection, Params, ToSql, Transaction, TransactionBehavior, params,
};

use super::Problem;
use super::read::limit;
use crate::journal::body::Body;
use crate::journal::record::{Ending, Record};
use crate::journal::store::{Entry, GraphRow, NewRun};
use crate::journal::work::{Database, Work};

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

fn begin(connection: &mut Connection) -> Result<Transaction<'_>, Problem> {
    // At once, so that it waits for whoever writes and never finds half-way that it can't.
    Ok(connection.transaction_with_behavior(TransactionBehavior::Immediate)?)
}

/// Writes a batch under one sync; the places of what was refused.
pub(super) fn batch(connection: &mut Connection, batch: &[Entry]) -> Result<Vec<usize>, Problem> {
    let transaction = begin(connection)?;
    let mut refused = Vec::new();
    {
        let mut writing = Writing::within(&transaction)?;
        for (place, entry) in batch.iter().enumerate() {
            if !writing.write(entry)? {
                refused.push(place);
            }
        }
    }
    transaction.commit()?;
    Ok(refused)
}

/// A batch on its way into a transaction, and what needs to be found but once for it.
struct Writing<'a> {
    connection: &'a Connection,
    /// The statement that most entries are written with.
    record: CachedStatement<'a>,
    /// Whether there is any mail, once that was looked for.
    mail: Option<bool>,
}

impl<'a> Writing<'a> {
    fn within(connection: &'a Connection) -> Result<Self, Problem> {
        let sql = "INSERT INTO journal (run, path, at, body, sum) VALUES (?1, ?2, ?3, ?4, ?5)";
        Ok(Self {
            connection,
            record: connection.prepare_cached(sql)?,
            mail: None,
        })
    }

    fn execute(&self, sql: &str, params: impl Params) -> Result<usize, Problem> {
        Ok(self.connection.prepare_cached(sql)?.execute(params)?)
    }

    /// Writes one entry; whether it was taken.
    fn write(&mut self, entry: &Entry) -> Result<bool, Problem> {
        match entry {
            Entry::Begin(new) => return self.run(new, 1),
            Entry::Enqueue(new) => return self.run(new, 0),
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
                           WHERE run = ?1) THEN 0 ELSE ?2 END WHERE run = ?1";
                self.execute(sql, [run.cast_signed(), wake.cast_signed()])?;
            }
            Entry::Post { run, body } => return self.post(*run, body),
            Entry::Reopen { run, record } => {
                let sql = "UPDATE runs SET status = 0, owner = 0, wake = 0, body = NULL, ended = NULL, \
                           end_sum = NULL WHERE run = ?1 AND status = 2";
                if self.execute(sql, [run.cast_signed()])? == 0 {
                    return Ok(false);
                }
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

    fn run(&self, new: &NewRun, owner: u8) -> Result<bool, Problem> {
        let sql = "INSERT INTO runs (run, id, workflow, version, graph, input, started, sum, status, \
                   owner, wake) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9, 0) \
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
        Ok(self.execute(sql, params)? == 1)
    }

    fn record(&mut self, run: u64, record: &Record) -> Result<(), Problem> {
        self.record.execute(params![
            run.cast_signed(),
            record.path,
            record.at.cast_signed(),
            Column(&record.body),
            record.sum
        ])?;
        Ok(())
    }

    /// Does an effect of somebody else's, and writes its record, or nothing of both.
    fn act(&mut self, work: &Work) -> Result<bool, Problem> {
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
        self.record(work.run(), &record)?;
        connection.execute_batch("RELEASE enact_work")?;
        Ok(true)
    }

    fn end(&mut self, run: u64, ending: &Ending) -> Result<(), Problem> {
        let sql = "UPDATE runs SET status = ?2, body = ?3, ended = ?4, end_sum = ?5 WHERE run = ?1";
        let params = params![
            run.cast_signed(),
            ending.status.number(),
            Column(&ending.body),
            ending.at.cast_signed(),
            ending.sum
        ];
        self.execute(sql, params)?;
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
                   (SELECT 1 FROM runs WHERE run = ?1 AND status = 0)";
        if self.execute(sql, params![run.cast_signed(), Column(body)])? == 0 {
            return Ok(false);
        }
        self.mail = Some(true);
        let sql = "UPDATE runs SET wake = 0 WHERE run = ?1 AND owner = 0 AND wake > 0";
        self.execute(sql, [run.cast_signed()])?;
        Ok(true)
    }
}

pub(super) fn graphs(connection: &mut Connection, graphs: &[GraphRow]) -> Result<(), Problem> {
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
    connection: &mut Connection,
    before: u64,
    most: usize,
) -> Result<usize, Problem> {
    let transaction = begin(connection)?;
    let old = {
        let sql = "SELECT run FROM runs WHERE status > 0 AND ended < ?1 AND \
                   run < (SELECT max(run) FROM runs) ORDER BY ended LIMIT ?2";
        let mut statement = transaction.prepare_cached(sql)?;
        let rows = statement.query_map((before.cast_signed(), limit(most)), |row| row.get(0))?;
        rows.collect::<rusqlite::Result<Vec<i64>>>()?
    };
    for run in &old {
        for sql in [
            "DELETE FROM journal WHERE run = ?1",
            "DELETE FROM runs WHERE run = ?1",
        ] {
            transaction.prepare_cached(sql)?.execute([run])?;
        }
    }
    transaction.commit()?;
    Ok(old.len())
}
