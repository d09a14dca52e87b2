//! Peers in turns, batch by batch, so that a slow moment of the machine meets all of them.

use std::hint::black_box;
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

/// How many batches each peer runs.
const BATCHES: usize = 51;
/// How long one batch takes, about.
const BATCH: Duration = Duration::from_millis(8);
/// How many steps one run has.
const STEPS: f64 = 5.0;

/// One way to run the five steps.
pub(crate) struct Peer<'a> {
    name: &'a str,
    run: Box<dyn Fn(&Runtime, u32) -> Duration + 'a>,
}

impl<'a> Peer<'a> {
    /// A peer whose every run gives 6.
    pub(crate) fn new(name: &'a str, once: impl AsyncFn() -> Option<u64> + 'a) -> Self {
        let run = move |runtime: &Runtime, times| {
            runtime.block_on(async {
                let begun = Instant::now();
                for _ in 0..times {
                    assert_eq!(black_box(once().await), Some(6), "{name} runs five steps");
                }
                begun.elapsed()
            })
        };
        Self {
            name,
            run: Box::new(run),
        }
    }

    fn times(&self, runtime: &Runtime) -> u32 {
        let mut times = 1;
        while (self.run)(runtime, times) < BATCH && times < 1 << 24 {
            times *= 2;
        }
        times
    }
}

/// Measures the peers in turns and prints the median of each beside that of the first.
pub(crate) fn compare(runtime: &Runtime, peers: Vec<Peer<'_>>) {
    let times: Vec<u32> = peers.iter().map(|peer| peer.times(runtime)).collect();
    let mut measured: Vec<Vec<f64>> = vec![Vec::new(); peers.len()];
    for _ in 0..BATCHES {
        for ((peer, times), measured) in peers.iter().zip(&times).zip(&mut measured) {
            let took = (peer.run)(runtime, *times).as_secs_f64() * 1e9;
            measured.push(took / f64::from(*times) / STEPS);
        }
    }
    let medians: Vec<f64> = measured.iter_mut().map(|all| median(all)).collect();
    let first = medians.first().copied().unwrap_or(1.0);
    println!("five trivial steps in memory, for each step");
    for (peer, median) in peers.iter().zip(&medians) {
        println!(
            "  {:<40} {median:>9.1} ns  {:>8.2} x",
            peer.name,
            median / first
        );
    }
}

fn median(all: &mut [f64]) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}
