//! The actions of the tests.

use enact_action_core::prelude::*;
use serde_json::{Value, json};

/// What is ordered.
#[derive(Debug, Params)]
#[params(crate = enact_action_core)]
pub(super) struct Item {
    /// Which article.
    pub(super) sku: String,
    /// How many.
    #[param(min = 1)]
    pub(super) count: u32,
}

/// A line of an order.
#[derive(Debug, Clone, Params)]
#[params(crate = enact_action_core)]
pub(super) struct Line {
    /// Which article.
    pub(super) sku: String,
    /// How heavy, in kilograms.
    pub(super) weight: f64,
}

/// A valid order.
#[derive(Debug, Params)]
#[params(crate = enact_action_core)]
pub(super) struct Valid {
    /// Its lines.
    pub(super) lines: Vec<Line>,
    /// Its price, in cents.
    pub(super) subtotal: u64,
    /// A note of the customer.
    pub(super) note: Option<String>,
}

/// Checks an order.
#[derive(Debug, Action)]
#[action(name = "shop_validate", effect = read, crate = enact_action_core)]
pub(super) struct Validate {
    /// What is ordered.
    #[param(len = 1..=100)]
    items: Vec<Item>,
    /// Whether to be strict.
    #[param(default = true)]
    strict: bool,
}

impl Run for Validate {
    type Output = Valid;
    async fn run(&self, _cx: &Context) -> Result<Valid, Failure> {
        let line = |item: &Item| Line {
            sku: item.sku.clone(),
            weight: f64::from(item.count),
        };
        let lines = self.items.iter().map(line).collect();
        Ok(Valid {
            lines,
            subtotal: u64::from(self.strict),
            note: None,
        })
    }
}

/// Reserves stock.
#[derive(Debug, Action)]
#[action(name = "shop_reserve", effect = idempotent, crate = enact_action_core)]
pub(super) struct Reserve {
    /// The lines to reserve.
    lines: Vec<Line>,
}

impl Run for Reserve {
    type Output = ();
    async fn run(&self, _cx: &Context) -> Result<(), Failure> {
        let _ = self.lines.len();
        Ok(())
    }
}

/// How to ship.
#[derive(Debug, Clone, Copy, Params)]
#[params(crate = enact_action_core)]
#[serde(rename_all = "snake_case")]
pub(super) enum Method {
    /// Slowly.
    Standard,
    /// Fast.
    Express,
}

/// The price of shipping.
#[derive(Debug, Params)]
#[params(crate = enact_action_core)]
pub(super) struct Price {
    /// In cents.
    pub(super) cents: u64,
}

/// Asks for the price of shipping.
#[derive(Debug, Action)]
#[action(name = "shop_quote", effect = read, crate = enact_action_core)]
pub(super) struct Quote {
    /// Where to.
    #[param(len = 1..=80)]
    address: String,
    /// How.
    method: Method,
}

impl Run for Quote {
    type Output = Price;
    async fn run(&self, _cx: &Context) -> Result<Price, Failure> {
        let _ = (&self.address, self.method);
        Ok(Price { cents: 5 })
    }
}

/// Prints a label.
#[derive(Debug, Action)]
#[action(name = "shop_label", effect = idempotent, crate = enact_action_core)]
pub(super) struct Label {
    /// For which article.
    #[param(len = 1..=10)]
    sku: String,
    /// How many.
    #[param(min = 1, max = 9, default = 1)]
    copies: u8,
    /// Anything.
    #[param(default = Value::Null)]
    meta: Value,
}

/// A printed label.
#[derive(Debug, Params)]
#[params(crate = enact_action_core)]
pub(super) struct Printed {
    /// Where it is.
    pub(super) url: String,
}

impl Run for Label {
    type Output = Printed;
    async fn run(&self, _cx: &Context) -> Result<Printed, Failure> {
        let _ = (self.copies, &self.meta);
        Ok(Printed {
            url: format!("/{}", self.sku),
        })
    }
}

/// Charges an account.
#[derive(Debug, Action)]
#[action(name = "shop_charge", effect = write, writes("accounts"), crate = enact_action_core, check = not_to_the_house)]
pub(super) struct Charge {
    /// How much.
    #[param(min = 1)]
    cents: u64,
    /// Whom.
    #[param(pattern = "^acc-[0-9]+$")]
    to: String,
}

fn not_to_the_house(charge: &Charge) -> Result<(), &'static str> {
    if charge.to == "acc-0" && charge.cents > 0 {
        Err("another account than the house's")
    } else {
        Ok(())
    }
}

impl Run for Charge {
    type Output = Value;
    async fn run(&self, _cx: &Context) -> Result<Value, Failure> {
        Ok(json!({ "id": self.to, "cents": self.cents }))
    }
}

/// A shape that a key chooses.
#[derive(Debug, Params)]
#[params(crate = enact_action_core)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Payment {
    /// By card.
    Card {
        /// Its number.
        number: String,
    },
    /// In cash.
    Cash {
        /// How much.
        cents: u64,
    },
}

/// Pays.
#[derive(Debug, Action)]
#[action(name = "shop_pay", effect = write, crate = enact_action_core)]
pub(super) struct Pay {
    /// How.
    payment: Payment,
    /// Which articles, each once.
    #[param(unique, default)]
    skus: Vec<String>,
}

impl Run for Pay {
    type Output = ();
    async fn run(&self, _cx: &Context) -> Result<(), Failure> {
        let _ = (&self.payment, &self.skus);
        Ok(())
    }
}
