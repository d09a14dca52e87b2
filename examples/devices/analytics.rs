//! Measurements of machines, kept on disk: whoever analyses them begins with what comes now, goes on after a
//! restart where it was, and hands everything on to a store of time series in one batch.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use enact::bus::dispatch::Target as _;
use enact::bus::dispatch::http::{Http, Mode};
use enact::bus::log::{Log, Select};
use enact::prelude::*;
use enact::signal::SignalError;
use enact_examples::{Folder, Outcome, Receiver, Request};

/// How busy a machine's processors are.
#[signal(type = "metrics.cpu_usage", source = "/monitoring")]
struct CpuUsage {
    #[param(min = 0.0, max = 100.0)]
    percent: f64,
    tags: Tags,
}

/// Where something was measured.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Params)]
struct Tags {
    /// The machine.
    hostname: String,
    /// Where it stands.
    region: String,
}

/// Sums and counts by region.
type Totals = BTreeMap<String, (f64, u32)>;

async fn measure(log: &Log, node: &str, percents: &[f64]) -> Outcome<()> {
    let drafts = percents.iter().map(|percent| {
        let region = node.split('-').next().unwrap_or(node).to_owned();
        let hostname = node.to_owned();
        let tags = Tags { hostname, region };
        let (percent, source) = (*percent, format!("/monitoring/{node}"));
        CpuUsage { percent, tags }.subject(node).source(source)
    });
    log.publish_all(drafts).await?;
    Ok(())
}

/// Takes measurements until there are `most`, or no more by now.
async fn analyse(log: &Log, totals: &mut Totals, most: usize) -> Outcome<usize> {
    let metrics = log.subscribe("analytics", pattern!("metrics.**"));
    let metrics = metrics.open().await?;
    let mut taken = 0;
    while taken < most && metrics.low_water_mark() < log.last() {
        let measured = metrics.next().await?;
        let CpuUsage { percent, tags } = measured.open()?;
        let (sum, count) = totals.entry(tags.region).or_default();
        (*sum, *count) = (*sum + percent, *count + 1);
        measured.ack().await?;
        taken += 1;
    }
    Ok(taken)
}

/// All that there is to a store of time series, together.
async fn hand_on(log: &Log, series: &Receiver) -> Outcome<()> {
    let all = log
        .snapshot(Select::of(pattern!("metrics.**")), 1000)
        .await?;
    let all: Vec<_> = all.iter().map(|one| one.envelope().clone()).collect();
    let url = series.url("/ingest");
    let target = Http::new("series", &url, Mode::Batched, series.options())?;
    for outcome in target.deliver_all(&all).await {
        outcome?;
    }
    Ok(())
}

pub(crate) async fn tell() -> Outcome<String> {
    let folder = Folder::new("analytics")?;
    let (mut told, mut totals) = (String::new(), Totals::new());
    let lives = in_two_lives(&folder.file("metrics.db"), &mut totals).await?;
    let (log, first, second) = lives;
    writeln!(told, "  {first} before the restart, {second} after it")?;
    for (region, (sum, count)) in &totals {
        let mean = sum / f64::from(*count);
        writeln!(told, "  {region}: {mean:.1} % over {count} measurements")?;
    }
    let series = Receiver::open(|_: &Request| 202).await?;
    hand_on(&log, &series).await?;
    let (requests, signals) = (series.requests().len(), series.signals("/ingest")?);
    let hosts = signals
        .iter()
        .map(|signal| Ok(signal.open::<CpuUsage>()?.tags.hostname));
    let mut hosts: Vec<String> = hosts.collect::<Result<_, SignalError>>()?;
    hosts.dedup();
    let count = signals.len();
    writeln!(
        told,
        "  handed on in {requests} request: {count} of {hosts:?}"
    )?;
    Ok(told)
}

/// Analyses in a program that ends in between.
async fn in_two_lives(file: &Path, totals: &mut Totals) -> Outcome<(Log, usize, usize)> {
    let log = Log::open(file)?;
    // Nobody analyses yet, and whoever begins begins with what comes.
    measure(&log, "us-1", &[99.0, 98.0]).await?;
    analyse(&log, totals, 0).await?;
    measure(&log, "us-1", &[80.0, 90.0]).await?;
    measure(&log, "eu-1", &[20.0, 30.0, 40.0]).await?;
    let first = analyse(&log, totals, 3).await?;
    drop(log);
    let log = Log::open(file)?;
    let second = analyse(&log, totals, usize::MAX).await?;
    Ok((log, first, second))
}

#[cfg(test)]
mod tests {
    use enact_examples::assert_tells;

    #[tokio::test]
    async fn each_measurement_counts_once_over_a_restart_and_none_from_before() {
        let facts = [
            "3 before the restart, 2 after it",
            "eu: 30.0 % over 3 measurements",
            "us: 85.0 % over 2 measurements",
            r#"handed on in 1 request: 7 of ["us-1", "eu-1"]"#,
        ];
        assert_tells(&super::tell().await.unwrap(), &facts);
    }
}
