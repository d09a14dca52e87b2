//! The actions of a small shop.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use enact::prelude::*;

/// Places an order: reserves its items and books what it costs.
#[derive(Debug, Action)]
#[action(
    category = "orders",
    tags("shop"),
    version = "1.0.0",
    effect = idempotent,
    timeout = "2s",
    retry(times = 2, backoff = "50ms"..="1s"),
    needs(Ledger),
    check = no_item_twice,
)]
pub(crate) struct PlaceOrder {
    /// The order's id.
    #[param(pattern = "^ord-[0-9]{6}$", example = "ord-001042")]
    order_id: String,
    /// Who ordered.
    customer: Customer,
    /// What was ordered.
    #[param(len = 1..=50)]
    items: Vec<Item>,
    /// How it gets there.
    shipping: Shipping,
    /// When it was placed.
    #[param(format = "date-time")]
    placed_at: String,
    /// The discount on the whole, in percent.
    #[param(max = 50, multiple_of = 5, default = 0)]
    discount_percent: u8,
    /// What else the shop should know.
    #[param(len = 1..=500)]
    note: Option<String>,
}

/// Who ordered.
#[derive(Debug, Params)]
pub(crate) struct Customer {
    /// The full name.
    #[param(len = 1..=120)]
    name: String,
    /// Where the confirmation goes.
    #[param(format = "email", class = "email")]
    email: String,
    /// The tier that prices go by.
    #[param(default = Tier::Standard)]
    tier: Tier,
}

/// What a customer has agreed with the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Params)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Tier {
    /// The listed price.
    Standard,
    /// 2 % off.
    Plus,
    /// 5 % off.
    Premium,
}

/// One line of an order.
#[derive(Debug, Params)]
pub(crate) struct Item {
    /// What, by its stock-keeping unit.
    #[param(pattern = "^[A-Z]{3}-[0-9]{4}$", example = "TEA-0101")]
    sku: String,
    /// How many.
    #[param(min = 1, max = 500)]
    quantity: u16,
    /// The price of one, in cents.
    #[param(min = 1)]
    unit_cents: u32,
}

/// How an order gets to its customer.
#[derive(Debug, Params)]
#[serde(tag = "method", rename_all = "snake_case")]
pub(crate) enum Shipping {
    /// By mail.
    Parcel {
        /// Street and number.
        #[param(len = 1..=120)]
        street: String,
        /// The city.
        #[param(len = 1..=80)]
        city: String,
        /// The postal code.
        #[param(len = 3..=10)]
        postcode: String,
        /// The country, by its ISO 3166-1 code of two letters.
        #[param(pattern = "^[A-Z]{2}$", example = "DE")]
        country: String,
    },
    /// Fetched from a shop.
    Pickup {
        /// The shop's short name.
        #[param(pattern = "^[a-z0-9-]{3,40}$")]
        shop: String,
    },
}

/// What came of an order.
#[derive(Debug, Params)]
pub(crate) struct Receipt {
    /// The order's id.
    order_id: String,
    /// How many pieces.
    pieces: u32,
    /// What it costs, in cents, discounts taken off.
    total_cents: u64,
}

impl Run for PlaceOrder {
    type Output = Receipt;

    async fn run(&self, cx: &Context) -> Result<Receipt, Failure> {
        let total_cents = self.total();
        cx.resource::<Ledger>()?.book(&self.order_id, total_cents);
        Ok(Receipt {
            order_id: self.order_id.clone(),
            pieces: self.items.iter().map(|item| u32::from(item.quantity)).sum(),
            total_cents,
        })
    }
}

impl PlaceOrder {
    fn total(&self) -> u64 {
        let listed = |item: &Item| u64::from(item.quantity) * u64::from(item.unit_cents);
        let listed: u64 = self.items.iter().map(listed).sum();
        let tier = match self.customer.tier {
            Tier::Standard => 0,
            Tier::Plus => 2,
            Tier::Premium => 5,
        };
        listed * (100 - tier) / 100 * (100 - u64::from(self.discount_percent)) / 100
    }
}

/// What no schema can say: two lines for one thing are probably a slip.
fn no_item_twice(order: &PlaceOrder) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    match order.items.iter().find(|item| !seen.insert(&item.sku)) {
        Some(item) => Err(format!(
            "one line for each item; {} stands in two",
            item.sku
        )),
        None => Ok(()),
    }
}

/// What has been booked, by order: booking an order again changes nothing.
#[derive(Debug, Default)]
pub(crate) struct Ledger(Mutex<BTreeMap<String, u64>>);

impl Ledger {
    fn book(&self, order: &str, cents: u64) {
        let mut booked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        booked.insert(order.to_owned(), cents);
    }

    pub(crate) fn cents(&self) -> u64 {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .values()
            .sum()
    }
}

/// Tells what shipping a parcel costs.
#[derive(Debug, Action)]
#[action(category = "orders", effect = read)]
pub(crate) struct QuoteShipping {
    /// The country, by its ISO 3166-1 code of two letters.
    #[param(pattern = "^[A-Z]{2}$", example = "DE")]
    country: String,
    /// The weight in grams.
    #[param(min = 1, max = 31_500)]
    grams: u32,
    /// Whether it must be there the next day.
    #[param(default)]
    express: bool,
}

/// What shipping costs.
#[derive(Debug, Params)]
pub(crate) struct Quote {
    /// The price in cents.
    cents: u32,
    /// How many days it takes.
    days: u8,
}

impl Run for QuoteShipping {
    type Output = Quote;

    async fn run(&self, _cx: &Context) -> Result<Quote, Failure> {
        let near = ["DE", "AT", "FR", "BE", "CZ"].contains(&self.country.as_str());
        let base = if near { 490 } else { 990 };
        let cents = base + self.grams / 1000 * 120 + if self.express { 900 } else { 0 };
        let days = match (self.express, near) {
            (true, _) => 1,
            (false, true) => 2,
            (false, false) => 5,
        };
        Ok(Quote { cents, days })
    }
}
