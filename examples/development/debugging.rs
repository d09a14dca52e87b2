//! Looking at signals: all of them as lines at a console, why one goes nowhere, and what one was caused by and has
//! caused.

use std::fmt::Write as _;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use enact::bus::dispatch::Layers as _;
use enact::bus::dispatch::local::Console;
use enact::bus::log::Log;
use enact::bus::trail::Trail;
use enact::bus::{Bus, Overflow, Router, priority};
use enact::prelude::*;
use enact::testing::Stage;
use enact_examples::Outcome;

/// Somebody has ordered something.
#[signal(type = "order.created", source = "/shop")]
struct OrderCreated {
    cents: u64,
}

/// It is paid.
#[signal(type = "order.paid", source = "/billing")]
struct OrderPaid;

/// It is packed.
#[signal(type = "parcel.packed", source = "/depot")]
struct Packed;

/// Somebody is told.
#[signal(type = "mail.sent", source = "/mail")]
struct MailSent {
    to: String,
}

/// What is written at a console, kept to be shown.
#[derive(Debug, Clone, Default)]
struct Screen(Arc<Mutex<Vec<u8>>>);

impl io::Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shown.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An order and all that comes of it.
async fn order(bus: &Bus) -> Outcome<String> {
    let order = OrderCreated { cents: 1999 }.subject("1042").seal()?;
    bus.publish(order.clone()).await?;
    let paid = OrderPaid.subject("1042").caused_by(&order).seal()?;
    bus.publish(paid.clone()).await?;
    bus.publish(Packed.subject("1042").caused_by(&paid)).await?;
    let to = "ada@example.com".to_owned();
    bus.publish(MailSent { to }.subject("1042").caused_by(&paid))
        .await?;
    Ok(paid.id().to_owned())
}

/// The flow of signals around one: its causes, itself, its effects.
fn flow(trail: &Trail, id: &str, told: &mut String) -> Outcome<()> {
    let signal = trail.find(id)?.ok_or("there is no such signal")?;
    for cause in trail.causes(id)? {
        writeln!(told, "  caused by {}", cause.ty())?;
    }
    writeln!(told, "  signal    {}", signal.ty())?;
    for effect in trail.effects(id)? {
        writeln!(told, "  effect    {}", effect.ty())?;
    }
    let arrows = trail.tree(id, 100)?.mermaid();
    writeln!(
        told,
        "  drawn with {} arrows",
        arrows.matches("-->").count()
    )?;
    Ok(())
}

/// Why a signal goes where it goes.
fn explain(told: &mut String) -> Outcome<()> {
    let mut router = Router::new();
    router
        .on(pattern!("order.*.paid"), priority(0), "ship")
        .on_signal::<OrderCreated>("thank")
        .when(|order: &OrderCreated| order.cents > 10_000)
        .on(pattern!("order.**"), priority(-10), "count");
    let order = OrderCreated { cents: 1999 }.seal()?;
    for line in router.explain_event(&order).to_string().lines() {
        writeln!(told, "  {line}")?;
    }
    Ok(())
}

pub(crate) fn tell() -> Outcome<String> {
    let mut told = String::new();
    Stage::new().run(async |_| {
        let (bus, log, screen) = (Bus::new(), Log::memory(), Screen::default());
        let all = |name| {
            bus.subscribe(pattern!("**"))
                .named(name)
                .queue(64, Overflow::Wait)
        };
        let console = all("debug-console").to(Console::to(screen.clone()).sink());
        let tracer = all("debug-tracer").to(log.clone());
        let id = order(&bus).await?;
        console.finish().await;
        tracer.finish().await;

        let shown = screen.0.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = String::from_utf8_lossy(&shown).into_owned();
        writeln!(told, "  the console has {} lines:", shown.lines().count())?;
        for line in shown.lines() {
            let event: serde_json::Value = serde_json::from_str(line)?;
            writeln!(told, "    {} {}", event["type"], event["data"])?;
        }
        flow(&log.trail(), &id, &mut told)
    })?;
    explain(&mut told)?;
    Ok(told)
}

#[cfg(test)]
mod tests {
    use enact_examples::assert_tells;

    #[test]
    fn everything_is_shown_and_the_flow_around_a_signal_is_found() {
        let facts = [
            "the console has 4 lines",
            r#""order.created" {"cents":1999}"#,
            "caused by order.created\n  signal    order.paid\n  effect    parcel.packed\n  effect    mail.sent",
            "drawn with 2 arrows",
            "order.created goes to 1 of 3 routes",
            "`order.*.paid` (priority 0): the type is over before `paid`",
            "its predicate says no",
        ];
        assert_tells(&super::tell().unwrap(), &facts);
    }
}
