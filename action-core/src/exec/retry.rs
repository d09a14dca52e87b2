//! Whether to try again, and after how long: pure, told the time and the dice.

use std::time::Duration;

use crate::failure::{Failure, Kind};
use crate::spec::Retry;

/// The wait before the next attempt, or none where there is to be none.
///
/// Exponential backoff with full jitter: attempt `n` waits between nothing and
/// `min(most, first · 2ⁿ⁻¹)`, evenly; never less than the failure asks for, and never to `left` or
/// beyond. `dice` lies in `0.0..=1.0`.
pub(super) fn wait(
    retry: Option<Retry>,
    attempt: u32,
    failure: &Failure,
    left: Option<Duration>,
    dice: f64,
) -> Option<Duration> {
    let retry = retry.filter(|retry| attempt <= retry.times)?;
    if !failure.is_retryable() || failure.kind() == Kind::Cancelled {
        return None;
    }
    let doubled = 2u32.saturating_pow(attempt.saturating_sub(1));
    let bound = retry.first.saturating_mul(doubled).min(retry.most);
    let part = Duration::try_from_secs_f64(bound.as_secs_f64() * dice.clamp(0.0, 1.0));
    let wait = part
        .unwrap_or(bound)
        .max(failure.wait().unwrap_or_default());
    left.is_none_or(|left| wait < left).then_some(wait)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::wait;
    use crate::failure::Failure;
    use crate::spec::Retry;

    const RETRY: Retry =
        Retry::times(5).backoff(Duration::from_millis(100), Duration::from_secs(1));

    fn busy() -> Failure {
        Failure::retryable("busy", "busy")
    }

    #[test]
    fn waits_double_up_to_the_most() {
        let waits: Vec<_> = (1..=6)
            .map(|n| wait(Some(RETRY), n, &busy(), None, 1.0).map(|w| w.as_millis()))
            .collect();
        assert_eq!(
            waits,
            [Some(100), Some(200), Some(400), Some(800), Some(1000), None]
        );
    }

    #[test]
    fn the_dice_take_part_of_the_bound() {
        assert_eq!(
            wait(Some(RETRY), 3, &busy(), None, 0.25),
            Some(Duration::from_millis(100))
        );
        assert_eq!(
            wait(Some(RETRY), 3, &busy(), None, 0.0),
            Some(Duration::ZERO)
        );
    }

    #[test]
    fn the_failure_can_ask_for_more() {
        let busy = busy().retry_after(Duration::from_secs(7));
        assert_eq!(
            wait(Some(RETRY), 1, &busy, None, 0.5),
            Some(Duration::from_secs(7))
        );
    }

    #[test]
    fn nothing_waits_to_the_deadline() {
        let left = Some(Duration::from_millis(100));
        assert_eq!(wait(Some(RETRY), 1, &busy(), left, 1.0), None);
        assert_eq!(
            wait(Some(RETRY), 1, &busy(), left, 0.9),
            Some(Duration::from_millis(90))
        );
    }

    #[test]
    fn terminal_failures_and_plain_policies_are_not_tried_again() {
        assert_eq!(
            wait(Some(RETRY), 1, &Failure::terminal("no", "no"), None, 0.0),
            None
        );
        assert_eq!(wait(None, 1, &busy(), None, 0.0), None);
    }

    #[test]
    fn many_attempts_do_not_overflow() {
        let retry = Retry::times(u32::MAX).backoff(Duration::MAX, Duration::MAX);
        assert_eq!(
            wait(
                Some(retry),
                u32::MAX,
                &busy(),
                Some(Duration::from_secs(1)),
                1.0
            ),
            None
        );
    }
}
