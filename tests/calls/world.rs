//! Actions for models to call, and the world that they touch.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use enact::prelude::*;

/// What happens while actions run.
#[derive(Debug, Clone, Default)]
pub(crate) struct World(Arc<Mutex<Seen>>);

#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// How many runs there are now.
    pub(crate) running: usize,
    /// How many there were at most.
    pub(crate) most: usize,
    /// How many began.
    pub(crate) begun: usize,
    /// The keys they had.
    pub(crate) keys: Vec<Option<String>>,
}

impl World {
    pub(crate) fn cx(&self) -> Context {
        Context::builder().resource(self.clone()).build()
    }

    pub(crate) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().expect("no test panics here")
    }
}

/// Counts a run for as long as it lasts.
struct Running(World);

impl Running {
    fn begin(cx: &Context) -> Result<Self, Failure> {
        let world = cx.resource::<World>()?.clone();
        {
            let mut seen = world.seen();
            seen.running += 1;
            seen.begun += 1;
            seen.most = seen.most.max(seen.running);
            seen.keys.push(cx.idempotency_key().map(str::to_owned));
        }
        Ok(Self(world))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.seen().running -= 1;
    }
}

/// Books a table, and says what it has understood.
#[derive(Debug, Action)]
pub(crate) struct BookTable {
    /// For whom.
    #[param(len = 1..=20)]
    name: String,
    /// How many come.
    #[param(min = 1, max = 12)]
    guests: u8,
    /// Where, as latitude and longitude.
    #[param(default)]
    at: Option<(i32, i32)>,
    /// What each of them can't eat.
    #[param(default)]
    avoid: BTreeMap<String, String>,
}

impl Run for BookTable {
    type Output = BTreeMap<String, String>;

    async fn run(&self, _cx: &Context) -> Result<Self::Output, Failure> {
        let told = [
            ("name", self.name.clone()),
            ("guests", self.guests.to_string()),
            ("at", format!("{:?}", self.at)),
            ("avoid", format!("{:?}", self.avoid)),
        ];
        Ok(told.map(|(key, value)| (key.to_owned(), value)).into())
    }
}

/// Takes its time.
#[derive(Debug, Action)]
#[action(effect = read, needs(World))]
pub(crate) struct Wait {
    /// How long, in seconds.
    #[param(max = 100_000)]
    seconds: u64,
}

impl Run for Wait {
    type Output = u64;

    async fn run(&self, cx: &Context) -> Result<u64, Failure> {
        let _running = Running::begin(cx)?;
        tokio::time::sleep(Duration::from_secs(self.seconds)).await;
        Ok(self.seconds)
    }
}

/// Never answers in time.
#[derive(Debug, Action)]
#[action(effect = read, timeout = "5s")]
pub(crate) struct Dawdle;

impl Run for Dawdle {
    type Output = ();

    async fn run(&self, _cx: &Context) -> Result<(), Failure> {
        std::future::pending().await
    }
}

/// Breaks.
#[derive(Debug, Action)]
#[action(effect = read)]
pub(crate) struct Break {
    /// Whether it says so.
    politely: bool,
}

impl Run for Break {
    type Output = ();

    async fn run(&self, _cx: &Context) -> Result<(), Failure> {
        if self.politely {
            return Err(Failure::terminal("kitchen.closed", "the kitchen is closed"));
        }
        std::panic::resume_unwind(Box::new("the stove fell"))
    }
}

/// Talks.
#[derive(Debug, Action)]
#[action(effect = read)]
pub(crate) struct Talk {
    /// How many letters.
    letters: usize,
}

impl Run for Talk {
    type Output = String;

    async fn run(&self, _cx: &Context) -> Result<String, Failure> {
        Ok("é".repeat(self.letters))
    }
}
