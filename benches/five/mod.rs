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

pub(crate) async fn many(engine: &Engine, name: &str, flight: u32) -> Outcome<()> {
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..flight {
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

pub(crate) fn median(all: &mut [Duration]) -> Duration {
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or_default()
}
