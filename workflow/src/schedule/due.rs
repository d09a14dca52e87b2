//! Which occurrences are to be started: a function of what was dealt with, and of the time.

use serde::{Deserialize, Serialize};

use super::{CatchUp, Schedule};

/// By how much an occurrence may be late and is started all the same, in milliseconds.
pub(super) const LATE: u64 = 60_000;

/// A stretch of time, in milliseconds since 1970: after the one, and up to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stretch {
    pub(super) after: u64,
    pub(super) until: u64,
}

impl Stretch {
    fn has(self, time: u64) -> bool {
        self.after < time && time <= self.until
    }

    fn within(self, other: Self) -> Option<Self> {
        let (after, until) = (self.after.max(other.after), self.until.min(other.until));
        (after < until).then_some(Self { after, until })
    }
}

/// What of a schedule is dealt with; the note of it in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Progress {
    /// The schedule's times, in words.
    pub(super) schedule: String,
    /// All up to there is dealt with.
    pub(super) until: u64,
    /// What was started last.
    pub(super) last: Option<u64>,
    /// Where occurrences were left out the last time: they come when the clock goes back behind them.
    pub(super) left_out: Option<Stretch>,
}

/// What is to be done at a time.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Due {
    /// What is to be started, in order.
    pub(super) start: Vec<u64>,
    /// What is dealt with once that is done.
    pub(super) after: Progress,
}

impl Progress {
    /// Of a schedule that begins: all that was before is left out.
    pub(super) fn new(schedule: &Schedule, now: u64) -> Self {
        Self {
            schedule: schedule.to_string(),
            until: now,
            last: None,
            left_out: Some(Stretch {
                after: 0,
                until: now,
            }),
        }
    }

    /// Whether another process has dealt with more of the same schedule.
    pub(super) fn is_ahead_of(&self, own: &Self) -> bool {
        self.schedule == own.schedule && self.until > own.until
    }

    /// What is to be done, where there is something; the clock was looked at before, and then said
    /// `looked`.
    pub(super) fn due(&self, schedule: &Schedule, looked: u64, now: u64) -> Option<Due> {
        let stretch = self.stretch(looked, now)?;
        let until = schedule.time_until(stretch.until);
        let until = until.filter(|time| stretch.has(*time))?;
        let (start, left_out) = choose(schedule, stretch, now);
        let mut after = self.clone();
        after.last = start.last().copied().or(self.last);
        if until > self.until {
            after.until = until;
            after.left_out = left_out.or(self.left_out);
        }
        Some(Due { start, after })
    }

    /// Where there may be something that is not dealt with.
    fn stretch(&self, looked: u64, now: u64) -> Option<Stretch> {
        if now > self.until {
            let (after, until) = (self.until, now);
            return Some(Stretch { after, until });
        }
        // The clock is behind what it once was. What was started then is not started again.
        let (after, until) = (looked, now);
        self.left_out?.within(Stretch { after, until })
    }

    /// What comes next.
    pub(super) fn next(&self, schedule: &Schedule, now: u64) -> Option<u64> {
        let next = schedule.time_after(now);
        let comes = |time: &u64| *time > self.until || self.left_out.is_some_and(|o| o.has(*time));
        next.filter(comes)
            .or_else(|| schedule.time_after(now.max(self.until)))
    }
}

/// What of a stretch is to be started, and where something is left out.
fn choose(schedule: &Schedule, stretch: Stretch, now: u64) -> (Vec<u64>, Option<Stretch>) {
    let back = |until: u64| {
        let time = schedule.time_until(until);
        time.filter(|time| stretch.has(*time))
    };
    let most = match schedule.catch_up {
        CatchUp::Skip => 0,
        CatchUp::Last => 1,
        CatchUp::All { most } => most,
    };
    let (mut start, mut missed, mut found) = (Vec::new(), 0, back(stretch.until));
    while let Some(time) = found {
        if now.saturating_sub(time) > LATE {
            if missed == most {
                break;
            }
            missed += 1;
        }
        start.push(time);
        found = back(time - 1);
    }
    start.reverse();
    let left_out = found.map(|until| Stretch { until, ..stretch });
    (start, left_out)
}
