//! Readings stream through stages, each of which takes one kind of signal and makes the next: raw, validated,
//! enriched. Readings that come twice count once, one that is far off is told of, and the rest are added up by
//! windows of five minutes, of the time at which they were measured.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use enact::bus::{Bus, Overflow, Subscribe};
use enact::prelude::*;
use enact::signal::{Draft, Envelope, Pattern, Payload, Timestamp};
use enact_examples::Outcome;
use serde_json::json;

/// A reading that is one.
#[signal(type = "stream.validated.reading", source = "/pipeline/validator")]
struct Validated {
    #[param(pattern = "^m-[0-9]+$")]
    meter: String,
    #[param(min = 0.0, max = 1000.0)]
    kilowatts: f64,
}

/// A reading that is none.
#[signal(type = "stream.refused.reading", source = "/pipeline/validator")]
struct Refused {
    why: String,
}

/// A reading, and where it is from.
#[signal(type = "stream.enriched.reading", source = "/pipeline/enricher")]
struct Enriched {
    meter: String,
    kilowatts: f64,
    district: String,
}

/// A reading is far off.
#[signal(type = "stream.anomaly_detected", source = "/pipeline/aggregator")]
struct Anomaly {
    meter: String,
    kilowatts: f64,
    usual: f64,
}

/// What a window of time came to.
#[signal(type = "analytics.window_aggregated", source = "/pipeline/aggregator")]
struct WindowAggregated {
    district: String,
    window: u64,
    readings: u32,
    mean: f64,
}

const WINDOW: u64 = 300;

async fn validate(bus: Bus, raw: Envelope) -> Outcome<()> {
    let read = raw.json().map(Validated::read);
    let signal = match read {
        Ok(Ok(reading)) => of(reading, &raw).seal()?,
        Ok(Err(violations)) => refuse(&violations.to_string()).caused_by(&raw).seal()?,
        Err(error) => refuse(&error.to_string()).caused_by(&raw).seal()?,
    };
    bus.publish(signal).await?;
    Ok(())
}

fn refuse(why: &str) -> Refused {
    let why = why.replace('\n', "; ");
    Refused { why }
}

async fn enrich(bus: Bus, validated: Envelope) -> Outcome<()> {
    let Validated { meter, kilowatts } = validated.open()?;
    let district = if meter.as_str() < "m-5" {
        "north"
    } else {
        "south"
    }
    .to_owned();
    let enriched = Enriched {
        meter,
        kilowatts,
        district,
    };
    bus.publish(of(enriched, &validated)).await?;
    Ok(())
}

/// What is made of a reading is of the same meter and time.
fn of<P: Payload>(payload: P, reading: &Envelope) -> Draft<P> {
    let mut draft = payload.caused_by(reading);
    if let Some(meter) = reading.subject() {
        draft = draft.subject(meter);
    }
    match reading.time() {
        Some(time) => draft.time(time.clone()),
        None => draft,
    }
}

/// The windows that are open, by district: sum and count.
#[derive(Debug, Clone, Default)]
struct Windows(Arc<Mutex<BTreeMap<String, Window>>>);

#[derive(Debug, Default)]
struct Window {
    number: u64,
    sum: f64,
    readings: u32,
}

impl Window {
    fn mean(&self) -> f64 {
        self.sum / f64::from(self.readings.max(1))
    }
}

impl Windows {
    async fn add(self, bus: Bus, reading: Envelope) -> Outcome<()> {
        let Enriched {
            meter,
            kilowatts,
            district,
        } = reading.open()?;
        let time = reading
            .time()
            .ok_or("a reading of no time")?
            .to_system_time();
        let number = time.duration_since(UNIX_EPOCH)?.as_secs() / WINDOW;
        let (closed, usual) = {
            let mut windows = self.windows();
            let window = windows.entry(district.clone()).or_default();
            let closed =
                (window.readings > 0 && window.number < number).then(|| close(&district, window));
            if closed.is_some() || window.readings == 0 {
                *window = Window {
                    number,
                    ..Window::default()
                };
            }
            let usual = window.mean();
            let is_far_off = window.readings > 1 && kilowatts > 3.0 * usual;
            if !is_far_off {
                window.sum += kilowatts;
                window.readings += 1;
            }
            (closed, is_far_off.then_some(usual))
        };
        if let Some(closed) = closed {
            bus.publish(closed.caused_by(&reading)).await?;
        }
        if let Some(usual) = usual {
            let anomaly = Anomaly {
                meter,
                kilowatts,
                usual,
            };
            bus.publish(anomaly.caused_by(&reading)).await?;
        }
        Ok(())
    }

    /// Closes what is open, when nothing more comes.
    async fn finish(&self, bus: &Bus) -> Outcome<()> {
        let open: Vec<_> = {
            let windows = self.windows();
            let open = windows
                .iter()
                .map(|(district, window)| close(district, window));
            open.collect()
        };
        bus.publish_all(open).await?;
        Ok(())
    }

    fn windows(&self) -> MutexGuard<'_, BTreeMap<String, Window>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn close(district: &str, window: &Window) -> WindowAggregated {
    WindowAggregated {
        district: district.to_owned(),
        window: window.number,
        readings: window.readings,
        mean: window.mean(),
    }
}

/// What meters send: when, who, how much; ids are theirs, so what is sent twice has one.
fn readings() -> Outcome<Vec<Envelope>> {
    let readings = [
        ("09:00:10", "m-1", json!(2.0)),
        ("09:01:00", "m-2", json!(4.0)),
        ("09:01:30", "m-7", json!(10.0)),
        ("09:02:00", "m-1", json!("much")),
        ("09:03:00", "m-1", json!(3.0)),
        ("09:03:00", "m-1", json!(3.0)),
        ("09:04:00", "m-2", json!(40.0)),
        ("09:06:00", "m-2", json!(5.0)),
        ("09:07:00", "meter", json!(5000)),
    ];
    let mut signals = Vec::new();
    for (time, meter, kilowatts) in readings {
        let time: Timestamp = format!("2026-11-20T{time}Z").parse()?;
        let data = json!({ "meter": meter, "kilowatts": kilowatts });
        let signal =
            Envelope::builder("stream.raw.reading", "/meters").id(format!("{meter}@{time}"));
        signals.push(signal.subject(meter).time(time).json(&data).build()?);
    }
    Ok(signals)
}

pub(crate) async fn tell() -> Outcome<String> {
    let bus = Bus::builder()
        .dedupe(10_000, Duration::from_mins(10))
        .build();
    let on =
        |pattern: Pattern| -> Subscribe<'_> { bus.subscribe(pattern).queue(64, Overflow::Wait) };
    let mut alerts = on(pattern!("stream.anomaly_detected")).open();
    let mut refused = on(pattern!("stream.refused.**")).open();
    let mut results = on(pattern!("analytics.**")).open();
    let (one, other, third) = (bus.clone(), bus.clone(), bus.clone());
    let validating =
        on(pattern!("stream.raw.**")).handle(move |raw| validate(one.clone(), raw.into_envelope()));
    let enriching = on(pattern!("stream.validated.**"));
    let enriching = enriching.handle(move |valid| enrich(other.clone(), valid.into_envelope()));
    let windows = Windows::default();
    let adding = windows.clone();
    let aggregating = on(pattern!("stream.enriched.**"))
        .handle(move |reading| adding.clone().add(third.clone(), reading.into_envelope()));

    for reading in readings()? {
        bus.publish(reading).await?;
    }
    for stage in [validating, enriching, aggregating] {
        let figures = stage.finish().await;
        if figures.failed + figures.panicked > 0 {
            return Err("a stage has failed".into());
        }
    }
    windows.finish(&bus).await?;
    bus.close();
    let mut told = String::new();
    writeln!(told, "  {} readings came twice", bus.figures().duplicates)?;
    while let Some(signal) = refused.next().await {
        writeln!(told, "  refused: {}", signal.open::<Refused>()?.why)?;
    }
    while let Some(signal) = alerts.next().await {
        let Anomaly {
            meter,
            kilowatts,
            usual,
        } = signal.open()?;
        writeln!(told, "  {meter} has {kilowatts} kW where {usual} are usual")?;
    }
    while let Some(signal) = results.next().await {
        let closed: WindowAggregated = signal.open()?;
        let WindowAggregated {
            district,
            window,
            readings,
            mean,
        } = closed;
        let window = window % 288;
        writeln!(
            told,
            "  {district}, window {window}: {mean} kW over {readings} readings"
        )?;
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use enact_examples::assert_tells;

    #[tokio::test]
    async fn readings_are_checked_added_up_by_windows_and_anomalies_told_of() {
        let facts = [
            "1 readings came twice",
            r#"refused: /kilowatts: found "much"; allowed: a number"#,
            "refused: /meter: found \"meter\"",
            "m-2 has 40 kW where 3 are usual",
            "north, window 108: 3 kW over 3 readings",
            "north, window 109: 5 kW over 1 readings",
            "south, window 108: 10 kW over 1 readings",
        ];
        assert_tells(&super::tell().await.unwrap(), &facts);
    }
}
