//! The actions that the workflow is made of, in its order.

use std::collections::BTreeSet;

use enact::prelude::*;

use crate::order::{Item, Shipping};
use crate::world::{Ledger, Outbox, Warehouse, not_busy};

/// Checks what no schema can say, and adds up.
#[derive(Debug, Action)]
#[action(category = "orders", effect = read)]
pub(crate) struct ValidateOrder {
    /// What was ordered.
    pub(crate) items: Vec<Item>,
    /// The discount on the whole, in percent.
    pub(crate) discount_percent: u8,
}

/// What an order comes to.
#[derive(Debug, Params)]
pub(crate) struct Valid {
    /// How many pieces.
    pub(crate) pieces: u32,
    /// Their price in cents, the discount taken off.
    pub(crate) cents: u64,
}

impl Run for ValidateOrder {
    type Output = Valid;

    async fn run(&self, _cx: &Context) -> Result<Valid, Failure> {
        let mut seen = BTreeSet::new();
        if let Some(item) = self.items.iter().find(|item| !seen.insert(&item.sku)) {
            let message = format!("one line for each item; {} stands in two", item.sku);
            return Err(Failure::terminal("order.item_twice", message));
        }
        let listed = |item: &Item| u64::from(item.quantity) * u64::from(item.unit_cents);
        let listed: u64 = self.items.iter().map(listed).sum();
        Ok(Valid {
            pieces: self.items.iter().map(|item| u32::from(item.quantity)).sum(),
            cents: listed * (100 - u64::from(self.discount_percent)) / 100,
        })
    }
}

/// Reserves every item of an order, and answers how many pieces that are.
#[derive(Debug, Action)]
#[action(category = "orders", effect = idempotent, undo, needs(Warehouse), writes("stock"),
         retry(times = 2, backoff = "1ms"..="20ms"))]
pub(crate) struct ReserveStock {
    /// The order's id.
    pub(crate) order: String,
    /// What was ordered.
    pub(crate) items: Vec<Item>,
}

impl Run for ReserveStock {
    type Output = u32;

    async fn run(&self, cx: &Context) -> Result<u32, Failure> {
        let warehouse: &Warehouse = cx.resource()?;
        not_busy("warehouse.busy", &self.order, cx)?;
        let mut pieces = 0;
        for item in &self.items {
            let quantity = u32::from(item.quantity);
            warehouse
                .reserve(cx, &self.order, &item.sku, quantity)
                .await?;
            pieces += quantity;
        }
        Ok(pieces)
    }
}

impl Undo for ReserveStock {
    /// Releases by order, so also what was reserved before a later item was sold out.
    async fn undo(&self, _output: Option<&u32>, cx: &Context) -> Result<(), Failure> {
        cx.resource::<Warehouse>()?.release(cx, &self.order).await
    }
}

/// Tells what shipping costs, in cents.
#[derive(Debug, Action)]
#[action(category = "orders", effect = read)]
pub(crate) struct QuoteShipping {
    /// How the order gets to its customer.
    pub(crate) shipping: Shipping,
    /// How many pieces.
    pub(crate) pieces: u32,
}

impl Run for QuoteShipping {
    type Output = u64;

    async fn run(&self, _cx: &Context) -> Result<u64, Failure> {
        let cents = match &self.shipping {
            Shipping::Parcel { country, .. } if country == "DE" => 490,
            Shipping::Parcel { .. } => 990 + 20 * u64::from(self.pieces),
            Shipping::Pickup { .. } => 0,
        };
        Ok(cents)
    }
}

/// Tells what an order costs a premium customer, in cents.
#[derive(Debug, Action)]
#[action(category = "orders", effect = read)]
pub(crate) struct PremiumPrice {
    /// The listed price in cents.
    pub(crate) cents: u64,
}

impl Run for PremiumPrice {
    type Output = u64;

    async fn run(&self, _cx: &Context) -> Result<u64, Failure> {
        Ok(self.cents * 95 / 100)
    }
}

/// Charges the customer's card, once for each order.
#[derive(Debug, Action)]
#[action(category = "orders", effect = idempotent, needs(Ledger), writes("ledger"))]
pub(crate) struct ChargeCard {
    /// The order's id.
    pub(crate) order: String,
    /// How much, in cents.
    #[param(min = 1)]
    pub(crate) cents: u64,
}

/// A payment.
#[derive(Debug, Params)]
pub(crate) struct Payment {
    /// What it is called at the bank.
    pub(crate) receipt: String,
}

impl Run for ChargeCard {
    type Output = Payment;

    async fn run(&self, cx: &Context) -> Result<Payment, Failure> {
        not_busy("bank.busy", &self.order, cx)?;
        let ledger: &Ledger = cx.resource()?;
        ledger.charge(cx, &self.order, self.cents).await?;
        let receipt = format!("pay-{}", self.order);
        Ok(Payment { receipt })
    }
}

/// Prints the label of one item, and answers its number.
#[derive(Debug, Action)]
#[action(category = "orders", effect = idempotent, retry(times = 2, backoff = "1ms"..="20ms"))]
pub(crate) struct PrintLabel {
    /// The order's id.
    pub(crate) order: String,
    /// The item, by its stock-keeping unit.
    pub(crate) sku: String,
}

impl Run for PrintLabel {
    type Output = String;

    async fn run(&self, cx: &Context) -> Result<String, Failure> {
        let label = format!("{}/{}", self.order, self.sku);
        not_busy("printer.jammed", &label, cx)?;
        Ok(label)
    }
}

/// Tells the auditors of a large order.
#[derive(Debug, Action)]
#[action(category = "orders", effect = idempotent, needs(Outbox))]
pub(crate) struct NotifyAudit {
    /// The order's id.
    pub(crate) order: String,
    /// What it costs, in cents.
    pub(crate) cents: u64,
}

impl Run for NotifyAudit {
    type Output = ();

    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        let outbox: &Outbox = cx.resource()?;
        let to = format!("audit of {}", self.order);
        outbox.send(cx, to, &format!("{} cents", self.cents)).await
    }
}

/// Sends a customer the confirmation of an order.
#[derive(Debug, Action)]
#[action(category = "orders", effect = idempotent, needs(Outbox))]
pub(crate) struct SendConfirmation {
    /// The order's id.
    pub(crate) order: String,
    /// Where it goes.
    #[param(format = "email", class = "email")]
    pub(crate) email: String,
    /// The numbers of the labels.
    pub(crate) labels: Vec<String>,
}

impl Run for SendConfirmation {
    type Output = ();

    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        let outbox: &Outbox = cx.resource()?;
        let to = format!("{} of {}", self.email, self.order);
        outbox.send(cx, to, &self.labels.join(", ")).await
    }
}
