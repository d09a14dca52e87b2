//! Which occurrences there are, and what becomes of those that were missed.

use std::time::Duration;

use jiff::Timestamp;
use proptest::prelude::*;

use super::due::{Due, Progress};
use super::{CatchUp, Schedule};

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

fn millis(time: &str) -> u64 {
    let time: Timestamp = time.parse().unwrap();
    time.as_millisecond().try_into().unwrap()
}

fn texts(schedule: &Schedule, times: &[u64]) -> Vec<String> {
    times
        .iter()
        .map(|time| schedule.at(*time).local())
        .collect()
}

/// The occurrences after the one time and up to the other, in local time.
fn check(pattern: &str, after: &str, until: &str, expected: &[&str]) {
    let schedule = Schedule::cron(pattern, "Europe/Berlin").unwrap();
    let mut times = vec![millis(after)];
    while let Some(next) = schedule.time_after(*times.last().unwrap()) {
        if next > millis(until) {
            break;
        }
        times.push(next);
    }
    assert_eq!(texts(&schedule, &times[1..]), expected, "{pattern}");
}

fn mistake(pattern: &str, zone: &str, expected: &str) {
    let error = Schedule::cron(pattern, zone).unwrap_err().to_string();
    assert!(error.ends_with(expected), "{error}");
}

#[test]
fn mornings_are_at_the_zones_own_time_in_summer_and_in_winter() {
    check(
        "0 8 * * MON-FRI",
        "2026-10-22T12:00:00Z",
        "2026-10-27T12:00:00Z",
        &[
            "2026-10-23T08:00:00+02:00",
            "2026-10-26T08:00:00+01:00",
            "2026-10-27T08:00:00+01:00",
        ],
    );
}

#[test]
fn a_time_that_is_not_there_is_the_first_moment_after_and_steps_leave_it_out() {
    let (after, until) = ("2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z");
    let moved = ["2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"];
    check("30 2 * * *", after, until, &moved);
    let (after, until) = ("2026-03-29T00:00:00Z", "2026-03-29T02:00:00Z");
    check(
        "*/30 * * * *",
        after,
        until,
        &[
            "2026-03-29T01:30:00+01:00",
            "2026-03-29T03:00:00+02:00",
            "2026-03-29T03:30:00+02:00",
            "2026-03-29T04:00:00+02:00",
        ],
    );
}

#[test]
fn a_time_that_comes_twice_is_the_first_and_steps_take_both() {
    let (after, until) = ("2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z");
    let first = ["2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"];
    check("30 2 * * *", after, until, &first);
    let (after, until) = ("2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z");
    check(
        "*/30 * * * *",
        after,
        until,
        &[
            "2026-10-25T02:30:00+02:00",
            "2026-10-25T02:00:00+01:00",
            "2026-10-25T02:30:00+01:00",
            "2026-10-25T03:00:00+01:00",
        ],
    );
}

#[test]
fn periods_are_counted_from_1970() {
    let quarters = Schedule::every(Duration::from_mins(15)).unwrap();
    let next = quarters.next(millis("2026-11-21T10:07:00Z")).unwrap();
    assert_eq!(next.to_string(), "2026-11-21T10:15:00Z");
    assert_eq!(
        quarters.next(next.millis()).unwrap().to_string(),
        "2026-11-21T10:30:00Z"
    );
    assert!(Schedule::every(Duration::ZERO).is_err());
    assert!(Schedule::every(Duration::from_millis(1_500)).is_err());
    assert!(Schedule::every(Duration::MAX).is_err());
    assert_eq!(quarters.next(u64::MAX), None);
}

#[test]
fn mistakes_say_what_to_write_instead() {
    mistake(
        "0 8 * *",
        "UTC",
        "as in \"0 8 * * MON-FRI\", or six with the second before them",
    );
    mistake("", "UTC", "or six with the second before them");
    mistake(
        "61 * * * *",
        "UTC",
        "has `61` as its minute; write 0 to 59, or `*` for all",
    );
    mistake(
        "0 0 0 * FEBRUARY *",
        "UTC",
        "as its month; write 1 to 12, or JAN to DEC, or `*` for all",
    );
    mistake(
        "0 8 * * 8",
        "UTC",
        "as its day of week; write 0 to 7 where both are Sunday, SUN to SAT, or one like `MON#2` or `FRI#L`, or `*` for all",
    );
    mistake(
        "0 0 30 2 *",
        "UTC",
        "names a day that never comes; write one that its months have",
    );
    mistake("@reboot", "UTC", "@yearly, or five fields");
    mistake(
        "0 8 * * *",
        "Berlin",
        "there is no time zone \"Berlin\"; write \"Europe/Berlin\"",
    );
    mistake(
        "0 8 * * *",
        "Atlantis",
        "such as \"Europe/Berlin\" or \"UTC\"",
    );
}

/// What is dealt with by a schedule of every hour that began at midnight, and looks at that time.
fn looked(catch_up: CatchUp, now: u64) -> (Schedule, Progress, Option<Due>) {
    let hourly = Schedule::every(Duration::from_hours(1)).unwrap();
    let hourly = hourly.catch_up(catch_up);
    let progress = Progress::new(&hourly, 0);
    let due = progress.due(&hourly, 0, now);
    (hourly, progress, due)
}

fn hours(due: &Due) -> Vec<u64> {
    due.start.iter().map(|time| time / HOUR).collect()
}

#[test]
fn what_was_missed_is_caught_up_with_as_told() {
    let started = |catch_up| hours(&looked(catch_up, 5 * HOUR + 2 * MINUTE).2.unwrap());
    assert_eq!(started(CatchUp::Skip), [0_u64; 0]);
    assert_eq!(started(CatchUp::Last), [5]);
    assert_eq!(started(CatchUp::All { most: 3 }), [3, 4, 5]);
    assert_eq!(started(CatchUp::All { most: 9 }), [1, 2, 3, 4, 5]);
}

#[test]
fn what_is_a_minute_late_is_not_missed() {
    let (hourly, _, due) = looked(CatchUp::Skip, 5 * HOUR + MINUTE);
    let due = due.unwrap();
    assert_eq!(hours(&due), [5]);
    assert_eq!(
        due.after.due(&hourly, 5 * HOUR, 5 * HOUR + 2 * MINUTE),
        None
    );
    assert_eq!(looked(CatchUp::Skip, HOUR - 1).2, None);
}

#[test]
fn what_was_left_out_comes_when_the_clock_has_gone_back_and_nothing_comes_twice() {
    // The clock jumps to hour 100, and goes back to hour 2.
    let (hourly, _, due) = looked(CatchUp::Last, 100 * HOUR);
    let due = due.unwrap();
    assert_eq!(hours(&due), [99, 100]);
    let (mut progress, mut before, mut seen) = (due.after, 100 * HOUR, Vec::new());
    for now in (2 * HOUR + MINUTE..=103 * HOUR).step_by(10_000) {
        if let Some(due) = progress.due(&hourly, before, now) {
            seen.extend(hours(&due));
            progress = due.after;
        }
        before = now;
    }
    let expected: Vec<u64> = (3..=98).chain(101..=103).collect();
    assert_eq!(seen, expected);
}

#[test]
fn a_long_pause_of_a_short_period_is_caught_up_with_in_bounds() {
    let often = Schedule::every(Duration::from_secs(1)).unwrap();
    let often = often.catch_up(CatchUp::All { most: 10 });
    let progress = Progress::new(&often, 0);
    let due = progress.due(&often, 0, 365 * 24 * HOUR).unwrap();
    // Those of the last minute are on time, both of its ends among them.
    assert_eq!(due.start.len(), 10 + 61);
}

const PATTERNS: [&str; 8] = [
    "30 2 * * *",
    "*/30 * * * *",
    "0 3 * * SUN",
    "30 2,14 * * *",
    "15 1-3 * * *",
    "0 0 L * *",
    "0 */5 2 * * SUN#L",
    "0 * 25-31 3,10 *",
];
const ZONES: [&str; 4] = [
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/New_York",
    "UTC",
];

proptest! {
    #[test]
    fn searches_from_anywhere_agree_on_what_there_is(
        pattern in 0..PATTERNS.len(),
        zone in 0..ZONES.len(),
        // Around the days on which clocks are changed, and others.
        from in prop_oneof![
            millis("2026-03-27T00:00:00Z")..millis("2026-04-06T00:00:00Z"),
            millis("2026-10-02T00:00:00Z")..millis("2026-11-02T00:00:00Z"),
            millis("2000-01-01T00:00:00Z")..millis("2060-01-01T00:00:00Z"),
        ],
        part in any::<u64>(),
    ) {
        let schedule = Schedule::cron(PATTERNS[pattern], ZONES[zone]).unwrap();
        let first = schedule.time_after(from).unwrap();
        let second = schedule.time_after(first).unwrap();
        prop_assert!(from < first && first < second);
        // Anywhere between two that follow one another.
        let between = first + part % (second - first);
        prop_assert_eq!(schedule.time_after(between), Some(second));
        prop_assert_eq!(schedule.time_until(between), Some(first));
        prop_assert_eq!(schedule.time_until(second - 1), Some(first));
        prop_assert_eq!(schedule.time_until(second), Some(second));
    }
}
