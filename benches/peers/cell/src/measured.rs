//! What a cell has measured.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Outcome;

/// What a cell has measured, as it goes over the line.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Measured {
    /// Runs that ended within the window, for each of its seconds.
    pub rate: f64,
    /// How long half of them took at most, in milliseconds.
    pub p50: f64,
    /// How long 99 % of them took at most, in milliseconds.
    pub p99: f64,
    /// Time on the processor for each run, in microseconds, servers included.
    pub cpu: f64,
    /// Whether steps were taken again, as far as that can be told: where all runs ended, and ended well.
    pub again: bool,
    /// Runs that failed, in the whole cell.
    pub failed: u64,
}

impl Measured {
    pub(crate) fn new(
        mut took: Vec<Duration>,
        window: Duration,
        cpu: Duration,
        again: bool,
        failed: u64,
    ) -> Outcome<Self> {
        took.sort_unstable();
        let at = |part: usize| {
            let rank = (took.len() * part).div_ceil(100).saturating_sub(1);
            took.get(rank).map(|took| took.as_secs_f64() * 1e3)
        };
        let (Some(p50), Some(p99)) = (at(50), at(99)) else {
            return Err("no run ended within the window".into());
        };
        let runs = took.len() as f64;
        Ok(Self {
            rate: runs / window.as_secs_f64(),
            p50,
            p99,
            cpu: cpu.as_secs_f64() * 1e6 / runs,
            again,
            failed,
        })
    }
}

/// The one in the middle, the lower of two.
#[must_use]
pub fn median(all: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut all: Vec<f64> = all.into_iter().collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len().saturating_sub(1) / 2).copied()
}
