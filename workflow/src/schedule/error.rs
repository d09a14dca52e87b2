//! What is wrong about a schedule.

use std::time::Duration;

/// Why a schedule can't be, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ScheduleError(String);

impl ScheduleError {
    pub(super) fn period(period: Duration) -> Self {
        Self(format!(
            "a schedule can't be every {period:?}; write whole seconds, one at least and 100 years at most"
        ))
    }

    pub(super) fn zone(zone: &str, near: Option<String>) -> Self {
        let instead = near.map_or_else(
            || "a name of the IANA database, such as \"Europe/Berlin\" or \"UTC\"".to_owned(),
            |near| format!("{near:?}"),
        );
        Self(format!("there is no time zone {zone:?}; write {instead}"))
    }

    pub(super) fn fields(pattern: &str, count: usize) -> Self {
        Self(format!(
            "the cron pattern {pattern:?} has {count} fields; write five, minute, hour, day of month, month \
             and day of week, as in \"0 8 * * MON-FRI\", or six with the second before them"
        ))
    }

    pub(super) fn nickname(pattern: &str) -> Self {
        Self(format!(
            "there is no cron pattern {pattern:?}; write @hourly, @daily, @weekly, @monthly, @yearly, or five \
             fields"
        ))
    }

    pub(super) fn field(pattern: &str, given: &str, name: &str, instead: &str) -> Self {
        Self(format!(
            "the cron pattern {pattern:?} has `{given}` as its {name}; write {instead}, or `*` for all"
        ))
    }

    pub(super) fn other(pattern: &str, why: &str) -> Self {
        Self(format!("can't read the cron pattern {pattern:?}: {why}"))
    }

    pub(super) fn never(pattern: &str) -> Self {
        Self(format!(
            "the cron pattern {pattern:?} names a day that never comes; write one that its months have"
        ))
    }
}
