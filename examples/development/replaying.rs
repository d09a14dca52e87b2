//! Some days of production once more: read from a copy of its log, between two times, at a pace that people can
//! follow, onto a bus that tells developers and nobody else.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use enact::bus::dispatch::Layers as _;
use enact::bus::dispatch::local::Channel;
use enact::bus::log::{Clock, Log, Memory, Select, Settings, StartFrom};
use enact::bus::{Bus, Overflow};
use enact::prelude::*;
use enact::signal::Timestamp;
use enact::testing::Stage;
use enact_examples::Outcome;
use tokio::time::{Instant, interval};

/// A user has done something.
#[signal(type = "user.clicked", source = "/web")]
struct Clicked {
    page: String,
}

/// The time of day of a log that is filled for this story.
#[derive(Debug, Clone)]
struct Hands(Arc<AtomicU64>);

impl Clock for Hands {
    fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Five days of production, from 2026-11-16, with three clicks each.
async fn production() -> Outcome<Log> {
    let monday: Timestamp = "2026-11-16T12:00:00Z".parse()?;
    let noon = monday
        .to_system_time()
        .duration_since(std::time::UNIX_EPOCH)?;
    let hands = Hands(Arc::new(AtomicU64::new(u64::try_from(noon.as_millis())?)));
    let settings = Settings {
        clock: Arc::new(hands.clone()),
        ..Settings::default()
    };
    let log = Log::over(Memory::default(), settings)?;
    for day in 16..21 {
        for page in 1..=3 {
            let page = format!("/{day}/{page}");
            log.publish(Clicked { page }.draft()).await?;
        }
        hands.0.fetch_add(24 * 60 * 60 * 1000, Ordering::Relaxed);
    }
    Ok(log)
}

/// Publishes what a log has of those days, ten signals a second.
async fn replay(log: &Log, from: &str, before: &str, bus: &Bus) -> Outcome<u32> {
    let days = Select::of(pattern!("user.**"));
    let days = days
        .from(StartFrom::Time(from.parse()?))
        .before(before.parse()?);
    let (mut signals, mut pace) = (
        log.replay(days).await?,
        interval(Duration::from_millis(100)),
    );
    let mut count = 0;
    while let Some(signal) = signals.next().await {
        pace.tick().await;
        bus.publish(signal?.envelope().clone()).await?;
        count += 1;
    }
    Ok(count)
}

pub(crate) fn tell() -> Outcome<String> {
    let mut told = String::new();
    Stage::new().run(async |_| {
        let log = production().await?;
        let (bus, (channel, mut replayed)) = (Bus::new(), Channel::bounded("developers", 64));
        let telling = bus.subscribe(pattern!("**")).queue(64, Overflow::Wait);
        let telling = telling.to(channel.sink());
        let began = Instant::now();
        let (from, before) = ("2026-11-17T00:00:00Z", "2026-11-19T00:00:00Z");
        let count = replay(&log, from, before, &bus).await?;
        let took = began.elapsed();
        telling.finish().await;
        drop(bus);
        writeln!(told, "  {count} of {} signals within {took:?}:", log.last())?;
        let original = log
            .snapshot(Select::all().from(StartFrom::Sequence(4)), 1)
            .await?;
        let mut ids = Vec::new();
        while let Ok(signal) = replayed.try_recv() {
            let Clicked { page } = signal.open()?;
            ids.push(signal.id().to_owned());
            writeln!(told, "    {} of {page}", signal.ty())?;
        }
        let same = original.first().map(|one| one.id()) == ids.first().map(String::as_str);
        writeln!(told, "  they have the ids that they had: {same}")?;
        Outcome::Ok(())
    })?;
    Ok(told)
}

#[cfg(test)]
mod tests {
    use enact_examples::assert_tells;

    #[test]
    fn two_days_of_five_come_once_more_at_a_pace() {
        let told = super::tell().unwrap();
        let facts = [
            "6 of 15 signals within 500ms",
            "user.clicked of /17/1\n",
            "user.clicked of /18/3\n",
            "they have the ids that they had: true",
        ];
        assert_tells(&told, &facts);
        assert!(!told.contains("/16/") && !told.contains("/19/"), "{told}");
    }
}
