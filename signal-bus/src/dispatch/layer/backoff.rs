//! Whether to try again, and after how long: pure, told the time and the dice.

use std::time::Duration;

/// How often a delivery is tried again, and how long it waits in between.
///
/// Exponential backoff with full jitter: before the next attempt passes between nothing and
/// `min(most, first · 2ⁿ⁻¹)`, evenly spread, so that many who failed together do not come back together.
/// Where the target has said when to come back (`Retry-After`), that is waited first. A wait
/// that would end beyond `budget` is not begun: the failure is handed on, and still says how long the
/// target has asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// Attempts in all; 5 by default.
    pub attempts: u32,
    /// The bound of the first wait; 200 ms by default.
    pub first: Duration,
    /// The bound of every wait; 30 s by default.
    pub most: Duration,
    /// From the first attempt to the beginning of the last one; 5 min by default.
    pub budget: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            attempts: 5,
            first: Duration::from_millis(200),
            most: Duration::from_secs(30),
            budget: Duration::from_mins(5),
        }
    }
}

impl Backoff {
    /// So many attempts in all, and the rest as by default.
    pub fn attempts(attempts: u32) -> Self {
        Self {
            attempts,
            ..Self::default()
        }
    }

    /// The wait after so many attempts, or none where there is to be no other. `dice` lies in
    /// `0.0..=1.0`.
    pub(super) fn wait(
        &self,
        made: u32,
        spent: Duration,
        hint: Option<Duration>,
        dice: f64,
    ) -> Option<Duration> {
        if made >= self.attempts {
            return None;
        }
        let doubled = 2u32.saturating_pow(made.saturating_sub(1));
        let bound = self.first.saturating_mul(doubled).min(self.most);
        let part = Duration::try_from_secs_f64(bound.as_secs_f64() * dice.clamp(0.0, 1.0));
        let wait = part
            .unwrap_or(bound)
            .saturating_add(hint.unwrap_or_default());
        (spent.saturating_add(wait) <= self.budget).then_some(wait)
    }
}
