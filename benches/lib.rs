//! How the benchmarks measure: every candidate in turns, the median of many batches, ratios.
//!
//! Machines drift while a benchmark runs. Candidates therefore take turns batch by batch, so that
//! a slow moment meets all of them, and what counts is the ratio of their medians.

pub mod crates;

use std::io::Write as _;
use std::time::{Duration, Instant};

/// How many batches each candidate runs.
const BATCHES: usize = 101;
/// How long one batch takes, about.
const BATCH: Duration = Duration::from_millis(4);

/// One thing to be measured.
pub struct Candidate<'a> {
    name: &'a str,
    run: Box<dyn FnMut(u32) + 'a>,
}

impl<'a> Candidate<'a> {
    /// A candidate that runs `once` again and again.
    pub fn new(name: &'a str, mut once: impl FnMut() + 'a) -> Self {
        let run = move |times| {
            for _ in 0..times {
                once();
            }
        };
        Self {
            name,
            run: Box::new(run),
        }
    }
}

impl std::fmt::Debug for Candidate<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Candidate")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Measures the candidates in turns and prints each median beside that of the first.
///
/// Words on the command line choose the titles that have one of them.
pub fn compare(title: &str, mut candidates: Vec<Candidate<'_>>) {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    if !words.is_empty() && !words.iter().any(|word| title.contains(word)) {
        return;
    }
    let times: Vec<u32> = candidates.iter_mut().map(calibrate).collect();
    let mut measured: Vec<Vec<f64>> = vec![Vec::new(); candidates.len()];
    for _ in 0..BATCHES {
        for ((candidate, times), measured) in candidates.iter_mut().zip(&times).zip(&mut measured) {
            measured.push(batch(candidate, *times).as_secs_f64() * 1e9 / f64::from(*times));
        }
    }
    let medians: Vec<f64> = measured.iter_mut().map(|all| median(all)).collect();
    let first = medians.first().copied().unwrap_or(1.0);
    let mut out = std::io::stdout().lock();
    // Nobody to tell, where standard output is closed.
    drop(writeln!(out, "\n{title}"));
    for (candidate, median) in candidates.iter().zip(&medians) {
        let (name, ratio, over) = (candidate.name, median / first, median - first);
        drop(writeln!(
            out,
            "  {name:<48} {median:>9.1} ns  {ratio:>6.2} x  {over:>+9.1} ns"
        ));
    }
}

fn calibrate(candidate: &mut Candidate<'_>) -> u32 {
    let mut times = 1_u32;
    loop {
        let took = batch(candidate, times);
        if took >= BATCH || times > 1 << 24 {
            return times;
        }
        times *= 2;
    }
}

fn batch(candidate: &mut Candidate<'_>, times: u32) -> Duration {
    let begun = Instant::now();
    (candidate.run)(times);
    begun.elapsed()
}

fn median(all: &mut [f64]) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}
