//! The world that the steps act on, in memory: a warehouse, a ledger and an outbox.
//!
//! What goes wrong there is decided by the order's id alone, so that every run tells the same.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use enact::prelude::*;
use tokio::time::sleep;

/// What is reserved, by order and item. Reserving a line again changes nothing.
#[derive(Debug, Default)]
pub(crate) struct Warehouse(Mutex<BTreeMap<String, BTreeMap<String, u32>>>);

/// The one item that nobody can have.
const SOLD_OUT: &str = "TIN-0300";

impl Warehouse {
    pub(crate) async fn reserve(&self, order: &str, sku: &str, pieces: u32) -> Result<(), Failure> {
        reach().await;
        if sku == SOLD_OUT {
            let message = format!("{sku} is sold out");
            return Err(Failure::terminal("warehouse.sold_out", message));
        }
        let mut reserved = lock(&self.0);
        let lines = reserved.entry(order.to_owned()).or_default();
        lines.insert(sku.to_owned(), pieces);
        Ok(())
    }

    pub(crate) async fn release(&self, order: &str) {
        reach().await;
        lock(&self.0).remove(order);
    }

    pub(crate) fn pieces(&self) -> u32 {
        lock(&self.0).values().flat_map(BTreeMap::values).sum()
    }
}

/// What is charged, by order. Charging an order again changes nothing.
#[derive(Debug, Default)]
pub(crate) struct Ledger(Mutex<BTreeMap<String, u64>>);

impl Ledger {
    pub(crate) async fn charge(&self, order: &str, cents: u64) -> Result<(), Failure> {
        reach().await;
        if one_in(13, order) {
            let message = "the bank declined the card; ask for another one";
            return Err(Failure::terminal("card.declined", message));
        }
        lock(&self.0).insert(order.to_owned(), cents);
        Ok(())
    }

    pub(crate) fn cents(&self) -> u64 {
        lock(&self.0).values().sum()
    }
}

/// What was sent, by whom it is for. Sending it again changes nothing.
#[derive(Debug, Default)]
pub(crate) struct Outbox(Mutex<BTreeMap<String, String>>);

impl Outbox {
    pub(crate) async fn send(&self, to: String, text: String) {
        reach().await;
        lock(&self.0).insert(to, text);
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

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}
