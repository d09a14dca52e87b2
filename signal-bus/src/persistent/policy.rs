//! How a persistent subscription gives out what it has.

use std::time::Duration;

use enact_signal_core::Envelope;

use crate::log::millis;

/// What is given out in order.
///
/// ```
/// use enact_signal_bus::persistent::Order;
///
/// assert_eq!(Order::default(), Order::Key);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Order {
    /// Signals of one key: the next is not given out before the earlier one is acknowledged or a dead
    /// letter. The key is the extension `partitionkey`, or else the subject; signals without one have
    /// no order.
    #[default]
    Key,
    /// All signals: one at a time.
    All,
    /// Nothing; each is given out as soon as somebody has time for it.
    None,
}

impl Order {
    /// What signals share that are given out in order.
    pub(crate) fn key(self, envelope: &Envelope) -> Option<&str> {
        match self {
            Self::Key => {
                let key = envelope.extension("partitionkey");
                let key = key.and_then(|key| key.text());
                key.or_else(|| envelope.subject())
            }
            Self::All => Some(""),
            Self::None => None,
        }
    }
}

/// When a signal whose attempt has failed is given out again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Again {
    /// After the backoff.
    Backoff,
    /// After so many milliseconds.
    After(u64),
    /// Never: it is a dead letter.
    Never,
}

/// How a persistent subscription gives out what it has.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    pub(crate) order: Order,
    /// How many may be with somebody at once.
    pub(crate) in_flight: usize,
    /// How long somebody may have one before it is given out again.
    pub(crate) ack_deadline: u64,
    /// How many attempts are made.
    pub(crate) attempts: u32,
    /// The wait before the second attempt; it doubles with each.
    pub(crate) backoff: u64,
    /// The longest wait.
    pub(crate) longest: u64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            order: Order::default(),
            in_flight: 256,
            ack_deadline: millis(Duration::from_secs(30)),
            attempts: 5,
            backoff: millis(Duration::from_millis(100)),
            longest: millis(Duration::from_mins(1)),
        }
    }
}

impl Policy {
    /// How long to wait after so many attempts.
    pub(crate) fn wait(&self, attempts: u32) -> u64 {
        let doubled = 1_u64.checked_shl(attempts.saturating_sub(1));
        let wait = self.backoff.saturating_mul(doubled.unwrap_or(u64::MAX));
        wait.min(self.longest.max(self.backoff))
    }
}

#[cfg(test)]
mod tests {
    use super::Policy;

    #[test]
    fn waits_double_up_to_the_longest() {
        let policy = Policy {
            backoff: 100,
            longest: 1000,
            ..Policy::default()
        };
        let waits = [1, 2, 3, 4, 5, 64, 65, u32::MAX].map(|attempts| policy.wait(attempts));
        assert_eq!(waits, [100, 200, 400, 800, 1000, 1000, 1000, 1000]);
    }
}
