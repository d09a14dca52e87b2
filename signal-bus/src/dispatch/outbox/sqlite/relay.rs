//! Who delivers what is in the table.

use std::fmt;
use std::sync::{Mutex as Lock, MutexGuard, PoisonError};

use enact_signal_core::Limits;
use rusqlite::Connection;
use tokio::sync::Mutex;

use super::table::Outbox;
use crate::dispatch::outbox::batch::{self, BATCH, Drained};
use crate::dispatch::{DispatchError, Target};

/// Delivers what is in the table to a target, in its order, and deletes what was delivered.
///
/// A failure that may pass, or that is the target's own, such as an address or credentials that do not hold, ends the
/// round with its batch of a hundred: what is behind it in the batch may have overtaken it, and nothing else. A signal
/// that is refused for good is marked, stays in the table with the reason, and stops nobody. A crash between delivery and
/// deletion delivers again. One relay at a time: two of them deliver twice.
pub struct Relay<T> {
    outbox: Outbox,
    database: Lock<Connection>,
    target: T,
    limits: Limits,
    turn: Mutex<()>,
}

impl<T: Target> Relay<T> {
    /// From that table, over a connection of its own, to that target; layers around the target say how
    /// often it is tried within a round.
    pub fn new(outbox: Outbox, database: Connection, target: T) -> Self {
        Self {
            outbox,
            database: Lock::new(database),
            target,
            limits: Limits::default(),
            turn: Mutex::new(()),
        }
    }

    /// Delivers until nothing is left, or the target fails.
    ///
    /// # Errors
    /// Those of the database. What became of the target is in the answer.
    pub async fn drain(&self) -> Result<Drained, DispatchError> {
        let _turn = self.turn.lock().await;
        let mut drained = Drained::default();
        let mut behind = i64::MIN;
        loop {
            let rows = self.outbox.next(&self.database(), behind, BATCH)?;
            if rows.is_empty() {
                return Ok(drained);
            }
            let settled = batch::deliver(rows, &self.target, &self.limits).await;
            behind = settled.last;
            self.outbox.settle(&mut self.database(), &settled)?;
            if !settled.add_to(&mut drained) {
                return Ok(drained);
            }
        }
    }

    fn database(&self) -> MutexGuard<'_, Connection> {
        self.database.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Target> fmt::Debug for Relay<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Relay");
        debug
            .field("outbox", &self.outbox)
            .field("target", &self.target.name())
            .finish_non_exhaustive()
    }
}
