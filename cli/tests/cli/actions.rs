//! The actions that the tests run.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use enact::context::Progress;
use enact::prelude::*;
use serde_json::Value;
use tokio::sync::Notify;

/// What the actions take from outside.
#[derive(Clone, Default)]
pub(crate) struct World {
    pub(crate) began: Arc<Notify>,
    pub(crate) undone: Arc<AtomicBool>,
}

/// Adds two numbers. The sum must fit.
#[derive(Action)]
#[action(effect = read, category = "math", tags("pure", "numbers"))]
struct Add {
    /// The first number.
    a: i64,
    /// The second number.
    #[param(min = -100, max = 100, default = 1)]
    b: i64,
}

impl Run for Add {
    type Output = i64;
    async fn run(&self, _cx: &Context) -> Result<i64, Failure> {
        self.a
            .checked_add(self.b)
            .ok_or_else(|| Failure::terminal("add.overflow", "the sum is too large"))
    }
}

/// How fast a mail goes.
#[derive(Debug, Clone, Copy, PartialEq, Params)]
#[serde(rename_all = "snake_case")]
enum Speed {
    /// When there is time.
    Slow,
    /// At once.
    Fast,
}

/// Sends a mail.
///
/// It goes out once for each call.
#[derive(Action)]
#[action(
    title = "Send mail", effect = idempotent, category = "mail", tags("demo"), version = "1.2.0", timeout = "5s",
    retry(times = 2, backoff = "1ms"..="2ms"), needs(World), writes("outbox")
)]
struct SendMail {
    /// Who gets it.
    #[param(len = 3..=80, example = "ada@example.org")]
    #[serde(alias = "recipient")]
    send_to: String,
    /// What it says.
    #[param(default = "hello".to_owned())]
    text: String,
    /// Who else gets it.
    #[param(len = ..=2, default = Vec::new(), example = vec!["bob".to_owned(), "eve".to_owned()])]
    copies: Vec<String>,
    /// How fast.
    speed: Option<Speed>,
    /// Whether to ask for a receipt.
    #[param(default = false)]
    receipt: bool,
    /// Further headers.
    #[param(default = BTreeMap::new())]
    headers: BTreeMap<String, String>,
    /// The key of the account.
    #[param(secret, len = 4..=12)]
    api_key: String,
    /// The account's number.
    #[param(secret)]
    pin: Option<u32>,
}

/// What was sent.
#[derive(Debug, Params)]
struct Sent {
    /// The params, without secrets.
    params: Value,
    /// How long the key is.
    key_length: usize,
}

impl Run for SendMail {
    type Output = Sent;
    async fn run(&self, cx: &Context) -> Result<Sent, Failure> {
        let _: &World = cx.resource()?;
        Ok(Sent {
            params: self.redacted(),
            key_length: self.api_key.len(),
        })
    }
}

/// Answers with what it is given.
#[derive(Action)]
#[action(effect = read)]
struct Echo {
    /// Anything.
    what: Value,
}

impl Run for Echo {
    type Output = Value;
    async fn run(&self, cx: &Context) -> Result<Value, Failure> {
        cx.progress(Progress::new(1).of(2).at("echoing"));
        Ok(self.what.clone())
    }
}

/// Has params whose names are hard.
#[derive(Action)]
#[action(effect = read)]
struct Hard {
    /// Named like a flag of ours.
    output: String,
    /// Named with a line before.
    #[serde(rename = "_odd")]
    #[param(default = 0)]
    odd: u8,
    /// A number below zero, one for each time.
    #[param(default = Vec::new())]
    low_numbers: Vec<i8>,
}

impl Run for Hard {
    type Output = String;
    async fn run(&self, _cx: &Context) -> Result<String, Failure> {
        Ok(format!(
            "{} {} {:?}",
            self.output, self.odd, self.low_numbers
        ))
    }
}

/// How to fail.
#[derive(Debug, Clone, Copy, PartialEq, Params)]
#[serde(rename_all = "snake_case")]
enum How {
    /// The world fails.
    World,
    /// The code fails.
    Panic,
    /// Nothing happens.
    Stall,
}

/// Fails in the way that is asked for.
#[derive(Action)]
#[action(effect = read)]
struct Fail {
    /// How.
    how: How,
}

impl Run for Fail {
    type Output = ();
    #[expect(clippy::panic, reason = "it is what is asked for")]
    async fn run(&self, _cx: &Context) -> Result<(), Failure> {
        match self.how {
            How::World => {
                std::fs::read("/no/such/file")?;
                Ok(())
            }
            How::Panic => panic!("the code is wrong"),
            How::Stall => std::future::pending().await,
        }
    }
}

/// Books a seat, and never hears back.
#[derive(Action)]
#[action(undo, needs(World))]
struct Book {
    /// Whether its undo hangs too.
    #[param(default = false)]
    hang: bool,
}

impl Run for Book {
    type Output = ();
    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        cx.resource::<World>()?.began.notify_one();
        std::future::pending().await
    }
}

impl Undo for Book {
    async fn undo(&self, _output: Option<&()>, cx: &Context) -> Result<(), Failure> {
        let world: &World = cx.resource()?;
        if self.hang {
            world.began.notify_one();
            tokio::time::sleep(Duration::from_hours(1)).await;
        }
        world.undone.store(true, Ordering::SeqCst);
        Ok(())
    }
}

/// A box in which boxes are.
#[derive(Debug, Params)]
struct Nested {
    /// What is in it.
    inside: Vec<Lid>,
}

/// A lid, and what is under it.
#[derive(Debug, Params)]
struct Lid {
    /// The box that it closes.
    under: Nested,
}

/// Opens boxes.
#[derive(Action)]
#[action(effect = read)]
struct Open {
    /// The outer box.
    outer: Nested,
}

impl Run for Open {
    type Output = usize;
    async fn run(&self, _cx: &Context) -> Result<usize, Failure> {
        Ok(self.outer.inside.len())
    }
}
