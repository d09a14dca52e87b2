//! From times to places: how long waits are cut, so that work next to them can be seen.
//!
//! Time runs evenly, but for cuts. Where nothing is done, and all such stretches together would take
//! more than [`MOST_IDLE`] times what work takes, the longest of them are drawn shorter, each with a
//! mark. A stretch of work in which nothing begins or ends is cut alike when it is [`LONG_WORK`] times
//! as long as all the shorter ones: a step that waited a day before its next attempt hides nothing.

use std::collections::BTreeMap;
use std::ops::Range;

use super::words::lasted;

/// How long a scale is, whatever the time it shows.
pub(crate) const LENGTH: u32 = 100_000;

/// How many times as long as the work idle stretches may be before they are cut; then they take
/// half as long as the work.
const MOST_IDLE: u128 = 2;

/// How many times as long as all shorter stretches of work one may be.
const LONG_WORK: u128 = 100;

/// Parts of a millisecond, so that cuts can be shorter than one.
const FINE: u128 = 1 << 16;

/// Where each time of a run is drawn.
#[derive(Debug)]
pub(crate) struct Scale {
    pieces: Vec<Piece>,
}

/// A stretch over which time runs evenly.
#[derive(Debug, Clone)]
struct Piece {
    time: Range<u64>,
    place: Range<u32>,
    is_cut: bool,
}

/// A place with its time in words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Tick {
    pub(crate) at: u32,
    pub(crate) label: String,
}

/// A stretch between two times at which something begins or ends.
struct Stretch {
    time: Range<u64>,
    is_work: bool,
}

impl Stretch {
    fn length(&self) -> u128 {
        u128::from(self.time.end - self.time.start) * FINE
    }
}

impl Scale {
    /// The scale for spans, each with whether it is work.
    pub(crate) fn of(spans: impl IntoIterator<Item = (Range<u64>, bool)>) -> Self {
        let stretches = stretches(spans);
        let cut = Cut::of(&stretches);
        let drawn = |stretch: &Stretch| cut.drawn(stretch);
        let total: u128 = stretches.iter().map(drawn).sum::<u128>().max(1);
        let mut pieces: Vec<Piece> = Vec::new();
        let mut at = 0;
        for stretch in &stretches {
            let wide = drawn(stretch);
            let place = place(at, total)..place(at + wide, total);
            at += wide;
            let is_cut = wide < stretch.length();
            match pieces.last_mut() {
                Some(last) if !last.is_cut && !is_cut => {
                    last.time.end = stretch.time.end;
                    last.place.end = place.end;
                }
                _ => pieces.push(Piece {
                    time: stretch.time.clone(),
                    place,
                    is_cut,
                }),
            }
        }
        Self { pieces }
    }

    /// Where a time is drawn, between 0 and [`LENGTH`].
    pub(crate) fn place(&self, time: u64) -> u32 {
        let after = self.pieces.partition_point(|piece| piece.time.end < time);
        let Some(piece) = self.pieces.get(after).or_else(|| self.pieces.last()) else {
            return 0;
        };
        let time = time.clamp(piece.time.start, piece.time.end) - piece.time.start;
        let long = u128::from(piece.time.end - piece.time.start).max(1);
        let wide = u128::from(piece.place.end - piece.place.start);
        piece.place.start + u32::try_from(u128::from(time) * wide / long).unwrap_or(0)
    }

    /// The places of the cuts, with how much time lies in each.
    pub(crate) fn cuts(&self) -> impl Iterator<Item = (Range<u32>, u64)> {
        let cuts = self.pieces.iter().filter(|piece| piece.is_cut);
        cuts.map(|piece| (piece.place.clone(), piece.time.end - piece.time.start))
    }

    /// Round times with their places, far enough apart for their labels. Behind a cut they start
    /// anew, with a plus.
    pub(crate) fn ticks(&self) -> Vec<Tick> {
        const APART: u32 = LENGTH / 10;
        let mut ticks: Vec<Tick> = Vec::new();
        let Some(start) = self.pieces.first().map(|piece| piece.time.start) else {
            return ticks;
        };
        for piece in self.pieces.iter().filter(|piece| !piece.is_cut) {
            let wide = piece.place.end - piece.place.start;
            let long = piece.time.end - piece.time.start;
            let step = round(long / u64::from((wide / APART).max(1)));
            let times = (0..=long / step).map(|i| i * step);
            for (i, time) in times.enumerate() {
                let at = self.place(piece.time.start + time);
                let is_apart = ticks.last().is_none_or(|last| last.at + APART <= at);
                if is_apart && at <= LENGTH - APART / 2 {
                    let label = match (i, piece.time.start - start) {
                        (_, 0) => lasted(time),
                        (0, begun) => lasted(begun),
                        (_, _) => format!("+{}", lasted(time)),
                    };
                    ticks.push(Tick { at, label });
                }
            }
        }
        ticks
    }
}

fn place(at: u128, total: u128) -> u32 {
    u32::try_from(at * u128::from(LENGTH) / total).unwrap_or(LENGTH)
}

/// The stretches between the spans' ends, in order and without gaps.
fn stretches(spans: impl IntoIterator<Item = (Range<u64>, bool)>) -> Vec<Stretch> {
    // How many more spans of work are under way from each time on.
    let mut changes: BTreeMap<u64, i64> = BTreeMap::new();
    for (time, is_work) in spans {
        let work = i64::from(is_work);
        *changes.entry(time.start).or_default() += work;
        *changes.entry(time.end.max(time.start)).or_default() -= work;
    }
    let times: Vec<(u64, i64)> = changes.into_iter().collect();
    let mut under_way = 0;
    let mut stretches = Vec::new();
    for pair in times.windows(2) {
        under_way += pair[0].1;
        stretches.push(Stretch {
            time: pair[0].0..pair[1].0,
            is_work: under_way > 0,
        });
    }
    stretches
}

/// Which stretches are cut, and to what length.
struct Cut {
    /// The shortest work that is as good as idle.
    work: u128,
    most: u128,
}

impl Cut {
    fn of(stretches: &[Stretch]) -> Self {
        let (work, mut idle): (Vec<_>, Vec<_>) = stretches.iter().partition(|one| one.is_work);
        let mut lengths: Vec<u128> = work.into_iter().map(Stretch::length).collect();
        lengths.sort_unstable();
        let mut work = 0;
        let mut shorter = lengths.iter();
        let long = shorter.find(|length| {
            let is_long = work > 0 && **length > work * LONG_WORK;
            work += if is_long { 0 } else { **length };
            is_long
        });
        let long = long.copied().unwrap_or(u128::MAX);
        idle.extend(
            stretches
                .iter()
                .filter(|one| one.is_work && one.length() >= long),
        );
        let mut idle: Vec<u128> = idle.into_iter().map(Stretch::length).collect();
        idle.sort_unstable();
        let budget = match (work, idle.first()) {
            // A run that only waits is measured by its shortest wait, which is drawn whole.
            (0, Some(shortest)) => 2 * shortest * idle.len() as u128,
            (work, _) => work,
        };
        let most = capped(&idle, budget);
        Self { work: long, most }
    }

    /// How long a stretch is drawn.
    fn drawn(&self, stretch: &Stretch) -> u128 {
        match stretch.length() {
            length if stretch.is_work && length < self.work => length,
            length => length.min(self.most),
        }
    }
}

/// The length at which the sorted stretches are cut, so that they take half the budget together.
fn capped(sorted: &[u128], budget: u128) -> u128 {
    if sorted.iter().sum::<u128>() <= budget * MOST_IDLE {
        return u128::MAX;
    }
    let mut left = budget / 2;
    for (i, length) in sorted.iter().enumerate() {
        let share = left / (sorted.len() - i) as u128;
        if *length > share {
            return share;
        }
        left -= length;
    }
    u128::MAX
}

/// The next round time: ticks stand at its multiples.
fn round(least: u64) -> u64 {
    const DAY: u64 = 86_400_000;
    const UNITS: [u64; 24] = [
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000,
        120_000, 300_000, 600_000, 1_800_000, 3_600_000, 10_800_000, 21_600_000, 43_200_000,
    ];
    let unit = UNITS.into_iter().find(|unit| *unit >= least);
    unit.unwrap_or_else(|| least.div_ceil(DAY).saturating_mul(DAY).max(DAY))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 86_400_000;

    fn shown(spans: &[(u64, u64, bool)]) -> String {
        let spans = spans.iter().map(|(start, end, work)| (*start..*end, *work));
        let scale = Scale::of(spans);
        let cuts = scale.cuts();
        let cuts = cuts.map(|(place, time)| format!("{place:?} = {}", lasted(time)));
        cuts.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn short_waits_are_not_cut() {
        assert_eq!(shown(&[(0, 10, true), (10, 30, false), (30, 40, true)]), "");
        assert_eq!(shown(&[(0, 3 * DAY, false)]), "");
        assert_eq!(shown(&[]), "");
    }

    #[test]
    fn a_long_wait_takes_a_third() {
        let spans = [
            (0, 2, true),
            (2, 3 * DAY, false),
            (3 * DAY, 3 * DAY + 2, true),
        ];
        assert_eq!(shown(&spans), "33333..66666 = 2d 23h");
    }

    #[test]
    fn of_two_waits_the_shorter_is_drawn_whole() {
        let spans = [(0, 100, true), (100, 110, false), (110, DAY, false)];
        assert_eq!(shown(&spans), "73333..100000 = 23h 59m");
    }

    #[test]
    fn work_is_cut_when_all_else_would_vanish() {
        assert_eq!(shown(&[(0, 10, true), (10, 900, true)]), "");
        let spans = [(0, 10, true), (10, DAY, true), (DAY, DAY + 10, true)];
        assert_eq!(shown(&spans), "33333..66666 = 23h 59m");
    }

    #[test]
    fn waits_alone_are_measured_by_the_shortest() {
        let spans = [(0, 1_000, false), (1_000, 30 * DAY, false)];
        assert_eq!(shown(&spans), "50000..100000 = 29d 23h");
    }

    #[test]
    fn ticks_start_anew_behind_a_cut() {
        let spans = [(0, 40, true), (40, DAY, false), (DAY, DAY + 40, true)];
        let spans = spans.map(|(start, end, work)| (start..end, work));
        let ticks = Scale::of(spans).ticks();
        let labels: Vec<String> = ticks.into_iter().map(|tick| tick.label).collect();
        assert_eq!(labels.join(" "), "0ms 20ms 40ms 1d +20ms");
    }
}
