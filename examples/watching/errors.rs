//! Errors are counted by the service that they come from: where too much fails, that is a signal of its own,
//! once. People are paged for what is critical, and read of the rest in their chat.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use enact::bus::dispatch::Layers as _;
use enact::bus::dispatch::http::{Http, Mode};
use enact::bus::{Bus, Overflow, priority};
use enact::prelude::*;
use enact::signal::Envelope;
use enact_examples::{Outcome, Receiver, Request};

/// A service has answered.
#[signal(type = "request.served", source = "/")]
struct Served;

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Params)]
#[serde(rename_all = "lowercase")]
enum Severity {
    /// One request has failed.
    Error,
    /// A service does not do what it is there for.
    Critical,
}

/// A service has failed.
#[signal(type = "error.raised", source = "/")]
struct Raised {
    severity: Severity,
    message: String,
}

/// Too much of a service fails.
#[signal(type = "error.rate_exceeded", source = "/monitoring/errors")]
struct RateExceeded {
    service: String,
    failed: u32,
    of: u32,
    samples: Vec<String>,
}

/// One request in twenty may fail.
const THRESHOLD: u32 = 20;
/// So many requests are looked at before anything is said of them.
const ENOUGH: u32 = 20;
const SAMPLES: usize = 2;

/// What is known of a service.
#[derive(Debug, Default)]
struct Tally {
    failed: u32,
    of: u32,
    latest: VecDeque<String>,
    is_told: bool,
}

/// The tallies of all services.
#[derive(Debug, Clone, Default)]
struct Tallies(Arc<Mutex<BTreeMap<String, Tally>>>);

impl Tallies {
    /// Counts a signal; what is to be said, once too much has failed.
    fn count(&self, signal: &Envelope) -> Outcome<Option<RateExceeded>> {
        let error = match signal.ty().as_str() {
            "error.raised" => Some(signal.open::<Raised>()?),
            _ => None,
        };
        let mut tallies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let tally = tallies.entry(signal.source().to_owned()).or_default();
        tally.of += 1;
        if let Some(Raised { message, .. }) = error {
            tally.failed += 1;
            tally.latest.push_back(message);
            if tally.latest.len() > SAMPLES {
                tally.latest.pop_front();
            }
        }
        if tally.is_told || tally.of < ENOUGH || tally.failed * THRESHOLD <= tally.of {
            return Ok(None);
        }
        tally.is_told = true;
        Ok(Some(RateExceeded {
            service: signal.source().to_owned(),
            failed: tally.failed,
            of: tally.of,
            samples: tally.latest.iter().cloned().collect(),
        }))
    }

    async fn handle(self, bus: Bus, signal: Envelope) -> Outcome<()> {
        if let Some(exceeded) = self.count(&signal)? {
            bus.publish(exceeded.caused_by(&signal)).await?;
        }
        Ok(())
    }
}

fn is_critical(signal: &Envelope) -> bool {
    let raised = signal.open::<Raised>();
    raised.is_ok_and(|raised| raised.severity == Severity::Critical)
}

/// A service answers a hundred requests, and so many of them wrongly.
async fn serve(bus: &Bus, service: &str, wrong: u32) -> Outcome<()> {
    let every = 100 / wrong;
    for number in 1..=100 {
        if number % every != 0 {
            bus.publish(Served.draft().source(service)).await?;
            continue;
        }
        let severity = Severity::Error;
        let message = format!("request {number} failed");
        let raised = Raised { severity, message };
        bus.publish(raised.draft().source(service)).await?;
    }
    Ok(())
}

pub(crate) async fn tell() -> Outcome<String> {
    let people = Receiver::open(|_: &Request| 204).await?;
    let target = |path| Http::new(path, &people.url(path), Mode::Structured, people.options());
    let bus = Bus::new();
    let on = |pattern| bus.subscribe(pattern).queue(64, Overflow::Wait);
    let (tallies, same) = (Tallies::default(), bus.clone());
    let counting = on(pattern!("**"))
        .named("tallies")
        .at(priority(100))
        .when(|signal| matches!(signal.ty().as_str(), "request.served" | "error.raised"))
        .handle(move |signal| tallies.clone().handle(same.clone(), signal.into_envelope()));
    let paging = on(pattern!("error.**"))
        .named("pager")
        .at(priority(95))
        .when(is_critical)
        .to(target("/pager")?.sink());
    let chatting = on(pattern!("error.rate_exceeded"))
        .named("chat")
        .at(priority(90))
        .to(target("/chat")?.sink());

    serve(&bus, "/search", 2).await?;
    serve(&bus, "/checkout", 9).await?;
    let raised = Raised {
        severity: Severity::Critical,
        message: "the database is gone".to_owned(),
    };
    bus.publish(raised.draft().source("/checkout")).await?;
    counting.finish().await;
    paging.finish().await;
    chatting.finish().await;

    let mut told = String::new();
    for signal in people.signals("/pager")? {
        let Raised { message, .. } = signal.open()?;
        writeln!(told, "  paged: {message}, from {}", signal.source())?;
    }
    for signal in people.signals("/chat")? {
        let RateExceeded {
            service,
            failed,
            of,
            samples,
        } = signal.open()?;
        writeln!(
            told,
            "  in the chat: {failed} of {of} at {service} failed, {samples:?}"
        )?;
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    #[tokio::test]
    async fn too_many_errors_are_told_once_and_critical_ones_at_once() {
        let told = super::tell().await.unwrap();
        let wanted = "  paged: the database is gone, from /checkout\n  \
            in the chat: 2 of 22 at /checkout failed, [\"request 11 failed\", \"request 22 failed\"]\n";
        assert_eq!(told, wanted);
    }
}
