//! How many signals there may be in a time: pure, and told the time.

use std::borrow::Cow;
use std::collections::HashMap;
use std::time::Duration;

use tokio::time::Instant;

/// How many sources have a rate of their own at once; those beyond share one.
const MOST_SOURCES: usize = 65_536;

/// How long none is looked for that has all of its rate again, where one was: all are walked for that.
const PAUSE: Duration = Duration::from_millis(100);

/// The longest time that a rate is of.
const LONGEST: Duration = Duration::from_hours(24 * 365 * 100);

/// How many signals there may be in a time, and what happens where more come.
///
/// So many may come at once; from then on one more for each part of the time. More are
/// refused, and [`PublishError::retry_after`](super::PublishError::retry_after) says when there will
/// be room; or they wait, where [`waits`](Self::waits) says so. Both are counted.
///
/// ```
/// use enact_signal_bus::Rate;
/// use std::time::Duration;
///
/// let rate = Rate::new(100, Duration::from_secs(60)).waits();
/// assert_eq!(rate.count(), 100);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    count: u32,
    per: Duration,
    waits: bool,
}

impl Rate {
    /// So many in that time, one at least and in a hundred years at most; more are refused.
    pub fn new(count: u32, per: Duration) -> Self {
        Self {
            count: count.max(1),
            per: per.min(LONGEST),
            waits: false,
        }
    }

    /// More wait instead of being refused.
    #[must_use]
    pub fn waits(self) -> Self {
        Self {
            waits: true,
            ..self
        }
    }

    /// How many there may be.
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// In which time.
    pub const fn per(&self) -> Duration {
        self.per
    }

    /// Whether more than that wait.
    pub const fn is_waiting(&self) -> bool {
        self.waits
    }

    fn of(&self, count: u32) -> Duration {
        let one = self.per / self.count;
        one.saturating_mul(count)
    }
}

/// What is left of a rate, as the time at which all of it will be there again.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Bucket {
    full: Option<Instant>,
}

impl Bucket {
    /// How long to wait until there may be so many, all at once; what is more than the rate has at
    /// once waits for all of it.
    pub(super) fn wait(&self, rate: &Rate, count: u32, now: Instant) -> Duration {
        let full = self.full.map_or(now, |full| full.max(now));
        let until = after(full, rate.of(count.min(rate.count)));
        until.duration_since(now).saturating_sub(rate.per)
    }

    /// Says when what is taken will be there again.
    pub(super) fn take(&mut self, rate: &Rate, count: u32, now: Instant) -> Instant {
        let full = self.full.map_or(now, |full| full.max(now));
        let full = after(full, rate.of(count));
        self.full = Some(full);
        full
    }

    /// Gives back what was taken, but for what is there again: that is of the use of others by now.
    pub(super) fn give_back(&mut self, rate: &Rate, count: u32, again: Instant, now: Instant) {
        let left = rate.of(count).min(again.saturating_duration_since(now));
        self.full = self.full.and_then(|full| full.checked_sub(left));
    }

    fn is_full(&self, now: Instant) -> bool {
        self.full.is_none_or(|full| full <= now)
    }
}

/// So much later, as far as the clock goes.
fn after(time: Instant, wait: Duration) -> Instant {
    time.checked_add(wait).unwrap_or(time)
}

/// What was taken of the rate of a source.
#[derive(Debug)]
pub(super) struct Taken<'a> {
    source: Cow<'a, str>,
    count: u32,
    /// When it will be there again.
    again: Instant,
}

impl Taken<'_> {
    pub(super) fn into_owned(self) -> Taken<'static> {
        let source = Cow::Owned(self.source.into_owned());
        Taken { source, ..self }
    }
}

/// A rate for each source.
#[derive(Debug)]
pub(super) struct Sources {
    pub(super) rate: Rate,
    buckets: HashMap<String, Bucket>,
    /// For the sources beyond the most.
    others: Bucket,
    /// From when on it is worth while to look for buckets that are full again.
    look: Option<Instant>,
}

impl Sources {
    pub(super) fn new(rate: Rate) -> Self {
        Self {
            rate,
            buckets: HashMap::new(),
            others: Bucket::default(),
            look: None,
        }
    }

    /// How long to wait until there may be so many of a source.
    pub(super) fn wait(&mut self, source: &str, count: u32, now: Instant) -> Duration {
        let rate = self.rate;
        self.of(source, now).wait(&rate, count, now)
    }

    pub(super) fn take<'a>(&mut self, source: &'a str, count: u32, now: Instant) -> Taken<'a> {
        let rate = self.rate;
        Taken {
            source: source.into(),
            count,
            again: self.of(source, now).take(&rate, count, now),
        }
    }

    pub(super) fn give_back(&mut self, taken: &[Taken<'_>], now: Instant) {
        let rate = self.rate;
        for one in taken {
            let bucket = self.of(&one.source, now);
            bucket.give_back(&rate, one.count, one.again, now);
        }
    }

    fn of(&mut self, source: &str, now: Instant) -> &mut Bucket {
        if !self.buckets.contains_key(source) {
            if self.buckets.len() >= MOST_SOURCES && self.look.is_none_or(|look| look <= now) {
                self.buckets.retain(|_, bucket| !bucket.is_full(now));
                let next = self.buckets.values().filter_map(|bucket| bucket.full).min();
                let pause = after(now, PAUSE);
                self.look = Some(next.map_or(pause, |next| next.max(pause)));
            }
            if self.buckets.len() < MOST_SOURCES {
                self.buckets.insert(source.to_owned(), Bucket::default());
            }
        }
        let own = self.buckets.get_mut(source);
        own.unwrap_or(&mut self.others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_lets_so_many_pass_at_once_and_then_one_for_each_part() {
        let rate = Rate::new(4, Duration::from_secs(8));
        let (mut bucket, now) = (Bucket::default(), Instant::now());
        assert_eq!(bucket.wait(&rate, 4, now), Duration::ZERO);
        let again = bucket.take(&rate, 4, now);
        assert_eq!(bucket.wait(&rate, 1, now), Duration::from_secs(2));
        assert_eq!(bucket.wait(&rate, 9, now), Duration::from_secs(8));
        let later = now + Duration::from_secs(2);
        assert_eq!(bucket.wait(&rate, 1, later), Duration::ZERO);
        assert_eq!(bucket.wait(&rate, 2, later), Duration::from_secs(2));
        bucket.give_back(&rate, 4, again, now);
        assert_eq!(bucket.wait(&rate, 4, now), Duration::ZERO);
    }

    #[test]
    fn what_is_given_back_late_is_not_taken_from_what_others_have_used() {
        let rate = Rate::new(1, Duration::from_secs(10));
        let (mut bucket, now) = (Bucket::default(), Instant::now());
        let again = bucket.take(&rate, 1, now);
        let later = now + Duration::from_secs(11);
        assert_eq!(bucket.wait(&rate, 1, later), Duration::ZERO);
        bucket.take(&rate, 1, later);
        bucket.give_back(&rate, 1, again, later);
        assert_eq!(bucket.wait(&rate, 1, later), Duration::from_secs(10));
    }

    #[test]
    fn the_longest_time_is_one_too() {
        let rate = Rate::new(1, Duration::MAX);
        let (mut bucket, now) = (Bucket::default(), Instant::now());
        assert_eq!(bucket.wait(&rate, 1, now), Duration::ZERO);
        bucket.take(&rate, 1, now);
        assert_eq!(bucket.wait(&rate, 1, now), rate.per());
    }

    #[test]
    fn sources_beyond_the_most_share_one_rate() {
        let rate = Rate::new(1, Duration::from_secs(1));
        let (mut sources, now) = (Sources::new(rate), Instant::now());
        for number in 0..MOST_SOURCES {
            sources.take(&number.to_string(), 1, now);
        }
        sources.take("one more", 1, now);
        assert!(!sources.of("and another", now).wait(&rate, 1, now).is_zero());
        let later = now + Duration::from_secs(1);
        assert!(
            sources
                .of("and another", later)
                .wait(&rate, 1, later)
                .is_zero()
        );
        assert_eq!(sources.buckets.len(), 1);
    }

    #[test]
    fn sources_are_not_walked_for_each_signal_of_those_beyond_the_most() {
        let rate = Rate::new(1, Duration::from_millis(10));
        let (mut sources, now) = (Sources::new(rate), Instant::now());
        for number in 0..MOST_SOURCES {
            sources.take(&number.to_string(), 1, now);
        }
        for (milliseconds, buckets) in [(0, MOST_SOURCES), (50, MOST_SOURCES), (100, 1)] {
            let later = now + Duration::from_millis(milliseconds);
            sources.take(&format!("after {milliseconds}"), 1, later);
            assert_eq!(sources.buckets.len(), buckets, "after {milliseconds} ms");
        }
    }
}
