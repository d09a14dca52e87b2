//! The time of one occurrence.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Serialize, Serializer};

/// The time of one occurrence of a schedule, in whole seconds.
///
/// Printed, it is in UTC, as in the id of its run: `2026-11-23T07:00:00Z`.
#[derive(Clone, PartialEq, Eq)]
pub struct At {
    time: Timestamp,
    zone: TimeZone,
}

impl At {
    pub(super) fn utc(time: u64) -> Self {
        Self::new(time, TimeZone::UTC)
    }

    pub(super) fn new(time: u64, zone: TimeZone) -> Self {
        let time = timestamp(time).unwrap_or(Timestamp::MAX);
        Self { time, zone }
    }

    /// In milliseconds since 1970.
    pub fn millis(&self) -> u64 {
        self.time.as_millisecond().try_into().unwrap_or_default()
    }

    /// As clocks show it in the schedule's time zone: `2026-11-23T08:00:00+01:00`, whose first ten
    /// letters are the date.
    pub fn local(&self) -> String {
        let offset = self.zone.to_offset(self.time);
        self.time.display_with_offset(offset).to_string()
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.time.fmt(f)
    }
}

impl fmt::Debug for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.time.fmt(f)
    }
}

impl Serialize for At {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A time of day as calendars have it, which end after the year 9999.
pub(super) fn timestamp(time: u64) -> Option<Timestamp> {
    Timestamp::from_millisecond(i64::try_from(time).ok()?).ok()
}

/// Whether calendars have that time.
pub(super) fn is_told(time: u64) -> bool {
    timestamp(time).is_some()
}
