//! Services are asked how they are, all at once and each for a short time only. Runs start by a schedule, are
//! recorded like others, and tell of every service that is not well.

use std::fmt::Write as _;
use std::time::Instant;

use enact::bus::{Bus, Overflow};
use enact::prelude::*;
use enact::signal::sink;
use enact::workflow::engine::{Clock, Engine, Settings};
use enact::workflow::journal::Memory;
use enact::workflow::schedule::{At, Schedule};
use enact_examples::{Outcome, Receiver, Request, post};
use tokio::net::TcpListener;

/// A service, and where it is asked.
#[derive(Debug, Clone, Params)]
struct Service {
    /// Its name.
    name: String,
    /// The address that tells how it is.
    url: String,
}

/// How a service is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Params)]
#[serde(rename_all = "lowercase")]
enum Health {
    /// It works.
    Healthy,
    /// It works somehow.
    Degraded,
    /// It does not work.
    Unhealthy,
}

/// Asks a service how it is.
#[derive(Debug, Action)]
#[action(effect = read, timeout = "200ms")]
struct AskHealth {
    /// The address that tells it.
    url: String,
}

impl Run for AskHealth {
    type Output = Health;

    async fn run(&self, _: &Context) -> Result<Health, Failure> {
        let answer = post(&self.url, &[], "deep").await;
        let answer =
            answer.map_err(|error| Failure::retryable("health.no_answer", error.to_string()))?;
        Ok(match answer.status {
            200 => Health::Healthy,
            429 => Health::Degraded,
            _ => Health::Unhealthy,
        })
    }
}

/// A service works, but not well.
#[signal(type = "health.degraded", source = "/monitoring/health")]
struct Degraded {
    service: String,
}

/// A service does not work.
#[signal(type = "health.failed", source = "/monitoring/health")]
struct Failed {
    service: String,
    why: String,
}

/// All services were asked.
#[signal(type = "health.checked", source = "/monitoring/health")]
struct Checked {
    healthy: u32,
    of: u32,
}

fn count(states: &[Result<Health, Failure>]) -> u32 {
    let healthy = states
        .iter()
        .filter(|state| matches!(state, Ok(Health::Healthy)));
    healthy.fold(0, |count, _| count + 1)
}

fn asked(states: &[Result<Health, Failure>]) -> u32 {
    states.iter().fold(0, |count, _| count + 1)
}

/// The names of the services that have not answered.
fn silent(services: &[Service], states: &[Result<Health, Failure>]) -> Vec<String> {
    let asked = services.iter().zip(states);
    let silent = asked.filter(|(_, state)| state.is_err());
    silent.map(|(service, _)| service.name.clone()).collect()
}

workflow! {
    /// Asks services how they are, and tells of those that are not well.
    #[workflow(version = 1, deadline = "10s")]
    CheckHealth { services: Vec<Service> } -> u32 {
        parallel collect states = for service in services, max = 8 {
            step state = AskHealth { url: service.url };
            branch match state {
                Health::Healthy => {}
                Health::Degraded => {
                    emit Degraded { service: service.name } with subject(service.name);
                }
                Health::Unhealthy => {
                    emit Failed { service: service.name, why: "it says so".to_owned() }
                        with subject(service.name);
                }
            }
            state
        };
        parallel _told = for name in silent(&services, &states), max = 8 {
            emit Failed { service: name, why: "no answer".to_owned() } with subject(name);
        };
        emit Checked { healthy: count(&states), of: asked(&states) };
        count(&states)
    }
}

/// A clock that stands a moment before an hour when the story begins, so that it need not wait for one.
#[derive(Debug)]
struct Evening(Instant);

impl Clock for Evening {
    fn now(&self) -> u64 {
        let since = u64::try_from(self.0.elapsed().as_millis());
        // 2026-11-20T19:59:59.950+01:00, in milliseconds since 1970.
        1_795_201_199_950 + since.unwrap_or(u64::MAX / 2)
    }
}

pub(crate) async fn tell() -> Outcome<String> {
    let asked = |request: &Request| match request.path.as_str() {
        "/orders" => 429,
        "/payments" => 503,
        _ => 200,
    };
    let receiver = Receiver::open(asked).await?;
    // It listens, and that is all it does.
    let hanging = TcpListener::bind("127.0.0.1:0").await?;
    let service = |name: &str, url| {
        let name = name.to_owned();
        Service { name, url }
    };
    let named = |name: &str| service(name, receiver.url(&format!("/{name}")));
    let mut services: Vec<_> = ["auth", "orders", "payments"].map(named).into();
    let hangs = format!("http://{}/inventory", hanging.local_addr()?);
    services.push(service("inventory", hangs));

    let bus = Bus::new();
    let on = |pattern| bus.subscribe(pattern).queue(64, Overflow::Wait);
    let mut alerts = on(pattern!("health.*")).open();
    let mut incidents = on(pattern!("health.failed")).open();
    let cx = Context::builder().resource(sink(bus.clone())).build();
    let settings = Settings::default().clock(Evening(Instant::now()));
    let engine = Engine::with(Box::new(Memory::default()), settings, &cx)?;
    let hourly = Schedule::cron("0 * * * *", "Europe/Berlin")?;
    let ask = move |_: &At| CheckHealth::new(services.clone());
    engine.schedule("health", hourly, ask).await?;

    let (mut told, mut lines) = (String::new(), Vec::new());
    let of = loop {
        let alert = alerts.next().await.ok_or("nobody asks")?;
        match alert.ty().as_str() {
            "health.degraded" => lines.push(format!(
                "  {} works badly\n",
                alert.open::<Degraded>()?.service
            )),
            "health.failed" => {
                let Failed { service, why } = alert.open()?;
                lines.push(format!("  {service} does not work: {why}\n"));
            }
            _ => break alert.open::<Checked>()?,
        }
    };
    // Who answers first is told of first.
    lines.sort();
    told.push_str(&lines.concat());
    writeln!(told, "  {} of {} services are well", of.healthy, of.of)?;
    for run in engine.list(9).await? {
        writeln!(told, "  asked by the run {}", run.id)?;
    }
    bus.close();
    let mut count = 0;
    while incidents.next().await.is_some() {
        count += 1;
    }
    writeln!(told, "  the incident manager has {count} incidents")?;
    engine.close().await;
    Ok(told)
}

#[cfg(test)]
mod tests {
    use enact_examples::assert_tells;

    #[tokio::test]
    async fn services_that_are_not_well_are_told_of_and_one_that_hangs_holds_up_nobody() {
        let facts = [
            "  inventory does not work: no answer\n  orders works badly\n  payments does not work: it says so\n",
            "1 of 4 services are well",
            "asked by the run health/2026-11-20T19:00:00Z",
            "the incident manager has 2 incidents",
        ];
        assert_tells(&super::tell().await.unwrap(), &facts);
    }
}
