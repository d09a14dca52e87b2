//! Schedules: durable runs that start by themselves, at the times that were told.
//!
//! ```
//! # extern crate enact_workflow as enact;
//! # use enact_action_core::prelude::*;
//! # use enact_workflow::workflow;
//! # /// Adds up a day.
//! # #[derive(Action)]
//! # #[action(effect = read, crate = enact_action_core)]
//! # struct AddUp { #[doc = "Which."] day: String }
//! # impl Run for AddUp {
//! #     type Output = String;
//! #     async fn run(&self, _: &Context) -> Result<String, Failure> { Ok(self.day.clone()) }
//! # }
//! use enact_workflow::engine::Engine;
//! use enact_workflow::schedule::{CatchUp, Schedule};
//!
//! workflow! {
//!     /// Reports what was sold.
//!     pub Report { day: String } -> String {
//!         step total = AddUp { day };
//!         total
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let engine = Engine::memory(&Context::new())?;
//! let mornings = Schedule::cron("0 8 * * MON-FRI", "Europe/Berlin")?;
//! engine
//!     .schedule("report", mornings.catch_up(CatchUp::All { most: 5 }), |at| Report::new(at.local()))
//!     .await?;
//!
//! let schedules = engine.schedules().await;
//! assert_eq!(schedules[0].schedule, "0 8 * * MON-FRI in Europe/Berlin");
//! assert!(schedules[0].next.is_some() && schedules[0].last.is_none());
//! engine.unschedule("report").await?;
//! # Ok(())
//! # }
//! ```
//!
//! # What is promised
//!
//! - An *occurrence* is one of a schedule's times. Its run has the schedule's name and that time as its
//!   id, `report/2026-11-23T07:00:00Z`, so it is started once, however many processes have the schedule
//!   and wherever a crash falls: [`start`](crate::engine::Engine::start) finds what is there.
//! - Up to where occurrences are dealt with is kept in the journal, written after their runs are. So one
//!   whose run was deleted since, by [`keep`](crate::engine::Settings::keep), is not started again.
//! - What a run is given is made from the occurrence's time and must come from nothing else. Where it
//!   differs from what the same occurrence was started with, the first stays, an error is logged, and
//!   the schedule goes on; so too where the params break a rule.
//! - A schedule begins when its name is first given, and anew where it is given with other times than
//!   before: nothing that lies before that is started.
//! - Programs that give one name different times on one journal at once, as while a new version is
//!   brought out, each start their own; a time that both have is one run.
//!
//! # The clock
//!
//! The engine's clock tells the time, and is looked at every ten seconds at least. Where it jumps
//! forward, what lies between is late; what is late by a minute or less is started all the same, and
//! what is later counts as missed, as over a restart: [`CatchUp`] says what becomes of it. Where the
//! clock goes back, what was started is not started again; what was missed and left out is started
//! when its time comes.
//!
//! # Hours that are not there, and hours that come twice
//!
//! When clocks are put forward, 2:30 is not there, and when they are put back it comes twice.
//!
//! | pattern | not there | twice |
//! | --- | --- | --- |
//! | one second, one minute and one hour, like `30 2 * * *` | starts at the first moment after | starts at the first |
//! | others, like `*/30 * * * *` and `30 2,14 * * *` | is left out | starts at both, which are two occurrences |

mod at;
mod cron;
mod drive;
mod due;
mod error;
mod kept;
#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

pub use self::at::At;
use self::cron::Cron;
pub use self::error::ScheduleError;
pub(crate) use self::kept::Schedules;
use crate::clock::millis;

/// The longest period: a hundred years.
const MOST_PERIOD: Duration = Duration::from_hours(100 * 366 * 24);

/// When runs start, and what becomes of times that were missed.
///
/// ```
/// use enact_workflow::schedule::Schedule;
///
/// let schedule = Schedule::cron("0 8 * * MON-FRI", "Europe/Berlin")?;
/// let friday_noon = 1_795_172_400_000; // in milliseconds since 1970
/// let next = schedule.next(friday_noon).map(|at| at.to_string());
/// assert_eq!(next.as_deref(), Some("2026-11-23T07:00:00Z"));
///
/// let error = Schedule::cron("0 25 * * *", "Europe/Berlin").unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "the cron pattern \"0 25 * * *\" has `25` as its hour; write 0 to 23, or `*` for all",
/// );
/// # Ok::<(), enact_workflow::schedule::ScheduleError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Schedule {
    times: Times,
    catch_up: CatchUp,
}

#[derive(Debug, Clone)]
enum Times {
    /// In milliseconds.
    Every(u64),
    Cron(Box<Cron>),
}

/// What becomes of occurrences that were missed by more than a minute: while no engine was at work, or
/// because the clock has jumped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum CatchUp {
    /// They are left out.
    Skip,
    /// The last of them is started, for all. The default: nothing is passed over in silence, and a long
    /// pause brings no flood.
    #[default]
    Last,
    /// Each is started, the earliest first; the latest `most`, where there are more.
    All {
        /// How many at most.
        most: usize,
    },
}

impl Schedule {
    /// At the times of a cron pattern, in a time zone of the IANA database.
    ///
    /// The pattern has five fields: minute, hour, day of month, month, day of week; or six, with the second
    /// before them. `*`, lists (`1,15`), ranges (`8-18`), steps (`*/15`, `8-18/2`) and names (`MON`, `JAN`)
    /// can stand in them, `L` is the last day, `MON#2` the second Monday, `15W` the weekday next to the 15th.
    /// Where both kinds of day are given, either will do. `@hourly`, `@daily`, `@weekly`, `@monthly` and
    /// `@yearly` are patterns too.
    ///
    /// # Errors
    /// Where the pattern can't be read or never comes, or there is no such time zone; the text says what
    /// to write instead.
    pub fn cron(pattern: &str, zone: &str) -> Result<Self, ScheduleError> {
        let cron = Cron::new(pattern, zone)?;
        Ok(Self::of(Times::Cron(Box::new(cron))))
    }

    /// Again and again after that time, counted from the beginning of 1970 in UTC: every 15 minutes are
    /// the quarters of the hours, whenever the program was started.
    ///
    /// # Errors
    /// Where the time is not whole seconds, one at least and 100 years at most.
    pub fn every(period: Duration) -> Result<Self, ScheduleError> {
        let whole = period.subsec_nanos() == 0 && !period.is_zero() && period <= MOST_PERIOD;
        if !whole {
            return Err(ScheduleError::period(period));
        }
        Ok(Self::of(Times::Every(millis(period))))
    }

    fn of(times: Times) -> Self {
        let catch_up = CatchUp::default();
        Self { times, catch_up }
    }

    /// What becomes of occurrences that were missed. [`CatchUp::Last`] by default.
    #[must_use]
    pub fn catch_up(self, catch_up: CatchUp) -> Self {
        Self { catch_up, ..self }
    }

    /// The first occurrence after that time, which is in milliseconds since 1970.
    pub fn next(&self, after: u64) -> Option<At> {
        self.time_after(after).map(|time| self.at(time))
    }

    fn time_after(&self, after: u64) -> Option<u64> {
        let time = match &self.times {
            Times::Every(period) => (after / period).checked_add(1)?.checked_mul(*period),
            Times::Cron(cron) => cron.after(after),
        };
        time.filter(|time| at::is_told(*time))
    }

    /// The last occurrence up to that time.
    fn time_until(&self, until: u64) -> Option<u64> {
        match &self.times {
            Times::Every(period) => Some(until / period * period),
            Times::Cron(cron) => cron.until(until),
        }
    }

    fn at(&self, time: u64) -> At {
        match &self.times {
            Times::Every(_) => At::utc(time),
            Times::Cron(cron) => cron.at(time),
        }
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.times {
            Times::Every(period) => {
                let period = humantime::format_duration(Duration::from_millis(*period));
                write!(f, "every {period}")
            }
            Times::Cron(cron) => cron.fmt(f),
        }
    }
}

/// A schedule that an engine keeps.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[non_exhaustive]
pub struct Scheduled {
    /// Its name.
    pub name: String,
    /// Its times, in words.
    pub schedule: String,
    /// When it starts a run next.
    pub next: Option<At>,
    /// Which occurrence came last, here or in whoever had the journal before.
    pub last: Option<At>,
}
