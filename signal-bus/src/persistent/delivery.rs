//! A signal that somebody has, until they say what came of it.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use enact_signal_core::{Cause, Envelope};

use super::drive::Held;
use super::machine::Give;
use super::policy::Again;
use crate::bus::Outcome;
use crate::log::{LogError, Recorded, millis};

/// A signal that somebody has, until they say what came of it.
///
/// It is theirs until the [deadline](super::Subscribe::ack_deadline); letting go of it is a
/// [`nack`](Self::nack).
#[must_use = "a delivery that is let go has failed"]
pub struct Delivery {
    signal: Recorded,
    give: Give,
    /// None, once it was said what came of it.
    shared: Option<Arc<Held>>,
}

impl Delivery {
    pub(super) const fn new(signal: Recorded, give: Give, shared: Arc<Held>) -> Self {
        Self {
            signal,
            give,
            shared: Some(shared),
        }
    }

    /// The signal as the log has it, or as a [middleware](crate::log::Settings::middleware) has changed it.
    pub const fn recorded(&self) -> &Recorded {
        &self.signal
    }

    /// Its place in the log.
    pub const fn sequence(&self) -> u64 {
        self.give.sequence
    }

    /// Which attempt this is; the first is 1. A later one says that somebody may have had the signal before,
    /// and the effect of it; it may only have lain ready for them, too, when their process ended.
    pub const fn attempt(&self) -> u32 {
        self.give.attempt
    }

    /// The signal was dealt with: when this returns that is durable, and it is never given out again.
    ///
    /// It may come late, while the signal waits for another attempt or somebody else has it; then it
    /// settles it for them too.
    ///
    /// # Errors
    /// [`Settled`](crate::log::LogErrorKind::Settled) where it was settled before;
    /// [`Store`](crate::log::LogErrorKind::Store) where nobody can know.
    pub async fn ack(mut self) -> Result<(), LogError> {
        let Some(shared) = self.shared.take() else {
            return Ok(());
        };
        let sequence = self.give.sequence;
        shared.answered(self.give, &Outcome::Handled);
        let answered = shared.settle(|machine, now| machine.ack(sequence, now));
        let answered = answered.ok_or_else(|| LogError::settled(sequence))?;
        let answer = answered.await;
        Ok(answer.map_err(|_| LogError::closed())??)
    }

    /// The signal could not be dealt with: it is given out again after the subscription's
    /// [backoff](super::Subscribe::attempts), or is a dead letter where that was the last attempt.
    ///
    /// # Errors
    /// As those of [`ack`](Self::ack).
    pub async fn nack(self, reason: impl Into<String>) -> Result<(), LogError> {
        self.refuse(Again::Backoff, reason.into()).await
    }

    /// The same, but it is given out again after that delay.
    ///
    /// # Errors
    /// As those of [`ack`](Self::ack).
    pub async fn nack_for(
        self,
        delay: Duration,
        reason: impl Into<String>,
    ) -> Result<(), LogError> {
        self.refuse(Again::After(millis(delay)), reason.into())
            .await
    }

    /// The signal could not be dealt with, for that reason.
    pub(super) async fn refuse(self, again: Again, reason: String) -> Result<(), LogError> {
        self.fail(again, &reason, &Outcome::Failed(reason.clone()))
            .await
    }

    /// The same, where middlewares hear of something else.
    pub(super) async fn fail(
        mut self,
        again: Again,
        reason: &str,
        outcome: &Outcome,
    ) -> Result<(), LogError> {
        let Some(shared) = self.shared.take() else {
            return Ok(());
        };
        let give = self.give;
        shared.answered(give, outcome);
        let answered = shared.settle(|machine, now| machine.nack(give, again, reason, now));
        let answered = answered.ok_or_else(|| LogError::settled(give.sequence))?;
        let answer = answered.await;
        Ok(answer.map_err(|_| LogError::closed())??)
    }
}

impl Deref for Delivery {
    type Target = Envelope;

    fn deref(&self) -> &Envelope {
        self.signal.envelope()
    }
}

impl Cause for Delivery {
    fn envelope(&self) -> &Envelope {
        self.signal.envelope()
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        if let Some(shared) = self.shared.take() {
            let give = self.give;
            let reason = "it was let go";
            shared.answered(give, &Outcome::Failed(reason.to_owned()));
            // Nobody waits for it.
            drop(shared.settle(|machine, now| machine.nack(give, Again::Backoff, reason, now)));
        }
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("signal", &self.signal)
            .field("attempt", &self.give.attempt)
            .finish_non_exhaustive()
    }
}
