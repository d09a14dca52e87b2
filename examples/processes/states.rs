//! An order is in one state at a time: events bring it from one to the next, what can't be is refused, and
//! every change is an event itself, by which the state is known again.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use enact::bus::Bus;
use enact::bus::log::{Log, Select};
use enact::prelude::*;
use enact::signal::Envelope;
use enact_examples::Outcome;

/// What happens to an order.
#[signal(source = "/shop")]
enum OrderEvent {
    /// It was made.
    #[signal(type = "order.created")]
    Created,
    /// It was paid.
    #[signal(type = "payment.completed")]
    Paid,
    /// Its goods were put aside.
    #[signal(type = "inventory.reserved")]
    Reserved,
    /// Its goods have left.
    #[signal(type = "shipping.dispatched")]
    Dispatched,
}

/// Where an order is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Params)]
#[serde(rename_all = "lowercase")]
enum State {
    /// It is not known yet.
    Nowhere,
    /// It waits for money.
    Open,
    /// It waits for goods.
    Paid,
    /// It waits for a lorry.
    Packed,
    /// It is on its way.
    Shipped,
}

/// An order has gone from one state to another.
#[signal(type = "order.state_changed", source = "/orders")]
struct StateChanged {
    from: State,
    to: State,
}

/// An event came that an order can't follow.
#[signal(type = "order.transition_refused", source = "/orders")]
struct TransitionRefused {
    from: State,
    event: String,
}

impl State {
    /// The table of all transitions.
    const fn after(self, event: &OrderEvent) -> Option<Self> {
        match (self, event) {
            (Self::Nowhere, OrderEvent::Created) => Some(Self::Open),
            (Self::Open, OrderEvent::Paid) => Some(Self::Paid),
            (Self::Paid, OrderEvent::Reserved) => Some(Self::Packed),
            (Self::Packed, OrderEvent::Dispatched) => Some(Self::Shipped),
            _ => None,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

type States = BTreeMap<String, State>;

/// Brings orders from state to state, and says so in a log.
#[derive(Clone)]
struct Machine {
    states: Arc<Mutex<States>>,
    log: Log,
}

impl Machine {
    async fn handle(self, signal: Envelope) -> Outcome<()> {
        let event: OrderEvent = signal.open()?;
        let order = signal.subject().ok_or("an event of no order")?.to_owned();
        let from = self.state(&order);
        let Some(to) = from.after(&event) else {
            let event = signal.ty().to_string();
            let refused = TransitionRefused { from, event }.subject(order);
            self.log.publish(refused.caused_by(&signal)).await?;
            return Ok(());
        };
        let changed = StateChanged { from, to }.subject(order.as_str());
        self.log.publish(changed.caused_by(&signal)).await?;
        self.states().insert(order, to);
        Ok(())
    }

    fn state(&self, order: &str) -> State {
        self.states().get(order).copied().unwrap_or(State::Nowhere)
    }

    fn states(&self) -> std::sync::MutexGuard<'_, States> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The states as the log tells them.
async fn read(log: &Log) -> Outcome<States> {
    let mut states = States::new();
    let mut changes = log
        .replay(Select::of(pattern!("order.state_changed")))
        .await?;
    while let Some(change) = changes.next().await {
        let change = change?;
        let StateChanged { from, to } = change.open()?;
        let order = change.subject().ok_or("a change of no order")?.to_owned();
        let before = states.insert(order, to).unwrap_or(State::Nowhere);
        if before != from {
            return Err(format!("{before} became {from} with nobody's word").into());
        }
    }
    Ok(states)
}

pub(crate) async fn tell() -> Outcome<String> {
    let (bus, log) = (Bus::new(), Log::memory());
    let states = Arc::default();
    let machine = Machine {
        states,
        log: log.clone(),
    };
    let worker = machine.clone();
    // Events of one order come one after the other, those of different orders side by side.
    let handling = bus
        .subscribe(pattern!("**"))
        .named("machine")
        .lanes(4)
        .handle(move |event| worker.clone().handle(event.into_envelope()));
    let events = [
        ("1042", OrderEvent::Created),
        ("1043", OrderEvent::Created),
        ("1042", OrderEvent::Paid),
        ("1043", OrderEvent::Dispatched),
        ("1042", OrderEvent::Reserved),
        ("1042", OrderEvent::Dispatched),
        ("1042", OrderEvent::Paid),
    ];
    for (order, event) in events {
        bus.publish(event.subject(order)).await?;
    }
    handling.finish().await;

    let mut told = String::new();
    for changed in log.trail().query().subject("1042").run(9)? {
        match changed.open::<StateChanged>() {
            Ok(StateChanged { from, to }) => writeln!(told, "  1042: {from} -> {to}")?,
            Err(_) => writeln!(told, "  1042: refused {}", changed.json()?)?,
        }
    }
    let (known, refused) = (read(&log).await?, pattern!("order.transition_refused"));
    writeln!(told, "  the log says {known:?}")?;
    writeln!(
        told,
        "  as the machine does: {}",
        known == *machine.states()
    )?;
    let refused = log.snapshot(Select::of(refused), 9).await?.len();
    writeln!(told, "  {refused} events could not be followed")?;
    Ok(told)
}

#[cfg(test)]
mod tests {
    use enact_examples::assert_tells;

    #[tokio::test]
    async fn orders_go_through_their_states_and_nowhere_else() {
        let facts = [
            "1042: Nowhere -> Open\n  1042: Open -> Paid\n  1042: Paid -> Packed\n  1042: Packed -> Shipped\n  1042: refused",
            r#"{"from":"shipped","event":"payment.completed"}"#,
            r#"the log says {"1042": Shipped, "1043": Open}"#,
            "as the machine does: true",
            "2 events could not be followed",
        ];
        assert_tells(&super::tell().await.unwrap(), &facts);
    }
}
