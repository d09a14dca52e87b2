//! Who delivers what is in the table.

use std::fmt;

use enact_signal_core::Limits;
use tokio::sync::Mutex;
use tokio_postgres::{Client, IsolationLevel};

use super::table::Outbox;
use crate::dispatch::outbox::batch::{self, BATCH, Drained};
use crate::dispatch::{DispatchError, Target};

/// Delivers what is in the table to a target, in its order, and deletes what was delivered.
///
/// A failure that may pass, or that is the target's own, such as an address or credentials that do not hold, ends the
/// round with its batch of a hundred: what is behind it in the batch may have overtaken it, and nothing else. A signal
/// that is refused for good is marked, stays in the table with the reason, and stops nobody. A crash between delivery and deletion, or a round that is dropped, delivers again.
///
/// Of [several relays](super#several-relays) one has the turn. Others wait ten seconds for theirs, and end the round with
/// [`Kind::Busy`](crate::dispatch::Kind::Busy) then. What a batch has delivered in a minute
/// is written down before it goes on. Longer than five a batch may not take, it is delivered again then, so put a
/// [`Timeout`](crate::dispatch::layer::Timeout) around the target.
pub struct Relay<T> {
    outbox: Outbox,
    database: Mutex<Client>,
    target: T,
    limits: Limits,
}

impl<T: Target> Relay<T> {
    /// From that table, over a connection of its own, to that target; layers around the target say how
    /// often it is tried within a round. Somebody else drives the connection; where it broke off, the relay is made anew.
    pub fn new(outbox: Outbox, database: Client, target: T) -> Self {
        Self {
            outbox,
            database: Mutex::new(database),
            target,
            limits: Limits::default(),
        }
    }

    /// Delivers until nothing is left, or the target fails.
    ///
    /// # Errors
    /// Those of the database. What became of the target is in the answer.
    pub async fn drain(&self) -> Result<Drained, DispatchError> {
        let mut database = self.database.lock().await;
        let mut drained = Drained::default();
        while self.batch(&mut database, &mut drained).await? {}
        Ok(drained)
    }

    /// Delivers a batch, as one transaction; whether the round goes on.
    async fn batch(
        &self,
        database: &mut Client,
        drained: &mut Drained,
    ) -> Result<bool, DispatchError> {
        // Each statement sees what others have committed before it, so those after the lock see what its last holder did.
        let begin = database.build_transaction();
        let begin = begin.isolation_level(IsolationLevel::ReadCommitted);
        let transaction = self.outbox.of(begin.start().await)?;
        self.outbox.turn(&transaction).await?;
        let rows = self.outbox.next(&transaction, BATCH).await?;
        if rows.is_empty() {
            self.outbox.of(transaction.commit().await)?;
            return Ok(false);
        }
        let settled = batch::deliver(rows, &self.target, &self.limits).await;
        self.outbox.settle(&transaction, &settled).await?;
        self.outbox.of(transaction.commit().await)?;
        Ok(settled.add_to(drained))
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
