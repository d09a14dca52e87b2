//! The world that the steps act on: a warehouse, a ledger and an outbox.
//!
//! It is in memory, or, where runs are recorded, in tables of the same file: then what a step does to
//! the world and the record that it did are one transaction, so a crash between the two can't be. What goes
//! wrong there is decided by the order's id alone, so that every run tells the same.

mod shelf;

use std::time::Duration;

use enact::context::ContextBuilder;
use enact::prelude::*;
use tokio::time::sleep;

use self::shelf::Shelf;
pub(crate) use self::shelf::TABLES;

/// What is reserved, by order and item. Reserving a line again changes nothing.
#[derive(Debug)]
pub(crate) struct Warehouse(pub(crate) Shelf);

/// What is charged in cents, by order. Charging an order again changes nothing.
#[derive(Debug)]
pub(crate) struct Ledger(pub(crate) Shelf);

/// Who was written to, and how much. Sending it again changes nothing.
#[derive(Debug)]
pub(crate) struct Outbox(Shelf);

/// The world in memory.
pub(crate) fn in_memory() -> ContextBuilder {
    with(Shelf::memory)
}

/// The world in the file that runs are recorded in.
pub(crate) fn in_journal() -> ContextBuilder {
    with(Shelf::journal)
}

fn with(shelf: impl Fn(&'static str) -> Shelf) -> ContextBuilder {
    Context::builder()
        .resource(Warehouse(shelf("warehouse")))
        .resource(Ledger(shelf("ledger")))
        .resource(Outbox(shelf("outbox")))
}

/// The one item that nobody can have.
const SOLD_OUT: &str = "TIN-0300";

impl Warehouse {
    pub(crate) async fn reserve(
        &self,
        cx: &Context,
        order: &str,
        sku: &str,
        pieces: u32,
    ) -> Result<(), Failure> {
        reach().await;
        if sku == SOLD_OUT {
            let message = format!("{sku} is sold out");
            return Err(Failure::terminal("warehouse.sold_out", message));
        }
        self.0
            .put(cx, format!("{order} {sku}"), pieces.into())
            .await
    }

    pub(crate) async fn release(&self, cx: &Context, order: &str) -> Result<(), Failure> {
        reach().await;
        self.0.remove(cx, format!("{order} ")).await
    }
}

impl Ledger {
    pub(crate) async fn charge(
        &self,
        cx: &Context,
        order: &str,
        cents: u64,
    ) -> Result<(), Failure> {
        reach().await;
        if one_in(13, order) {
            let message = "the bank declined the card; ask for another one";
            return Err(Failure::terminal("card.declined", message));
        }
        self.0.put(cx, order.to_owned(), cents).await
    }
}

impl Outbox {
    pub(crate) async fn send(&self, cx: &Context, to: String, text: &str) -> Result<(), Failure> {
        reach().await;
        self.0.put(cx, to, text.len() as u64).await
    }
}

/// Somebody has too much to do just now, where this is the first try of an unlucky order.
pub(crate) fn not_busy(code: &'static str, order: &str, cx: &Context) -> Result<(), Failure> {
    if cx.attempt() == 1 && one_in(9, &format!("{code} {order}")) {
        return Err(Failure::retryable(code, "too much to do just now"));
    }
    Ok(())
}

/// Waits as long as an answer from another machine takes.
async fn reach() {
    sleep(Duration::from_millis(2)).await;
}

fn one_in(many: u32, text: &str) -> bool {
    let mix = |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    text.bytes().fold(0x811c_9dc5, mix).is_multiple_of(many)
}
