//! What `registry.call` adds to serde alone: aim, at most 1.5 times `from_value` and `to_value`,
//! and 5 times faster than validating with the `jsonschema` crate first. That crate is measured
//! with a validator prepared once, and as one call that prepares it each time.

use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::task::{Context as Task, Poll, Waker};

use enact::prelude::*;
use enact_benches::{Candidate, compare};
use serde_json::{Value, json};

/// Books a table.
#[derive(Debug, Action)]
#[action(effect = read)]
struct BookTable {
    /// The guest's name.
    #[param(len = 1..=80)]
    name: String,
    /// How many come.
    #[param(min = 1, max = 20)]
    guests: u8,
    /// The day, counted from the first of the year.
    #[param(min = 1, max = 366)]
    day: u32,
    /// Whether a window is wished for.
    window: bool,
    /// What else is wished for.
    #[param(len = ..=200)]
    wish: Option<String>,
}

/// What came of a booking.
#[derive(Debug, Params)]
struct Booking {
    /// The guest's name.
    name: String,
    /// How many come.
    guests: u8,
    /// The table.
    table: u32,
    /// Whether it has a window.
    window: bool,
    /// What was wished for.
    wish: Option<String>,
}

impl BookTable {
    fn booked(&self) -> Booking {
        Booking {
            name: self.name.clone(),
            guests: self.guests,
            table: self.day % 7,
            window: self.window,
            wish: self.wish.clone(),
        }
    }
}

impl Run for BookTable {
    type Output = Booking;

    async fn run(&self, _cx: &Context) -> Result<Booking, Failure> {
        Ok(self.booked())
    }
}

fn main() {
    let registry = Registry::open().expect("this program's actions are sound");
    let entry = registry.get("book_table").expect("the action is linked in");
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(entry.schema())
        .expect("the schema is one");
    let params = json!({
        "name": "Ada Lovelace", "guests": 4, "day": 224, "window": true, "wish": "a quiet corner",
    });
    let cx = Context::new();
    compare(
        "registry.call of a five-field action (each with a fresh copy of the JSON)",
        vec![
            Candidate::new("serde_json::from_value, run, to_value", || {
                black_box(serde_alone(params.clone()));
            }),
            Candidate::new("registry.call", || {
                black_box(now(registry.call("book_table", params.clone(), &cx)));
            }),
            Candidate::new("jsonschema validate, then the first", || {
                let params = params.clone();
                black_box(validator.is_valid(&params));
                black_box(serde_alone(params));
            }),
            Candidate::new("jsonschema validate with errors, then the first", || {
                let params = params.clone();
                black_box(validator.iter_errors(&params).count());
                black_box(serde_alone(params));
            }),
            Candidate::new(
                "jsonschema::validate, schema and all, then the first",
                || {
                    let params = params.clone();
                    black_box(jsonschema::validate(entry.schema(), &params).is_ok());
                    black_box(serde_alone(params));
                },
            ),
            Candidate::new("the copy of the JSON alone", || {
                black_box(params.clone());
            }),
        ],
    );
}

fn serde_alone(params: Value) -> Option<Value> {
    let action: BookTable = serde_json::from_value(params).ok()?;
    serde_json::to_value(action.booked()).ok()
}

/// The answer of a future that has it at once.
fn now<T>(future: impl Future<Output = Result<T, Failure>>) -> Option<T> {
    match pin!(future).poll(&mut Task::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer.ok(),
        Poll::Pending => None,
    }
}
