//! How signals are published: sealed and written as JSON first, and then one after the other or not
//! at all.

use std::sync::Arc;

use enact_signal_core::{Seal, json};

use super::{Done, Draft, Inner, LogError, ROOM, Work};

/// What became of a signal that was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Published {
    sequence: u64,
    is_new: bool,
}

impl Published {
    pub(super) const fn new(sequence: u64) -> Self {
        let is_new = true;
        Self { sequence, is_new }
    }

    pub(super) const fn again(sequence: u64) -> Self {
        let is_new = false;
        Self { sequence, is_new }
    }

    /// Its place in the log: the first signal has 1, and none is left out.
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Whether it was recorded; otherwise one of its source and id was there before, at that place.
    pub const fn is_new(&self) -> bool {
        self.is_new
    }
}

/// Seals signals and writes them as JSON.
pub(super) fn drafts<S: Seal>(
    log: &Inner,
    signals: impl IntoIterator<Item = S>,
) -> Result<Vec<Draft>, LogError> {
    let drafts = (0..).zip(signals).map(|(index, signal)| {
        let draft = signal.seal().and_then(|envelope| {
            Ok(Draft {
                ty: envelope.ty().as_str().to_owned(),
                body: json::write(&envelope, &log.limits)?,
                name: log.naming.name(envelope.source(), envelope.id()),
            })
        });
        draft.map_err(|error| LogError::signal(index, error))
    });
    drafts.collect()
}

pub(super) async fn all(log: &Inner, drafts: Vec<Draft>) -> Result<Vec<Published>, LogError> {
    if drafts.is_empty() {
        return Ok(Vec::new());
    }
    let bytes: usize = drafts.iter().map(|draft| draft.body.len() + 256).sum();
    let bytes = u32::try_from(bytes.min(ROOM)).unwrap_or(u32::MAX);
    let room = Arc::clone(&log.room).acquire_many_owned(bytes).await;
    let done = log.work(Work::Publish(drafts)).await?;
    drop(room);
    match done {
        Done::Published(published) => Ok(published),
        Done::Written | Done::Pruned(_) => Err(LogError::closed()),
    }
}
