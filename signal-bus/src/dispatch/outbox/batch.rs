//! What a relay does with what it has read, whichever database that came from.

use enact_signal_core::{Envelope, Limits, json};

use crate::dispatch::{DispatchError, Target};

/// So many are read and delivered together.
pub(super) const BATCH: usize = 100;

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
    /// Where those stand that are refused for good, and why.
    pub(super) refused: Vec<(i64, String)>,
    /// What may pass.
    failure: Option<DispatchError>,
}

impl Settled {
    /// Adds a batch that is written down; whether the round goes on.
    pub(super) fn add_to(self, drained: &mut Drained) -> bool {
        drained.delivered += u64::try_from(self.delivered.len()).unwrap_or(u64::MAX);
        drained.refused += u64::try_from(self.refused.len()).unwrap_or(u64::MAX);
        drained.failure = self.failure;
        drained.failure.is_none()
    }
}

/// Delivers a batch. What can't be read is refused.
pub(super) async fn deliver(rows: Vec<Row>, target: &impl Target, limits: &Limits) -> Settled {
    let mut settled = Settled::default();
    let mut positions = Vec::with_capacity(rows.len());
    let mut signals: Vec<Envelope> = Vec::with_capacity(rows.len());
    for Row { position, event } in rows {
        match json::read(&event, limits) {
            Ok(signal) => {
                positions.push(position);
                signals.push(signal);
            }
            Err(error) => settled.refused.push((position, error.to_string())),
        }
    }
    if signals.is_empty() {
        return settled;
    }
    let outcomes = target.deliver_all(&signals).await;
    for (position, outcome) in positions.into_iter().zip(outcomes) {
        match outcome {
            Ok(()) => settled.delivered.push(position),
            Err(error) if error.is_retryable() => {
                settled.failure.get_or_insert(error);
            }
            Err(error) => settled.refused.push((position, error.to_string())),
        }
    }
    settled
}
