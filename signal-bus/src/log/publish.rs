//! How signals are published: asked after and written as JSON first, and then recorded one after the other
//! or not at all.

use std::sync::Arc;

use enact_signal_core::{Envelope, Seal, SignalError, json};

use super::{Done, Drafts, Inner, LogError, ROOM, Wait, Work};
use crate::bus::middleware::Went;
use crate::bus::{Delivery, Fate};

/// What became of a signal that was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    sequence: u64,
    fate: Fate,
}

impl Published {
    pub(super) const fn new(sequence: u64) -> Self {
        let fate = Fate::Given;
        Self { sequence, fate }
    }

    pub(super) const fn again(sequence: u64) -> Self {
        let fate = Fate::Duplicate;
        Self { sequence, fate }
    }

    /// Its place in the log: the first signal has 1, and none is left out; 0, where a middleware
    /// skipped it.
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Whether it was recorded; otherwise one of its source and id was there before, at that place, or a
    /// middleware skipped it.
    pub const fn is_new(&self) -> bool {
        matches!(self.fate, Fate::Given)
    }

    /// What became of it.
    pub const fn fate(&self) -> Fate {
        self.fate
    }
}

/// Signals that are to be published.
pub(super) struct Batch {
    drafts: Drafts,
    /// How much room they take.
    bytes: usize,
    /// What was written, to be let go while the writer is at work.
    spent: Vec<Envelope>,
    /// All of them, those that are skipped too, where a middleware is to hear of that.
    told: Vec<Delivery>,
}

impl Batch {
    /// Seals signals, asks the middlewares of them and writes them as JSON.
    pub(super) fn of<S: Seal>(
        log: &Inner,
        signals: impl IntoIterator<Item = S>,
    ) -> Result<Self, LogError> {
        let signals = signals.into_iter();
        // What is said to come may be anything.
        let likely = signals.size_hint().0.min(1024);
        let mut batch = Self {
            drafts: Drafts::with_room_for(likely),
            bytes: 0,
            spent: Vec::with_capacity(likely),
            told: Vec::new(),
        };
        for (index, signal) in (0..).zip(signals) {
            let sealed = signal.seal();
            let envelope = sealed.map_err(|error| LogError::signal(index, error))?;
            if let Some(envelope) = batch.before(log, index, envelope)? {
                let drafted = batch.draft(log, &envelope);
                drafted.map_err(|error| LogError::signal(index, error))?;
                batch.spent.push(envelope);
            }
        }
        Ok(batch)
    }

    /// What the middlewares make of a signal.
    fn before(
        &mut self,
        log: &Inner,
        index: usize,
        envelope: Envelope,
    ) -> Result<Option<Envelope>, LogError> {
        if log.chain.is_empty() {
            return Ok(Some(envelope));
        }
        let mut delivery = Delivery::new(envelope);
        match log.chain.before_publish(delivery.clone()) {
            Went::On(delivery) => {
                let envelope = delivery.envelope().clone();
                self.told.push(delivery);
                Ok(Some(envelope))
            }
            Went::Skipped => {
                log.tally.skipped();
                delivery.settle(Fate::Skipped, 0);
                self.told.push(delivery);
                Ok(None)
            }
            Went::Halted(refusal) => {
                log.tally.halted();
                Err(LogError::refused(index, refusal))
            }
        }
    }

    fn draft(&mut self, log: &Inner, envelope: &Envelope) -> Result<(), SignalError> {
        let body = json::write(envelope, &log.limits)?;
        self.bytes += body.len() + 256;
        let name = log.naming.name(envelope.source(), envelope.id());
        let ty = envelope.ty().as_str().to_owned();
        self.drafts.push(ty, body, name);
        Ok(())
    }

    pub(super) async fn publish(self, log: &Inner) -> Result<Vec<Published>, LogError> {
        let Self {
            drafts,
            bytes,
            spent,
            told,
        } = self;
        let recorded = record(log, drafts, bytes, spent).await?;
        if told.is_empty() {
            return Ok(recorded);
        }
        let mut recorded = recorded.into_iter();
        let published = told.into_iter().map(|mut delivery| {
            // What is skipped was not recorded, and all others were.
            if delivery.fate() == Fate::Given
                && let Some(Published { fate, sequence }) = recorded.next()
            {
                delivery.settle(fate, sequence);
            }
            let (fate, sequence) = (delivery.fate(), delivery.sequence());
            log.chain.after_publish(delivery);
            Published { sequence, fate }
        });
        Ok(published.collect())
    }
}

async fn record(
    log: &Inner,
    drafts: Drafts,
    bytes: usize,
    spent: Vec<Envelope>,
) -> Result<Vec<Published>, LogError> {
    if drafts.len() == 0 {
        return Ok(Vec::new());
    }
    let bytes = u32::try_from(bytes.min(ROOM)).unwrap_or(u32::MAX);
    let room = Arc::clone(&log.room).acquire_many_owned(bytes).await;
    let wait = Wait::begin();
    let done = log.writer.hand(Work::Publish(drafts)).await;
    drop(spent);
    let done = done.wait().await?;
    wait.end();
    drop(room);
    match done {
        Done::One(published) => Ok(vec![published]),
        Done::Published(published) => Ok(published),
        Done::Written | Done::Pruned(_) => Err(LogError::closed()),
    }
}
