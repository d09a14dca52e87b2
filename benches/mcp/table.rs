//! What was measured, as a table.

use std::fmt::Arguments;
use std::io::Write as _;
use std::time::Duration;

use crate::Times;

/// One server in one round.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cell {
    per_second: f64,
    p50: f64,
    p99: f64,
}

impl Cell {
    #[expect(clippy::cast_precision_loss, reason = "they are few")]
    pub(crate) fn of(times: Times, lasts: Duration) -> Self {
        let mut taken = times.taken;
        taken.sort_unstable();
        let at = |part: usize| {
            let at = (taken.len() * part / 100).min(taken.len().saturating_sub(1));
            taken
                .get(at)
                .map_or(f64::NAN, |time| time.as_secs_f64() * 1e6)
        };
        Self {
            per_second: taken.len() as f64 / lasts.as_secs_f64(),
            p50: at(50),
            p99: at(99),
        }
    }
}

/// One way and one number of calls in flight, over all rounds.
#[derive(Debug)]
pub(crate) struct Row {
    name: &'static str,
    flight: usize,
    rounds: Vec<[Cell; 2]>,
}

impl Row {
    pub(crate) fn new(name: &'static str, flight: usize) -> Self {
        Self {
            name,
            flight,
            rounds: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, cells: [Cell; 2]) {
        self.rounds.push(cells);
    }

    /// The median over the rounds.
    fn median(&self, of: impl Fn(&[Cell; 2]) -> f64) -> f64 {
        let mut all: Vec<f64> = self.rounds.iter().map(of).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
    }

    pub(crate) fn say(&self) {
        say(format_args!(
            "{:<10} {:>4}  {:>8.0} {:>8.0} {:>6.2} x  {:>7.0} {:>7.0} {:>6.2} x  {:>7.0} {:>7.0} {:>6.2} x",
            self.name,
            self.flight,
            self.median(|[ours, _]| ours.per_second),
            self.median(|[_, bare]| bare.per_second),
            self.median(|[ours, bare]| ours.per_second / bare.per_second),
            self.median(|[ours, _]| ours.p50),
            self.median(|[_, bare]| bare.p50),
            self.median(|[ours, bare]| ours.p50 / bare.p50),
            self.median(|[ours, _]| ours.p99),
            self.median(|[_, bare]| bare.p99),
            self.median(|[ours, bare]| ours.p99 / bare.p99),
        ));
    }
}

pub(crate) fn head() {
    say(format_args!(
        "{:<10} {:>4}  {:>8} {:>8} {:>8}  {:>7} {:>7} {:>8}  {:>7} {:>7} {:>8}",
        "way",
        "n",
        "calls/s",
        "bare",
        "ratio",
        "p50 µs",
        "bare",
        "ratio",
        "p99 µs",
        "bare",
        "ratio"
    ));
}

/// Nobody to tell, where standard output is closed.
pub(crate) fn say(text: Arguments<'_>) {
    drop(writeln!(std::io::stdout().lock(), "{text}"));
}
