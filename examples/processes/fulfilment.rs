//! A business process over services that know nothing of it: an order starts a run, the run asks the
//! inventory, then the payments, and waits for what each answers. All of it goes over one bus, and the run is
//! recorded, so that it goes on after a crash.

use std::fmt::Write as _;

use enact::bus::log::Log;
use enact::bus::{Bus, Handling, Overflow};
use enact::prelude::*;
use enact::signal::{Envelope, sink};
use enact::workflow::engine::Engine;
use enact_examples::Outcome;

/// Somebody has ordered something.
#[signal(type = "order.created", source = "/shop")]
struct OrderCreated {
    order: String,
    pieces: u32,
}

/// The inventory is asked whether there is enough.
#[signal(type = "inventory.check_requested", source = "/fulfilment")]
struct CheckRequested {
    pieces: u32,
}

/// The inventory has looked.
#[signal(type = "inventory.checked", source = "/inventory")]
struct Checked {
    enough: bool,
    cents: u64,
}

/// The payments are asked for money.
#[signal(type = "payment.charge_requested", source = "/fulfilment")]
struct ChargeRequested {
    cents: u64,
}

/// Money has come.
#[signal(type = "payment.charged", source = "/payments")]
struct Charged {
    receipt: String,
}

/// The shop is told what came of an order.
#[signal(type = "order.settled", source = "/fulfilment")]
struct Settled {
    came_to: String,
}

workflow! {
    /// Brings an order from the shop to its payment.
    #[workflow(version = 1, deadline = "1h")]
    Fulfil { order: String, pieces: u32 } -> String {
        emit CheckRequested { pieces } with subject(order);
        wait stock = Checked where subject == order, timeout "10m";
        branch came_to = if stock.enough {
            emit ChargeRequested { cents: stock.cents } with subject(order);
            wait paid = Charged where subject == order, timeout "10m";
            format!("paid, by {}", paid.receipt)
        } else {
            "out of stock".to_owned()
        };
        emit Settled { came_to } with subject(order);
        came_to
    }
}

/// The inventory, which has five pieces and knows what one costs.
async fn inventory(bus: Bus, asked: Envelope) -> Outcome<()> {
    let CheckRequested { pieces } = asked.open()?;
    let (enough, cents) = (pieces <= 5, u64::from(pieces) * 250);
    let subject = asked.subject().unwrap_or_default();
    let checked = Checked { enough, cents }.subject(subject);
    bus.publish(checked.caused_by(&asked)).await?;
    Ok(())
}

/// The payments.
async fn payments(bus: Bus, asked: Envelope) -> Outcome<()> {
    let ChargeRequested { cents } = asked.open()?;
    let subject = asked.subject().unwrap_or_default();
    let receipt = format!("receipt {subject} over {cents} cents");
    let charged = Charged { receipt }.subject(subject);
    bus.publish(charged.caused_by(&asked)).await?;
    Ok(())
}

/// Everybody who listens on the bus. What starts a run and what it waits for must not be lost, so
/// whoever publishes waits where they have too much to do.
fn connect(bus: &Bus, engine: &Engine, log: &Log) -> Vec<Handling> {
    let on = |pattern| bus.subscribe(pattern).queue(64, Overflow::Wait);
    let (one, other) = (bus.clone(), bus.clone());
    // The run is called by the source and the id of the event that has started it, and whatever it
    // causes has that id for its correlation.
    let whose = |answer: &Envelope| Some(format!("/shop#{}", answer.correlation()?));
    vec![
        on(pattern!("**")).to(log.clone()),
        on(pattern!("order.created"))
            .to(engine.starts(|order: OrderCreated| Fulfil::new(order.order, order.pieces))),
        on(pattern!("inventory.checked")).to(engine.delivers(whose)),
        on(pattern!("payment.charged")).to(engine.delivers(whose)),
        on(pattern!("inventory.check_requested"))
            .handle(move |asked| inventory(one.clone(), asked.into_envelope())),
        on(pattern!("payment.charge_requested"))
            .handle(move |asked| payments(other.clone(), asked.into_envelope())),
    ]
}

pub(crate) async fn tell() -> Outcome<String> {
    let (bus, log) = (Bus::new(), Log::memory());
    let cx = Context::builder().resource(sink(bus.clone())).build();
    let engine = Engine::memory(&cx)?;
    let listening = connect(&bus, &engine, &log);
    let mut settled = bus.subscribe(pattern!("order.settled")).open();

    for (order, pieces) in [("1042", 4), ("1043", 9)] {
        let order = order.to_owned();
        let created = OrderCreated { order, pieces };
        let id = format!("event-{}", created.order);
        let created = created.draft().id(id).seal()?;
        // A publisher that is not sure publishes again: the run is there already.
        bus.publish(created.clone()).await?;
        bus.publish(created).await?;
    }
    let mut told = Vec::new();
    while told.len() < 2
        && let Some(event) = settled.next().await
    {
        let (order, Settled { came_to }) = (event.subject().unwrap_or_default(), event.open()?);
        told.push(format!("  {order} is {came_to}\n"));
    }
    // They have ended in whichever order.
    told.sort();
    let mut told = told.concat();
    bus.close();
    for handling in listening {
        handling.finish().await;
    }
    let runs = engine.list(9).await?.len();
    writeln!(
        told,
        "  {runs} runs, for orders that were each told of twice"
    )?;
    let tree = log.trail().tree("event-1042", 9)?.to_string();
    for line in tree.lines() {
        writeln!(told, "    {line}")?;
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use enact_examples::assert_tells;

    #[tokio::test]
    async fn a_run_asks_services_in_turn_and_stops_where_the_first_says_no() {
        let told = super::tell().await.unwrap();
        let facts = [
            "1042 is paid, by receipt 1042 over 1000 cents",
            "1043 is out of stock",
            "2 runs, for orders that were each told of twice",
            "order.created #1",
            "inventory.check_requested 1042",
            "inventory.checked 1042",
            "payment.charge_requested 1042",
            "payment.charged 1042",
            "order.settled 1042",
        ];
        assert_tells(&told, &facts);
    }
}
