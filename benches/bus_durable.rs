//! Durable publishing, beside the bare `SQLite` insert of the same bytes on the same disk.
//!
//! Tables stand beside the log: one of the bodies alone; one of the log's own rows, which have a time, a type and
//! a checksum too; the same, written as a program has to that waits for nothing on its own thread: in a thread for work
//! that blocks; and one of bodies whose index keeps out what has a source and an id that were there before, which the
//! log promises of its last signals and keeps in memory.
//!
//! The log gets as many signals in two ways: batch after batch from one publisher, and from as many publishers as a
//! batch has signals, who each publish one after the other.
//!
//! Aims: with group commit, within 1.5 times of one bare batch insert; and a publish takes as long at
//! 10,000,000 records as at 10. `ENACT_RECORDS` says how many the large log has, 1,000,000 otherwise; ten
//! times as many take 6 GB. Words on the command line choose: `beside`, a number of signals, `grows`.

use std::error::Error;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use enact::bus::log::{Log, LogError};
use enact::signal::{Builder, Envelope, Limits, Timestamp, json};
use rusqlite::Connection;
use tokio::task::JoinSet;

type Outcome<T> = Result<T, Box<dyn Error>>;

/// How often each is measured, in turns.
const ROUNDS: usize = 36;

/// How many batches one measurement has, so that publishers go on and do not only begin.
const BATCHES: u32 = 8;

fn main() -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bus-durable-bench");
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder)?;
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    let wanted = |word: &str| words.is_empty() || words.iter().any(|one| one == word);
    let flights = [1, 16, 64, 256, 1024].into_iter();
    let flights: Vec<_> = flights
        .filter(|flight| wanted("beside") || wanted(&flight.to_string()))
        .collect();
    if !flights.is_empty() {
        runtime.block_on(beside_bare(&folder, &flights))?;
    }
    if wanted("grows") {
        runtime.block_on(as_it_grows(&folder))?;
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

fn order(n: u64) -> Builder {
    let data = serde_json::json!({
        "order_id": n.to_string(), "cents": 1999, "items": ["a chair", "a table", "a lamp"],
        "address": "Rue de la Paix 1, Paris"
    });
    Envelope::builder("order.created", "/shop")
        .subject((n % 97).to_string())
        .json(&data)
}

async fn beside_bare(folder: &Path, flights: &[u64]) -> Outcome<()> {
    let ways = Way::all(folder)?;
    for way in &ways {
        way.warm_up().await?;
    }
    for flight in flights {
        let mut times = vec![Vec::new(); ways.len()];
        for round in 0..ROUNDS {
            for turn in turns(round, ways.len()) {
                times[turn].push(ways[turn].measure(*flight).await?);
            }
        }
        let medians: Vec<_> = times.iter_mut().map(|times| median(times)).collect();
        tell(*flight, &ways, &medians)?;
    }
    Ok(())
}

/// An order in which each comes as often after each other one, over as many rounds as there are: multiples of a number,
/// modulo a prime. Whoever comes after something dear finds the disk otherwise.
fn turns(round: usize, count: usize) -> impl Iterator<Item = usize> {
    let step = round % count + 1;
    (1..=count).map(move |turn| turn * step % (count + 1) - 1)
}

fn tell(flight: u64, ways: &[Way], medians: &[Duration]) -> Outcome<()> {
    let took = |kind| {
        let found = ways.iter().zip(medians).find(|(way, _)| way.kind == kind);
        found.map(|(_, took)| *took).ok_or("it was not measured")
    };
    let (together, apart) = (took(Kind::Together)?, took(Kind::Apart)?);
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{flight} signals: as one batch {together:.2?}, by {flight} publishers {apart:.2?}"
    )?;
    for (kind, what) in [
        (Kind::Bare, "a bare batch"),
        (Kind::Rows, "of rows as the log's"),
        (Kind::Thread, "those, in a thread that may block"),
        (Kind::Key, "with a unique index"),
    ] {
        let took = took(kind)?;
        let (together, apart) = (
            together.div_duration_f64(took),
            apart.div_duration_f64(took),
        );
        writeln!(
            out,
            "  {what} {took:.2?}: {together:.2} x as one batch, {apart:.2} x by publishers"
        )?;
    }
    Ok(())
}

/// A way to get signals onto the disk, each with a file of its own.
struct Way {
    kind: Kind,
    to: To,
}

enum To {
    Table(Arc<Mutex<Connection>>),
    Log(Log),
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Bare,
    Rows,
    Thread,
    Key,
    Together,
    Apart,
}

impl Way {
    fn all(folder: &Path) -> Outcome<Vec<Self>> {
        let table = |kind, name: &str, more| {
            let table = table(&folder.join(name), more)?;
            let to = To::Table(Arc::new(Mutex::new(table)));
            Outcome::Ok(Self { kind, to })
        };
        let log = |kind, name: &str| {
            let to = To::Log(Log::open(folder.join(name))?);
            Outcome::Ok(Self { kind, to })
        };
        let row = ", at INTEGER, type TEXT, sum INTEGER";
        let key = ", source TEXT, id TEXT, UNIQUE (source, id)";
        Ok(vec![
            table(Kind::Bare, "bare.db", "")?,
            table(Kind::Rows, "rows.db", row)?,
            table(Kind::Thread, "thread.db", row)?,
            table(Kind::Key, "key.db", key)?,
            log(Kind::Together, "together.db")?,
            log(Kind::Apart, "apart.db")?,
        ])
    }

    /// A file whose write-ahead log still grows takes twice as long to sync.
    async fn warm_up(&self) -> Outcome<()> {
        for _ in 0..3 {
            self.measure(1024).await?;
        }
        Ok(())
    }

    /// How long a batch takes, of several one after the other.
    async fn measure(&self, flight: u64) -> Outcome<Duration> {
        let took = match &self.to {
            To::Log(log) if self.kind == Kind::Apart => by_publishers(log, flight).await?,
            To::Log(log) => as_batches(log, flight).await?,
            To::Table(table) => self.inserted(table, flight).await?,
        };
        Ok(took / BATCHES)
    }

    async fn inserted(&self, table: &Arc<Mutex<Connection>>, flight: u64) -> Outcome<Duration> {
        let batches = (0..BATCHES).map(|_| {
            let orders = envelopes(flight)?;
            let bodies = written(&orders)?;
            Outcome::Ok((orders, bodies))
        });
        let batches = batches.collect::<Outcome<Vec<_>>>()?;
        let insert = match self.kind {
            Kind::Rows | Kind::Thread => insert_rows,
            Kind::Key => insert_with_key,
            _ => insert,
        };
        let begun = Instant::now();
        for (orders, bodies) in batches {
            let table = Arc::clone(table);
            let insert = move || -> rusqlite::Result<()> {
                let table = table.lock().unwrap_or_else(PoisonError::into_inner);
                insert(&table, &orders, &bodies)
            };
            if self.kind == Kind::Thread {
                tokio::task::spawn_blocking(insert).await??;
            } else {
                insert()?;
            }
        }
        Ok(begun.elapsed())
    }
}

async fn as_batches(log: &Log, flight: u64) -> Outcome<Duration> {
    let batches = (0..BATCHES).map(|_| envelopes(flight));
    let batches = batches.collect::<Outcome<Vec<_>>>()?;
    let begun = Instant::now();
    for orders in batches {
        log.publish_all(orders).await?;
    }
    Ok(begun.elapsed())
}

/// Each is a task of its own, and publishes its next once the last is durable.
async fn by_publishers(log: &Log, flight: u64) -> Outcome<Duration> {
    let orders = (0..flight).map(|_| envelopes(u64::from(BATCHES)));
    let orders = orders.collect::<Outcome<Vec<_>>>()?;
    let begun = Instant::now();
    let mut publishers = JoinSet::new();
    for orders in orders {
        let log = log.clone();
        publishers.spawn(async move {
            for order in orders {
                log.publish(order).await?;
            }
            Ok::<_, LogError>(())
        });
    }
    while let Some(published) = publishers.join_next().await {
        published??;
    }
    Ok(begun.elapsed())
}

fn written(orders: &[Envelope]) -> Outcome<Vec<Vec<u8>>> {
    let written = orders
        .iter()
        .map(|order| json::write(order, &Limits::default()));
    Ok(written.collect::<Result<_, _>>()?)
}

fn envelopes(count: u64) -> Outcome<Vec<Envelope>> {
    Ok((0..count)
        .map(|n| order(n).build())
        .collect::<Result<_, _>>()?)
}

async fn as_it_grows(folder: &Path) -> Outcome<()> {
    let records = std::env::var("ENACT_RECORDS").ok();
    let records = records
        .and_then(|records| records.parse().ok())
        .unwrap_or(1_000_000_u64)
        .max(10_000);
    let (small, large) = (
        Log::open(folder.join("small.db"))?,
        Log::open(folder.join("large.db"))?,
    );
    // Its write-ahead log is as long as the other's: a file that grows is another matter to sync.
    fill(&small, 10_000).await?;
    small.prune(Timestamp::now(), 9_990).await?;
    fill(&large, records).await?;
    let (mut at_small, mut at_large) = (Vec::new(), Vec::new());
    for n in 0..ROUNDS as u64 * 9 {
        let mut logs = [(&small, &mut at_small), (&large, &mut at_large)];
        // Whoever comes first finds the disk otherwise.
        if n % 2 == 1 {
            logs.reverse();
        }
        for (log, times) in logs {
            let begun = Instant::now();
            log.publish(order(n)).await?;
            times.push(begun.elapsed());
        }
    }
    let (at_small, at_large) = (median(&mut at_small), median(&mut at_large));
    writeln!(
        std::io::stdout(),
        "one publish: at 10 records {at_small:.2?}, at {records} {at_large:.2?}, {:.2} x",
        at_large.as_secs_f64() / at_small.as_secs_f64()
    )?;
    Ok(())
}

async fn fill(log: &Log, records: u64) -> Outcome<()> {
    let mut left = records;
    while left > 0 {
        let some = left.min(5000);
        log.publish_all((0..some).map(order)).await?;
        left -= some;
    }
    Ok(())
}

/// A table of bodies, and of what else there is to be.
fn table(path: &Path, more: &str) -> Outcome<Connection> {
    let connection = Connection::open(path)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.execute_batch(&format!(
        "CREATE TABLE signals (seq INTEGER PRIMARY KEY, body BLOB{more})"
    ))?;
    Ok(connection)
}

fn insert(connection: &Connection, _: &[Envelope], bodies: &[Vec<u8>]) -> rusqlite::Result<()> {
    let transaction = connection.unchecked_transaction()?;
    {
        let sql = "INSERT INTO signals (body) VALUES (?1)";
        let mut insert = transaction.prepare_cached(sql)?;
        for body in bodies {
            insert.execute([body])?;
        }
    }
    transaction.commit()
}

fn insert_rows(
    connection: &Connection,
    orders: &[Envelope],
    bodies: &[Vec<u8>],
) -> rusqlite::Result<()> {
    let transaction = connection.unchecked_transaction()?;
    {
        let sql = "INSERT INTO signals (at, type, body, sum) VALUES (?1, ?2, ?3, ?4)";
        let mut insert = transaction.prepare_cached(sql)?;
        for (order, body) in orders.iter().zip(bodies) {
            let (at, sum) = (1_790_000_000_000_i64, u32::MAX);
            insert.execute((at, order.ty().as_str(), body, sum))?;
        }
    }
    transaction.commit()
}

fn insert_with_key(
    connection: &Connection,
    orders: &[Envelope],
    bodies: &[Vec<u8>],
) -> rusqlite::Result<()> {
    let transaction = connection.unchecked_transaction()?;
    {
        let sql = "INSERT INTO signals (body, source, id) VALUES (?1, ?2, ?3)";
        let mut insert = transaction.prepare_cached(sql)?;
        for (order, body) in orders.iter().zip(bodies) {
            insert.execute((body, order.source(), order.id()))?;
        }
    }
    transaction.commit()
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
