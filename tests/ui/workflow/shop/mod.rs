//! The actions that the cases are written with: one of each kind.
#![allow(dead_code, reason = "no case needs them all")]

use enact::prelude::*;
use enact::workflow::__private::Signal;

/// What a customer wants.
#[derive(Debug, Clone, PartialEq, Params)]
pub struct Order {
    /// Its number.
    pub id: u64,
    /// What is to be paid for it.
    pub price: u32,
    /// What it is made of.
    pub lines: Vec<String>,
    /// How it is to be treated.
    pub tier: Tier,
    /// What is said about it.
    pub note: Option<String>,
}

/// How an order is treated.
#[derive(Debug, Clone, Copy, PartialEq, Params)]
pub enum Tier {
    /// Before others.
    Premium,
    /// As any other.
    Standard,
}

/// Goods that are put aside.
#[derive(Debug, Clone, PartialEq, Params)]
pub struct Stock {
    /// The number of the reservation.
    pub id: u64,
    /// Where they are.
    pub shelf: String,
}

/// Reads a price.
#[derive(Debug, Action)]
#[action(effect = read)]
pub struct Price {
    /// Of what.
    pub of: u64,
}

impl Run for Price {
    type Output = u32;
    async fn run(&self, _: &Context) -> Result<u32, Failure> {
        Ok(3)
    }
}

/// Reads a label.
#[derive(Debug, Action)]
#[action(effect = read)]
pub struct Label {
    /// Of what.
    pub line: String,
}

impl Run for Label {
    type Output = String;
    async fn run(&self, _: &Context) -> Result<String, Failure> {
        Ok(self.line.clone())
    }
}

/// Reads slowly, and again where it fails.
#[derive(Debug, Action)]
#[action(effect = read, timeout = "1h", retry(times = 3, backoff = "1s"..="1m"))]
pub struct Slow {}

impl Run for Slow {
    type Output = u32;
    async fn run(&self, _: &Context) -> Result<u32, Failure> {
        Ok(3)
    }
}

/// Reads whether it is time.
#[derive(Debug, Action)]
#[action(effect = read)]
pub struct Now {}

impl Run for Now {
    type Output = bool;
    async fn run(&self, _: &Context) -> Result<bool, Failure> {
        Ok(true)
    }
}

/// Reads with many rules.
#[derive(Debug, Clone, Action)]
#[action(effect = read)]
pub struct Rate {
    /// How much.
    #[param(min = 1, max = 100)]
    pub percent: i32,
    /// Of what.
    #[param(len = 2..=8, default = "goods")]
    pub what: String,
    /// In which manner.
    #[param(one_of("fast", "slow"), default = "fast")]
    pub manner: String,
    /// How heavy.
    #[param(min = 0.5, max = 2.5, default = 1.0)]
    pub weight: f64,
}

impl Run for Rate {
    type Output = u32;
    async fn run(&self, _: &Context) -> Result<u32, Failure> {
        Ok(3)
    }
}

/// Saves a text; doing it again does no harm.
#[derive(Debug, Action)]
#[action(effect = idempotent)]
pub struct Save {
    /// The text.
    pub text: String,
}

impl Run for Save {
    type Output = u64;
    async fn run(&self, _: &Context) -> Result<u64, Failure> {
        Ok(3)
    }
}

/// Sends a letter, another one each time.
#[derive(Debug, Action)]
pub struct Send {
    /// To whom.
    pub to: String,
}

impl Run for Send {
    type Output = u64;
    async fn run(&self, _: &Context) -> Result<u64, Failure> {
        Ok(3)
    }
}

/// Puts goods aside, and can put them back.
#[derive(Debug, Action)]
#[action(undo, writes("stock"))]
pub struct Reserve {
    /// For which order.
    pub order: u64,
}

impl Run for Reserve {
    type Output = Stock;
    async fn run(&self, _: &Context) -> Result<Stock, Failure> {
        Ok(Stock::new(self.order, "a"))
    }
}

/// Fills the shelves.
#[derive(Debug, Action)]
#[action(writes("stock"))]
pub struct Restock {
    /// How much.
    pub count: u32,
}

impl Run for Restock {
    type Output = u32;
    async fn run(&self, _: &Context) -> Result<u32, Failure> {
        Ok(self.count)
    }
}

/// Writes a line into the ledger; doing it again does no harm.
#[derive(Debug, Action)]
#[action(effect = idempotent, writes("ledger"))]
pub struct Enter {
    /// How much.
    pub amount: u32,
}

impl Run for Enter {
    type Output = u64;
    async fn run(&self, _: &Context) -> Result<u64, Failure> {
        Ok(3)
    }
}

/// Takes money.
#[derive(Debug, Action)]
pub struct Charge {
    /// How much.
    pub amount: u32,
}

impl Run for Charge {
    type Output = u64;
    async fn run(&self, _: &Context) -> Result<u64, Failure> {
        Ok(3)
    }
}

impl Undo for Reserve {
    async fn undo(&self, _: Option<&Stock>, _: &Context) -> Result<(), Failure> {
        Ok(())
    }
}

impl Order {
    /// What it is made of.
    pub fn into_lines(self) -> Vec<String> {
        self.lines
    }
}

impl Stock {
    /// Where it is.
    pub fn into_shelf(self) -> String {
        self.shelf
    }
}

impl Price {
    /// The price of what has that number.
    pub fn of_number(of: u64) -> Self {
        Self { of }
    }
}

/// Somebody said yes.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Approved {
    /// To which order.
    pub order: u64,
    /// Who did.
    pub by: String,
}

impl Signal for Approved {
    const TYPE: &'static str = "order.approved";
}
