//! Figures of a machine and of a business. A collector measures the machine now and then; what was paid is added
//! up by itself. Both are signals, so whoever looks at figures subscribes to them.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use enact::bus::dispatch::http::{Http, Mode};
use enact::bus::dispatch::local::Console;
use enact::bus::dispatch::webhook::{Signer, Webhook};
use enact::bus::dispatch::{Layers as _, Target as _};
use enact::bus::{Bus, Overflow};
use enact::prelude::*;
use enact_examples::{Outcome, Receiver, Request};

/// What machines measure of themselves.
#[signal(source = "/monitoring/node-1")]
enum SystemMetric {
    /// How much the processors have to do: how many tasks want one.
    #[signal(type = "system.metrics.cpu")]
    Cpu {
        #[param(min = 0.0)]
        load: f64,
    },
    /// How much memory is free.
    #[signal(type = "system.metrics.memory")]
    Memory { free_kilobytes: u64 },
    /// How much a folder has on disk.
    #[signal(type = "system.metrics.disk")]
    Disk { used_bytes: u64 },
}

/// Somebody has paid.
#[signal(type = "order.paid", source = "/billing")]
struct OrderPaid {
    cents: u64,
    subscription: bool,
}

/// What a day has brought.
#[signal(type = "business.revenue.daily_total", source = "/analytics/revenue", check = adds_up)]
struct DailyTotal {
    #[param(format = "date")]
    date: String,
    cents: u64,
    subscriptions: u64,
    one_time: u64,
}

fn adds_up(total: &DailyTotal) -> Result<(), &'static str> {
    if total.subscriptions + total.one_time == total.cents {
        return Ok(());
    }
    Err("a total that its parts add up to")
}

/// Measures this machine, as far as it can be measured in this way.
fn measure() -> Vec<SystemMetric> {
    let read = |file| std::fs::read_to_string(file).unwrap_or_default();
    let (load, memory) = (read("/proc/loadavg"), read("/proc/meminfo"));
    let load = load.split(' ').next().and_then(|load| load.parse().ok());
    let free = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemAvailable:"));
    let free = free.and_then(|free| free.trim().split(' ').next()?.parse().ok());
    let files = std::fs::read_dir(".").into_iter().flatten().flatten();
    let used_bytes = files
        .filter_map(|file| Some(file.metadata().ok()?.len()))
        .sum();
    vec![
        SystemMetric::Cpu {
            load: load.unwrap_or_default(),
        },
        SystemMetric::Memory {
            free_kilobytes: free.unwrap_or_default(),
        },
        SystemMetric::Disk { used_bytes },
    ]
}

/// Collects so many times, so far apart.
async fn collect(bus: &Bus, times: u32, apart: Duration) -> Outcome<()> {
    let mut ticks = tokio::time::interval(apart);
    for _ in 0..times {
        ticks.tick().await;
        let measured = tokio::task::spawn_blocking(measure).await?;
        bus.publish_all(measured).await?;
    }
    Ok(())
}

/// Adds up what is paid.
#[derive(Debug, Clone, Default)]
struct Revenue(Arc<Mutex<(u64, u64)>>);

impl Revenue {
    fn add(&self, paid: &OrderPaid) {
        let mut sums = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = if paid.subscription {
            &mut sums.0
        } else {
            &mut sums.1
        };
        *sum += paid.cents;
    }

    fn close(&self, date: &str) -> DailyTotal {
        let mut sums = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (subscriptions, one_time) = std::mem::take(&mut *sums);
        DailyTotal {
            date: date.to_owned(),
            cents: subscriptions + one_time,
            subscriptions,
            one_time,
        }
    }
}

pub(crate) async fn tell() -> Outcome<String> {
    let store = Receiver::open(|_: &Request| 204).await?;
    let to_store = Http::new(
        "store",
        &store.url("/metrics"),
        Mode::Binary,
        store.options(),
    )?;
    let wall = Receiver::open(|_: &Request| 204).await?;
    let signer = Signer::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse()?);
    let to_wall = Webhook::new("wall", &wall.url("/figures"), signer, wall.options())?;
    // While developing one looks on at the console; here it writes where nobody looks.
    let console = Console::to(std::io::sink());
    console.check().await?;

    let bus = Bus::new();
    let on = |pattern| bus.subscribe(pattern).queue(64, Overflow::Wait);
    let storing = on(pattern!("system.metrics.*")).to(to_store.sink());
    let looking = on(pattern!("system.metrics.*")).to(console.sink());
    let showing = on(pattern!("business.**")).to(to_wall.sink());
    let mut analytics = on(pattern!("business.revenue.*")).open();
    let revenue = Revenue::default();
    let adding = revenue.clone();
    let adding = on(pattern!("order.paid")).handle(move |paid| {
        let added = paid.open().map(|paid| adding.add(&paid));
        async { added }
    });

    collect(&bus, 3, Duration::from_millis(5)).await?;
    for (cents, subscription) in [(9_900, true), (2_500, false), (9_900, true)] {
        bus.publish(OrderPaid {
            cents,
            subscription,
        })
        .await?;
    }
    adding.finish().await;
    bus.publish(revenue.close("2026-11-20")).await?;
    bus.close();
    let mut told = String::new();
    let (stored, looked) = (
        storing.finish().await.handled,
        looking.finish().await.handled,
    );
    writeln!(told, "  {stored} figures stored, {looked} on the console")?;
    let signals = store.signals("/metrics")?;
    let types: std::collections::BTreeSet<_> =
        signals.iter().map(|one| one.ty().as_str()).collect();
    writeln!(told, "  {types:?}")?;
    let shown = showing.finish().await.handled;
    while let Some(total) = analytics.next().await {
        writeln!(told, "  {shown} total on the wall: {}", total.json()?)?;
    }
    let mut wrong = revenue.close("2026-11-20");
    wrong.cents = 1;
    writeln!(
        told,
        "  a total of nothing is published: {}",
        wrong.seal().is_ok()
    )?;
    Ok(told)
}

#[cfg(test)]
mod tests {
    use enact_examples::assert_tells;

    #[tokio::test]
    async fn figures_are_measured_added_up_and_stored() {
        let facts = [
            "9 figures stored, 9 on the console",
            r#"{"system.metrics.cpu", "system.metrics.disk", "system.metrics.memory"}"#,
            r#"1 total on the wall: {"date":"2026-11-20","cents":22300,"subscriptions":19800,"one_time":2500}"#,
            "a total of nothing is published: false",
        ];
        assert_tells(&super::tell().await.unwrap(), &facts);
    }
}
