//! What a relay does with what it has read, whichever database that came from.

use std::time::Duration;

use enact_signal_core::{Envelope, Limits, json};
use tokio::time::Instant;

use crate::dispatch::{DispatchError, Kind, Target};

/// So many are read and delivered together.
pub(super) const BATCH: usize = 100;

/// So many of them go at once to a target that takes them one by one.
const PIECE: usize = 5;

/// What has taken so long is written down before it goes on.
const LONG: Duration = Duration::from_mins(1);

/// A signal that is to be delivered.
pub(super) struct Row {
    pub(super) position: i64,
    pub(super) event: Vec<u8>,
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

/// What came of a batch, to be written down in one transaction.
#[derive(Default)]
pub(super) struct Settled {
    /// Where those stand that are delivered.
    pub(super) delivered: Vec<i64>,
    /// Where the last one stands that was tried.
    pub(super) last: i64,
    /// Where those stand that are refused for good, and why.
    pub(super) refused: Vec<(i64, String)>,
    /// What may pass, or is wrong with the target.
    failure: Option<DispatchError>,
}

impl Settled {
    /// Delivers a piece of the batch. What can't be read is refused.
    async fn deliver(&mut self, rows: &[Row], target: &impl Target, limits: &Limits) {
        let mut positions = Vec::with_capacity(rows.len());
        let mut signals: Vec<Envelope> = Vec::with_capacity(rows.len());
        for Row { position, event } in rows {
            self.last = *position;
            match json::read(event, limits) {
                Ok(signal) => {
                    positions.push(*position);
                    signals.push(signal);
                }
                Err(error) => self.refused.push((*position, error.to_string())),
            }
        }
        if signals.is_empty() {
            return;
        }
        let outcomes = target.deliver_all(&signals).await;
        for (position, outcome) in positions.into_iter().zip(outcomes) {
            match outcome {
                Ok(()) => self.delivered.push(position),
                Err(error) if is_of_signal(error.kind()) => {
                    self.refused.push((position, error.to_string()));
                }
                Err(error) => {
                    self.failure.get_or_insert(error);
                }
            }
        }
    }

    /// Adds a batch that is written down; whether the round goes on.
    pub(super) fn add_to(self, drained: &mut Drained) -> bool {
        drained.delivered += u64::try_from(self.delivered.len()).unwrap_or(u64::MAX);
        drained.refused += u64::try_from(self.refused.len()).unwrap_or(u64::MAX);
        drained.failure = self.failure;
        drained.failure.is_none()
    }
}

/// Delivers a batch, or as much of it as there is time for.
pub(super) async fn deliver(rows: Vec<Row>, target: &impl Target, limits: &Limits) -> Settled {
    let begun = Instant::now();
    let piece = if target.is_joint() { BATCH } else { PIECE };
    let mut settled = Settled::default();
    for rows in rows.chunks(piece) {
        settled.deliver(rows, target, limits).await;
        if begun.elapsed() >= LONG {
            break;
        }
    }
    settled
}

/// Whether it is said of the signal, for good. What is wrong with the target would be wrong with any signal, until
/// somebody puts it right.
fn is_of_signal(kind: Kind) -> bool {
    match kind {
        Kind::Unwritable | Kind::Refused | Kind::Panicked => true,
        Kind::Misconfigured
        | Kind::Forbidden
        | Kind::Gone
        | Kind::Unreachable
        | Kind::Timeout
        | Kind::Busy
        | Kind::Failed
        | Kind::Full
        | Kind::Open => false,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::dispatch::Outcome;
    use crate::dispatch::local::Handler;

    #[tokio::test(start_paused = true)]
    async fn a_slow_batch_is_written_down_before_it_is_through() {
        let limits = Limits::default();
        let row = |position| {
            let builder = Envelope::builder("order.paid", "/payments");
            let signal = builder.build().expect("it holds");
            let event = json::write(&signal, &limits).expect("it is small");
            Row { position, event }
        };
        let slow = Handler::new("slow", |_: Envelope| async {
            tokio::time::sleep(Duration::from_secs(4)).await;
            Outcome::Ok(())
        });
        let settled = deliver((1..=100).map(row).collect(), &slow, &limits).await;
        assert_eq!(settled.delivered, (1..=15).collect::<Vec<_>>());
        assert_eq!(settled.last, 15);
        assert!(settled.failure.is_none());
    }
}
