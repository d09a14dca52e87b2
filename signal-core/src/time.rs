//! Points in time as CloudEvents write them: RFC 3339.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::time::SystemTime;

use enact_grammar::format::Format;
use jiff::fmt::temporal::DateTimePrinter;

/// A point in time, which prints as it was written.
///
/// Two are equal, and one is before another, by when they are, in whatever zone they were written:
/// to the nanosecond, and what is in the last 26 hours of the year 9999 is one.
///
/// ```
/// use enact_signal_core::Timestamp;
///
/// let written: Timestamp = "2018-04-05T19:31:00+02:00".parse()?;
/// assert_eq!(written.to_string(), "2018-04-05T19:31:00+02:00");
/// assert_eq!(written, "2018-04-05T17:31:00Z".parse()?);
/// assert!(written < Timestamp::now());
/// # Ok::<(), enact_signal_core::TimestampError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Timestamp {
    instant: jiff::Timestamp,
    /// How it was written, where it came as text.
    text: Option<Box<str>>,
}

/// A text that is no point in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimestampError(String);

/// The beginning of the year 0, in nanoseconds since 1970.
const YEAR_0: i128 = -62_167_219_200_000_000_000;

impl Timestamp {
    /// Now, in microseconds.
    pub fn now() -> Self {
        let now = jiff::Timestamp::now();
        Self {
            instant: jiff::Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now),
            text: None,
        }
    }

    /// Writes it behind what is there as it [prints](fmt::Display), without a formatter between.
    pub(crate) fn append(&self, to: &mut Vec<u8>) -> Result<(), jiff::Error> {
        match &self.text {
            Some(text) => {
                to.extend_from_slice(text.as_bytes());
                Ok(())
            }
            None => DateTimePrinter::new().print_timestamp(&self.instant, to),
        }
    }

    /// The same point in time for the standard library.
    pub fn to_system_time(&self) -> SystemTime {
        self.instant.into()
    }
}

/// The clock of the standard library may stand beyond the years that RFC 3339 writes.
impl TryFrom<SystemTime> for Timestamp {
    type Error = TimestampError;

    fn try_from(time: SystemTime) -> Result<Self, TimestampError> {
        // RFC 3339 has no years before 0 (section 1).
        match jiff::Timestamp::try_from(time) {
            Ok(instant) if instant.as_nanosecond() >= YEAR_0 => Ok(Self {
                instant,
                text: None,
            }),
            _ => Err(TimestampError(format!("{time:?}"))),
        }
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        let read = Format::DateTime.accepts(text).then(|| instant(text));
        match read.flatten() {
            Some(instant) => Ok(Self {
                instant,
                text: Some(text.into()),
            }),
            None => Err(TimestampError(text.chars().take(80).collect())),
        }
    }
}

/// When that is, where it is written as RFC 3339 asks.
fn instant(text: &str) -> Option<jiff::Timestamp> {
    let read = match in_nanoseconds(text) {
        Some(text) => text.parse(),
        None => text.parse(),
    };
    match read {
        Ok(instant) => Some(instant),
        // The last day of the last year begins where jiff ends.
        Err(_) if text.starts_with("9999") => Some(jiff::Timestamp::MAX),
        Err(_) => None,
    }
}

/// The text without the digits of a fraction that are behind the nanoseconds; none, where there are none.
fn in_nanoseconds(text: &str) -> Option<String> {
    let (whole, rest) = text.split_once('.')?;
    let offset = rest.find(|c: char| !c.is_ascii_digit())?;
    let digits = rest.get(..9).filter(|_| offset > 9)?;
    Some(format!("{whole}.{digits}{}", &rest[offset..]))
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.text {
            Some(text) => f.write_str(text),
            None => self.instant.fmt(f),
        }
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.instant == other.instant
    }
}

impl Eq for Timestamp {}

impl Hash for Timestamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.instant.hash(state);
    }
}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        self.instant.cmp(&other.instant)
    }
}

impl fmt::Display for TimestampError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is no point in time; write it as RFC 3339 does: 2026-01-31T09:30:00Z",
            self.0
        )
    }
}

impl std::error::Error for TimestampError {}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::Timestamp;

    #[test]
    fn what_rfc_3339_does_not_write_is_refused() {
        let bad = [
            "",
            "2018-04-05",
            "2018-04-05 17:31:00Z",
            "2018-04-05T17:31:00",
            "2018-02-30T17:31:00Z",
            "20180405T173100Z",
            "2018-04-05T17:31Z",
        ];
        for text in bad {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_clock_before_the_year_0_is_refused() {
        let year_0 = UNIX_EPOCH - Duration::from_hours(17_268_672);
        let first = Timestamp::try_from(year_0).map(|time| time.to_string());
        assert_eq!(first.as_deref(), Ok("0000-01-01T00:00:00Z"));
        for before in [Duration::from_nanos(100), Duration::from_secs(1)] {
            assert!(Timestamp::try_from(year_0 - before).is_err());
        }
    }

    #[test]
    fn a_leap_second_and_small_letters_are_read_and_kept() {
        for text in ["2016-12-31T23:59:60Z", "2018-04-05t17:31:00.123456789z"] {
            let time: Timestamp = text.parse().expect("RFC 3339 writes so");
            assert_eq!(time.to_string(), text);
        }
    }

    #[test]
    fn the_end_of_time_and_long_fractions_are_read_and_kept() {
        let last = ["9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59-23:59"];
        let long = "2018-04-05T17:31:00.1234567891234567+02:00";
        let times = [last[0], last[1], long].map(|text| {
            let time: Timestamp = text.parse().expect("RFC 3339 writes so");
            assert_eq!(time.to_string(), text);
            time
        });
        assert!(times[0] == times[1] && times[2] < times[0]);
        assert_eq!(
            "2018-04-05T15:31:00.123456789Z".parse().as_ref(),
            Ok(&times[2])
        );
        assert!("9999-12-32T00:00:00Z".parse::<Timestamp>().is_err());
    }

    #[test]
    fn now_is_written_so_that_it_can_be_read() {
        let now = Timestamp::now();
        assert_eq!(now.to_string().parse::<Timestamp>().as_ref(), Ok(&now));
        assert_eq!(Timestamp::try_from(now.to_system_time()), Ok(now));
    }
}
