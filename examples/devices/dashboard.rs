//! People who look on: each page shows some topics, as server-sent events. One that is slow loses the oldest
//! and is told of it; one that comes back asks for what it has missed.

use std::fmt::Write as _;

use enact::bus::log::{Log, Select, StartFrom};
use enact::bus::{Bus, Overflow, Subscription};
use enact::prelude::*;
use enact::signal::{Envelope, Pattern};
use enact_examples::Outcome;

/// Somebody does something.
#[signal(type = "user.activity.clicked", source = "/web")]
struct Clicked {
    page: String,
}

/// How fast a system is.
#[signal(type = "system.performance.latency", source = "/gateway")]
struct Latency {
    milliseconds: u32,
}

/// Somebody should look.
#[signal(type = "alert.raised", source = "/monitoring")]
struct Alert {
    text: String,
}

/// What pages can show, and which signals that are.
static TOPICS: [(&str, Pattern); 3] = [
    ("user_events", pattern!("user.activity.**")),
    ("system_metrics", pattern!("system.performance.**")),
    ("alerts", pattern!("alert.**")),
];

/// One event as a browser reads it.
fn frame(sequence: u64, signal: &Envelope) -> Outcome<Option<String>> {
    let topic = TOPICS.iter().find(|(_, shown)| shown.matches(signal.ty()));
    let Some((topic, _)) = topic else {
        return Ok(None);
    };
    let data = signal.json()?;
    Ok(Some(format!("id: {sequence} event: {topic} data: {data}")))
}

/// All that waits for a page.
async fn page(mut shown: Subscription) -> Outcome<Vec<String>> {
    let mut frames = Vec::new();
    while let Some(delivery) = shown.next().await {
        frames.extend(frame(delivery.sequence(), &delivery)?);
    }
    Ok(frames)
}

/// What a page has missed that was shown that event last.
async fn missed(log: &Log, last: u64) -> Outcome<Vec<String>> {
    let (mut frames, select) = (
        Vec::new(),
        Select::all().from(StartFrom::Sequence(last + 1)),
    );
    let mut signals = log.replay(select).await?;
    while let Some(signal) = signals.next().await {
        let signal = signal?;
        frames.extend(frame(signal.sequence(), &signal)?);
    }
    Ok(frames)
}

pub(crate) async fn tell() -> Outcome<String> {
    let (bus, log) = (Bus::new(), Log::memory());
    let recording = bus.subscribe(pattern!("**")).queue(64, Overflow::Wait);
    let recording = recording.named("log").to(log.clone());
    let small = |pattern: Pattern| bus.subscribe(pattern).queue(2, Overflow::DropOldest);
    let alerts = small(pattern!("alert.**")).open();
    let clicks = small(pattern!("user.activity.**")).open();

    for page in ["/", "/cart", "/pay", "/thanks"] {
        let page = page.to_owned();
        bus.publish(Clicked { page }).await?;
    }
    let milliseconds = 950;
    let slow = bus.publish(Latency { milliseconds }).await?;
    let text = "the gateway is slow".to_owned();
    bus.publish(Alert { text }.caused_by(slow.envelope()))
        .await?;
    bus.close();
    recording.finish().await;

    let mut told = String::new();
    writeln!(
        told,
        "  the page of clicks has lost {} and shows",
        clicks.lost()
    )?;
    for frame in page(clicks).await? {
        writeln!(told, "    {frame}")?;
    }
    writeln!(
        told,
        "  the page of alerts has lost {} and shows",
        alerts.lost()
    )?;
    for frame in page(alerts).await? {
        writeln!(told, "    {frame}")?;
    }
    writeln!(told, "  a page that comes back after event 3 is shown")?;
    for frame in missed(&log, 3).await? {
        writeln!(told, "    {frame}")?;
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use enact_examples::assert_tells;

    #[tokio::test]
    async fn a_slow_page_loses_the_oldest_and_one_that_comes_back_has_all() {
        let facts = [
            "the page of clicks has lost 2 and shows\n    id: 3 event: user_events data: {\"page\":\"/pay\"}",
            "the page of alerts has lost 0 and shows\n    id: 6 event: alerts",
            "after event 3 is shown\n    id: 4 event: user_events",
            "    id: 5 event: system_metrics data: {\"milliseconds\":950}\n    id: 6 event: alerts",
        ];
        assert_tells(&super::tell().await.unwrap(), &facts);
    }
}
