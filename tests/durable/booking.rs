//! Effects in the journal's own database: `kill -9` at any instant leaves them with their record, or neither.

use enact::prelude::*;
use enact::workflow::transact;

use crate::killing::{check_ended, seeds, test_until, two_workers};
use crate::place::{Database, Place, sql};

/// How many runs the children work through.
const RUNS: u32 = 30;
/// How many bookings each has.
const BOOKINGS: usize = 4;

/// The table that the bookings are in.
#[derive(Debug, Clone)]
struct Table(String);

impl Table {
    fn of(place: &Place) -> Self {
        Self(format!("{}.booked", place.schema()))
    }

    /// No key: whatever is there twice is seen.
    fn made(&self) -> String {
        format!(
            "CREATE TABLE IF NOT EXISTS {} (key TEXT, cents BIGINT)",
            self.0
        )
    }
}

/// Puts an amount down in the books.
#[derive(Debug, Action)]
struct PutDown {
    /// How much.
    cents: u32,
}

impl Run for PutDown {
    type Output = i64;

    async fn run(&self, cx: &Context) -> Result<i64, Failure> {
        let table = cx.resource::<Table>()?.0.clone();
        let key = cx.idempotency_key().unwrap_or("none").to_owned();
        let cents = i64::from(self.cents);
        transact::postgres(cx, "book", move |db| {
            let sql = format!("INSERT INTO {table} (key, cents) VALUES ($1, $2)");
            db.execute(&sql, &[&key, &cents])?;
            if cents == 13 {
                return Err(Failure::terminal("book.no", "13 can't be booked"));
            }
            let sql = format!("SELECT count(*) FROM {table} WHERE key = $1");
            Ok(db.query_one(&sql, &[&key])?.try_get(0)?)
        })
        .await
    }
}

workflow! {
    /// Books some amounts, two of them at once, and one in vain where `last` is 13.
    Bookings { last: u32 } -> i64 {
        step first = PutDown { cents: 1_u32 };
        parallel {
            step left = PutDown { cents: 2_u32 };
            step right = PutDown { cents: 3_u32 };
        }
        step end = PutDown { cents: last };
        first + left + right + end
    }
}

fn cx(place: &Place) -> Context {
    Context::builder().resource(Table::of(place)).build()
}

/// The child: works through all runs, and tells on standard output what it has acknowledged.
#[test]
fn child() {
    let Some(place) = Place::of_environment() else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(async {
        let engine = place.engine(&cx(&place));
        println!("ready");
        let mut runs = Vec::new();
        for n in 0..RUNS {
            let started = engine
                .start(&format!("run-{n}"), Bookings::new(last(n)))
                .await;
            runs.push((n, started.unwrap()));
            println!("started {n}");
        }
        for (n, run) in runs {
            match (last(n), run.answer().await) {
                (13, answer) => assert_eq!(answer.unwrap_err().code(), "book.no"),
                (_, answer) => assert_eq!(answer.unwrap(), 4),
            }
            println!("answered {n}");
        }
        println!("done");
    });
}

fn last(n: u32) -> u32 {
    if n % 5 == 4 { 13 } else { 4 }
}

/// How many bookings are without their record, or records without their booking; in one look.
fn halves(place: &Place) -> Option<String> {
    let schema = place.schema();
    let told = format!(
        "SELECT count(*) FROM {schema}.booked FULL JOIN (SELECT id || '/' || path AS key, 1 AS there \
         FROM {schema}.journal JOIN {schema}.runs USING (run) WHERE journal.body LIKE '{{\"is\":\"done\"%') \
         AS recorded USING (key) WHERE cents IS NULL OR there IS NULL"
    );
    sql(&told).unwrap()
}

#[test]
fn bookings_of_two_workers_that_are_killed_again_and_again_are_there_once() {
    const KILLS: u32 = 6;
    for seed in seeds(KILLS) {
        let Some(database) = Database::new("booking-two") else {
            return;
        };
        println!("ENACT_SEED={seed}");
        let place = &database.0;
        place.make(&Table::of(place).made());
        two_workers(KILLS, RUNS * 2, seed, |lines| {
            let done = test_until("booking::child", place, lines);
            assert_eq!(halves(place).as_deref(), Some("0"));
            done
        });
        check(place);
    }
}

/// Every booking is there once, and none that failed.
fn check(place: &Place) {
    let table = Table::of(place).0;
    let told = |what: &str| {
        sql(&format!("SELECT {what} FROM {table}"))
            .unwrap()
            .unwrap()
    };
    let fail = (0..RUNS).filter(|n| last(*n) == 13).count();
    let all = RUNS as usize * BOOKINGS - fail;
    assert_eq!(told("count(*)"), all.to_string());
    assert_eq!(told("count(DISTINCT key)"), all.to_string());
    assert_eq!(told("count(*) FILTER (WHERE cents = 13)"), "0");
    assert_eq!(halves(place).as_deref(), Some("0"));
    check_ended(place, RUNS);
}

#[tokio::test]
async fn a_booking_needs_an_engine_over_its_database() {
    let folder = crate::ledger::folder("booking-elsewhere");
    let place = Place::file(&folder);
    let engine = place.engine(&cx(&place));
    let run = engine.start("a", Bookings::new(4_u32)).await.unwrap();
    let failure = run.answer().await.unwrap_err();
    assert_eq!(failure.code(), "transact.no_database");
    assert!(failure.message().contains("PostgreSQL"), "{failure}");
}
