//! A subscriber that crashes: what it has not acknowledged is given out again, and nothing else.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use enact::bus::log::{Log, StartFrom};
use enact::prelude::*;
use enact::signal::pattern;

use crate::Outcome;
use crate::kinds::{OrderCreated, OrderPaid, OrderShipped};

/// The verb that makes this program its own subscriber.
pub(crate) const WORD: &str = "billing";

/// How many orders a process bills before it crashes.
const LIFE: usize = 23;

/// Bills every order of a log, in as many processes as it takes.
pub(crate) fn run(log: &Path, orders: u64) -> Outcome<()> {
    let ledger = log.with_extension("ledger");
    let mut crashes = 0;
    loop {
        let mut child = Command::new(std::env::current_exe()?);
        let child = child.arg(WORD).arg(log).arg(orders.to_string());
        if child.status()?.success() {
            break;
        }
        crashes += 1;
        if crashes > orders {
            return Err(lost("the subscriber never comes to its end"));
        }
    }
    let told = Told::read(&std::fs::read_to_string(ledger)?)?;
    println!(
        "\nbilled {} orders in {} processes, {crashes} of which crashed:",
        told.acknowledged.len(),
        crashes + 1
    );
    println!(
        "  {} were given out again, none that was acknowledged before",
        told.again
    );
    if told.acknowledged.len() as u64 != orders {
        return Err(lost("an order was lost"));
    }
    Ok(())
}

fn lost(message: impl Into<Cow<'static, str>>) -> Failure {
    Failure::terminal("billing.wrong", message)
}

/// What the processes have told of themselves.
#[derive(Debug, Default)]
struct Told {
    had: HashSet<String>,
    acknowledged: HashSet<String>,
    again: u32,
}

impl Told {
    fn read(ledger: &str) -> Outcome<Self> {
        let mut told = Self::default();
        for line in ledger.lines() {
            let Some((word, id)) = line.split_once(' ') else {
                continue;
            };
            if told.acknowledged.contains(id) {
                return Err(lost(format!(
                    "{id} was given out after its acknowledgement"
                )));
            }
            if word == "acknowledged" {
                told.acknowledged.insert(id.to_owned());
            } else if !told.had.insert(id.to_owned()) {
                told.again += 1;
            }
        }
        Ok(told)
    }
}

/// One process that bills, until it crashes or all is billed.
pub(crate) async fn process(path: &Path, orders: u64) -> Outcome<()> {
    let mut ledger = OpenOptions::new()
        .create(true)
        .append(true)
        .open(path.with_extension("ledger"))?;
    let before = std::fs::read_to_string(path.with_extension("ledger"))?;
    let mut billed = before
        .lines()
        .filter(|line| line.starts_with("acknowledged "))
        .count() as u64;
    let log = Log::open(path)?;
    let created = log.subscribe("billing", pattern!("order.created"));
    let created = created.start_from(StartFrom::Origin).max_in_flight(1);
    let created = created
        .attempts(5, Duration::from_millis(1), Duration::from_millis(10))
        .open()
        .await?;
    for life in 0.. {
        if billed == orders {
            break;
        }
        let order = created.next().await?;
        writeln!(ledger, "had {}", order.id())?;
        let OrderCreated { order_id, cents } = order.open()?;
        // Ids of its own making: what a crash repeats is the same event, which the log has once.
        let paid = OrderPaid {
            order_id: order_id.clone(),
            cents,
        };
        let paid = paid
            .subject(&order_id)
            .caused_by(&order)
            .id(format!("{}-paid", order.id()))
            .seal()?;
        let shipped = OrderShipped {
            order_id: order_id.clone(),
        };
        let shipped = shipped
            .subject(&order_id)
            .caused_by(&paid)
            .id(format!("{}-shipped", order.id()))
            .seal()?;
        log.publish_all([paid, shipped]).await?;
        if life == LIFE {
            std::process::abort();
        }
        let id = order.id().to_owned();
        order.ack().await?;
        writeln!(ledger, "acknowledged {id}")?;
        billed += 1;
    }
    Ok(())
}
