//! Cron patterns in a time zone.

use std::fmt;

use croner::Cron as Pattern;
use croner::parser::{CronParser, Seconds, Year};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::at::{At, timestamp};
use super::error::ScheduleError;

/// A cron pattern in a time zone.
#[derive(Debug, Clone)]
pub(super) struct Cron {
    pattern: Pattern,
    zone: TimeZone,
    /// What was written, with single spaces.
    text: String,
}

/// The fields of a pattern, and what can stand in them.
const FIELDS: [(&str, &str); 6] = [
    ("second", "0 to 59"),
    ("minute", "0 to 59"),
    ("hour", "0 to 23"),
    ("day of month", "1 to 31, `L`, or one like `15W`"),
    ("month", "1 to 12, or JAN to DEC"),
    (
        "day of week",
        "0 to 7 where both are Sunday, SUN to SAT, or one like `MON#2` or `FRI#L`",
    ),
];

/// What stands for a whole pattern.
const NICKNAMES: [&str; 6] = [
    "@hourly",
    "@daily",
    "@weekly",
    "@monthly",
    "@yearly",
    "@annually",
];

impl Cron {
    pub(super) fn new(pattern: &str, zone: &str) -> Result<Self, ScheduleError> {
        let text = pattern.split_whitespace().collect::<Vec<_>>().join(" ");
        let cron = Self {
            pattern: parsed(&text)?,
            zone: zone_of(zone)?,
            text,
        };
        // Months and days come again the same, so what does not come soon never does.
        match cron.after(0) {
            Some(_) => Ok(cron),
            None => Err(ScheduleError::never(&cron.text)),
        }
    }

    /// The first time after that one; times are in milliseconds since 1970.
    pub(super) fn after(&self, time: u64) -> Option<u64> {
        // Searches are for whole seconds, and what follows the second follows the time too.
        let found = self.pattern.find_next_occurrence(&self.zoned(time)?, false);
        millis(&found.ok()?)
    }

    /// The last time up to that one.
    pub(super) fn until(&self, time: u64) -> Option<u64> {
        let from = self.zoned(time)?;
        let found = self.pattern.find_previous_occurrence(&from, true);
        millis(&found.ok()?)
    }

    pub(super) fn at(&self, time: u64) -> At {
        At::new(time, self.zone.clone())
    }

    fn zoned(&self, time: u64) -> Option<Zoned> {
        let second = Timestamp::from_second(timestamp(time)?.as_second()).ok()?;
        Some(second.to_zoned(self.zone.clone()))
    }
}

fn millis(time: &Zoned) -> Option<u64> {
    time.timestamp().as_millisecond().try_into().ok()
}

fn parser() -> CronParser {
    let parser = CronParser::builder().seconds(Seconds::Optional);
    parser.year(Year::Disallowed).build()
}

/// Reads a pattern; what is wrong with one is said of the field that it is about.
fn parsed(text: &str) -> Result<Pattern, ScheduleError> {
    if text.starts_with('@') && !NICKNAMES.contains(&&*text.to_lowercase()) {
        return Err(ScheduleError::nickname(text));
    }
    let error = match parser().parse(text) {
        Ok(pattern) => return Ok(pattern),
        Err(error) => error,
    };
    let fields: Vec<_> = text.split(' ').filter(|field| !field.is_empty()).collect();
    let named = match fields.len() {
        5 => &FIELDS[1..],
        6 => &FIELDS[..],
        count => return Err(ScheduleError::fields(text, count)),
    };
    for (place, (given, (name, instead))) in fields.iter().zip(named).enumerate() {
        let mut alone = vec!["*"; fields.len()];
        alone[place] = given;
        if parser().parse(&alone.join(" ")).is_err() {
            return Err(ScheduleError::field(text, given, name, instead));
        }
    }
    Err(ScheduleError::other(text, &error.to_string()))
}

fn zone_of(name: &str) -> Result<TimeZone, ScheduleError> {
    TimeZone::get(name).map_err(|_| {
        let end = format!("/{}", name.to_lowercase().replace(' ', "_"));
        let mut names = jiff::tz::db().available();
        let near = names.find(|known| known.as_str().to_lowercase().ends_with(&end));
        ScheduleError::zone(name, near.map(|near| near.to_string()))
    })
}

impl fmt::Display for Cron {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zone = self.zone.iana_name().unwrap_or("UTC");
        write!(f, "{} in {zone}", self.text)
    }
}
