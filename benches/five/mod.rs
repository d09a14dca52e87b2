//! Durable runs of five trivial writes.

use std::time::Duration;

use enact::prelude::*;
use enact::workflow::engine::Engine;

/// Counts.
#[derive(Debug, Action)]
pub(crate) struct Count {
    /// From where.
    from: u64,
}

impl Run for Count {
    type Output = u64;

    async fn run(&self, _cx: &Context) -> Result<u64, Failure> {
        Ok(self.from + 1)
    }
}

workflow! {
    /// Counts five times.
    pub(crate) Five { from: u64 } -> u64 {
        step one = Count { from };
        step two = Count { from: one };
        step three = Count { from: two };
        step four = Count { from: three };
        step five = Count { from: four };
        five
    }
}

pub(crate) type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

pub(crate) async fn one(engine: &Engine, id: String) -> Outcome<()> {
    engine.start(&id, Five { from: 1 }).await?.answer().await?;
    Ok(())
}

/// So many runs, so many of them in flight.
pub(crate) async fn many(engine: &Engine, name: &str, count: u32, flight: u32) -> Outcome<()> {
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..count {
        if tasks.len() >= flight as usize
            && let Some(ended) = tasks.join_next().await
        {
            ended??;
        }
        let (engine, id) = (engine.clone(), format!("{name}-{n}"));
        tasks.spawn(async move {
            let run = engine.start(&id, Five { from: 1 }).await;
            run.map_err(|error| error.to_string())?
                .answer()
                .await
                .map_err(|failure| failure.to_string())
        });
    }
    for answer in tasks.join_all().await {
        answer?;
    }
    Ok(())
}

/// What runs one at a time take beside five bare commits each.
pub(crate) fn alone(ours: &mut [Duration], theirs: &mut [Duration]) -> String {
    let (ours, theirs) = (median(ours), median(theirs));
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    format!("one at a time: a run {ours:.2?}, five bare commits {theirs:.2?}, {ratio:.2} x")
}

/// What so many runs take beside bare group commits, with so many in flight: the medians of both rates, and of the parts
/// that each round is of the one beside it, since a disk has better and worse minutes; and between what eight tenths of
/// those parts are.
pub(crate) fn together(flight: u32, count: u32, ours: &[Duration], theirs: &[Duration]) -> String {
    let parts = ours.iter().zip(theirs);
    let mut parts: Vec<_> = parts
        .map(|(ours, theirs)| theirs.div_duration_f64(*ours))
        .collect();
    parts.sort_unstable_by(f64::total_cmp);
    let at = |tenths: usize| {
        parts
            .get(parts.len() * tenths / 10)
            .map_or(0.0, |part| part * 100.0)
    };
    let (low, part, high) = (at(1), at(5), at(9));
    let rate = |times: &[Duration]| f64::from(count) / median(&mut times.to_vec()).as_secs_f64();
    format!(
        "{flight} in flight: {:.0} runs/s, bare group commits {:.0} runs/s, {part:.0} % ({low:.0} to {high:.0})",
        rate(ours),
        rate(theirs)
    )
}

fn median(all: &mut [Duration]) -> Duration {
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or_default()
}
