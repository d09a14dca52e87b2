//! Who delivers what is in the table.

use std::fmt;
use std::sync::{Mutex as Lock, MutexGuard, PoisonError};

use enact_signal_core::{Envelope, Limits, json};
use rusqlite::Connection;
use tokio::sync::Mutex;

use super::table::{Outbox, Row};
use crate::dispatch::{DispatchError, Outcome, Target};

/// So many are read and delivered together.
const BATCH: usize = 100;

/// Delivers what is in the table to a target, in its order, and deletes what was delivered.
///
/// A failure that may pass ends the round with its batch of a hundred: what is behind it in the batch may have
/// overtaken it, and nothing else. What is refused for good is marked, stays in the table with the reason, and
/// stops nobody. A crash between delivery and
/// deletion delivers again. One relay at a time: two of them deliver twice.
pub struct Relay<T> {
    outbox: Outbox,
    database: Lock<Connection>,
    target: T,
    limits: Limits,
    turn: Mutex<()>,
}

/// What came of a round.
#[derive(Clone, Debug, Default)]
pub struct Drained {
    /// So many were delivered.
    pub delivered: u64,
    /// So many were refused for good.
    pub refused: u64,
    /// What ended the round before the table was empty, where something did.
    pub failure: Option<DispatchError>,
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
            let Some(last) = rows.last() else {
                return Ok(drained);
            };
            behind = last.position;
            self.deliver(rows, &mut drained).await?;
            if drained.failure.is_some() {
                return Ok(drained);
            }
        }
    }

    async fn deliver(&self, rows: Vec<Row>, drained: &mut Drained) -> Result<(), DispatchError> {
        let mut positions = Vec::with_capacity(rows.len());
        let mut signals: Vec<Envelope> = Vec::with_capacity(rows.len());
        for row in rows {
            match json::read(&row.event, &self.limits) {
                Ok(signal) => {
                    positions.push(row.position);
                    signals.push(signal);
                }
                Err(error) => {
                    self.outbox
                        .refuse(&self.database(), row.position, &error.to_string())?;
                    drained.refused += 1;
                }
            }
        }
        if signals.is_empty() {
            return Ok(());
        }
        let outcomes = self.target.deliver_all(&signals).await;
        self.record(&positions, outcomes, drained)
    }

    /// All of a batch in one transaction.
    fn record(
        &self,
        positions: &[i64],
        outcomes: Vec<Outcome>,
        drained: &mut Drained,
    ) -> Result<(), DispatchError> {
        let mut database = self.database();
        let transaction = self.outbox.of(database.transaction())?;
        for (position, outcome) in positions.iter().zip(outcomes) {
            match outcome {
                Ok(()) => {
                    self.outbox.delete(&transaction, *position)?;
                    drained.delivered += 1;
                }
                Err(error) if error.is_retryable() => {
                    drained.failure.get_or_insert(error);
                }
                Err(error) => {
                    self.outbox
                        .refuse(&transaction, *position, &error.to_string())?;
                    drained.refused += 1;
                }
            }
        }
        self.outbox.of(transaction.commit())
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
