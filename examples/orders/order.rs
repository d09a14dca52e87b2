//! What goes into the workflow and what comes out: an order, and its confirmation.

use enact::prelude::*;

/// An order.
#[derive(Debug, Params)]
pub(crate) struct Order {
    /// The order's id.
    #[serde(rename = "order_id")]
    #[param(pattern = "^ord-[0-9]{6}$", example = "ord-001042")]
    pub(crate) id: String,
    /// Who ordered.
    pub(crate) customer: Customer,
    /// What was ordered.
    #[param(len = 1..=50)]
    pub(crate) items: Vec<Item>,
    /// How it gets there.
    pub(crate) shipping: Shipping,
    /// When it was placed.
    #[param(format = "date-time")]
    pub(crate) placed_at: String,
    /// The discount on the whole, in percent.
    #[param(max = 50, multiple_of = 5, default = 0)]
    pub(crate) discount_percent: u8,
    /// What else the shop should know.
    #[param(len = 1..=500)]
    pub(crate) note: Option<String>,
}

/// Who ordered.
#[derive(Debug, Params)]
pub(crate) struct Customer {
    /// The full name.
    #[param(len = 1..=120)]
    pub(crate) name: String,
    /// Where the confirmation goes.
    #[param(format = "email", class = "email")]
    pub(crate) email: String,
    /// What was agreed with the shop.
    #[param(default = Tier::Standard)]
    pub(crate) tier: Tier,
}

/// What a customer has agreed with the shop.
#[derive(Debug, Clone, Copy, Params)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Tier {
    /// The listed price, and shipping.
    Standard,
    /// Shipping is free.
    Plus,
    /// Shipping is free, and prices are lower.
    Premium,
}

/// One line of an order.
#[derive(Debug, Clone, Params)]
pub(crate) struct Item {
    /// What, by its stock-keeping unit.
    #[param(pattern = "^[A-Z]{3}-[0-9]{4}$", example = "TEA-0101")]
    pub(crate) sku: String,
    /// How many.
    #[param(min = 1, max = 500)]
    pub(crate) quantity: u16,
    /// The price of one, in cents.
    #[param(min = 1)]
    pub(crate) unit_cents: u32,
}

/// How an order gets to its customer.
#[derive(Debug, Clone, Params)]
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

/// What a customer is told in the end.
#[derive(Debug, Params)]
pub(crate) struct Confirmation {
    /// The order's id.
    pub(crate) order: String,
    /// What the payment is called at the bank.
    pub(crate) receipt: String,
    /// How many pieces are on their way.
    pub(crate) pieces: u32,
    /// What was charged, in cents.
    pub(crate) cents: u64,
}
