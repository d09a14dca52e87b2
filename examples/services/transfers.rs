//! Commands on one side, questions on the other: a transfer is asked for by a command, which is checked
//! and becomes an event or a refusal; what accounts have is asked of a view, which knows events alone and
//! can be built anew from them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use enact::bus::Bus;
use enact::bus::log::{Log, StartFrom};
use enact::prelude::*;
use enact::signal::Envelope;
use enact_examples::Outcome;

/// Please bring money from one account to another.
#[signal(type = "banking.command.transfer", source = "/counter", check = between_two)]
struct Transfer {
    from: String,
    to: String,
    #[param(min = 1, max = 1_000_000)]
    cents: i64,
}

fn between_two(transfer: &Transfer) -> Result<(), &'static str> {
    if transfer.from == transfer.to {
        return Err("a transfer between two accounts");
    }
    Ok(())
}

/// What came of transfers.
#[signal(source = "/bank")]
enum BankEvent {
    /// Money is somewhere else now.
    #[signal(type = "banking.event.transfer_completed")]
    Completed {
        from: String,
        to: String,
        cents: i64,
    },
    /// It was not done.
    #[signal(type = "banking.event.transfer_refused")]
    Refused { reason: String },
}

type Balances = BTreeMap<String, i64>;

/// The side of commands: it alone decides, and says what it has decided.
#[derive(Clone)]
struct Desk {
    log: Log,
    balances: Arc<Mutex<Balances>>,
}

impl Desk {
    async fn handle(self, command: Envelope) -> Result<(), String> {
        let transfer: Transfer = command.open().map_err(|error| error.to_string())?;
        let event = self.decide(transfer).caused_by(&command);
        let published = self.log.publish(event).await;
        published.map(drop).map_err(|error| error.to_string())
    }

    fn decide(&self, transfer: Transfer) -> BankEvent {
        let mut balances = self.balances.lock().unwrap_or_else(PoisonError::into_inner);
        let Transfer { from, to, cents } = transfer;
        let left = balances.entry(from.clone()).or_default();
        if *left < cents {
            let reason = format!("{from} has {left} of {cents} cents");
            return BankEvent::Refused { reason };
        }
        *left -= cents;
        *balances.entry(to.clone()).or_default() += cents;
        BankEvent::Completed { from, to, cents }
    }
}

/// The side of questions: builds its view from what the log has, up to what it has now.
async fn view(log: &Log, name: &str, opening: Balances) -> Outcome<(Balances, Vec<String>)> {
    let (mut balances, mut refusals) = (opening, Vec::new());
    let events = log.subscribe(name, pattern!("banking.event.*"));
    let events = events.start_from(StartFrom::Origin).open().await?;
    while events.low_water_mark() < log.last() {
        let event = events.next().await?;
        match event.open()? {
            BankEvent::Completed { from, to, cents } => {
                *balances.entry(from).or_default() -= cents;
                *balances.entry(to).or_default() += cents;
            }
            BankEvent::Refused { reason } => refusals.push(reason),
        }
        event.ack().await?;
    }
    Ok((balances, refusals))
}

pub(crate) async fn tell() -> Outcome<String> {
    let opening = || Balances::from([("ada".to_owned(), 5_000), ("ben".to_owned(), 0)]);
    let (bus, log) = (Bus::new(), Log::memory());
    let desk = Desk {
        log: log.clone(),
        balances: Arc::new(Mutex::new(opening())),
    };
    let commands = bus
        .subscribe(pattern!("banking.command.*"))
        .named("desk")
        .handle(move |command| desk.clone().handle(command.into_envelope()));

    let mut told = String::new();
    for (from, to, cents) in [
        ("ada", "ben", 3_000),
        ("ada", "ben", 3_000),
        ("ben", "ada", 500),
        ("ben", "ben", 0),
    ] {
        let (from, to) = (from.to_owned(), to.to_owned());
        let command = Transfer { from, to, cents };
        if let Err(error) = bus.publish(command).await {
            writeln!(told, "  not even a command: {}", chain(&error))?;
        }
    }
    commands.finish().await;

    let (balances, refusals) = view(&log, "balances", opening()).await?;
    writeln!(told, "  the view says {balances:?}; refused: {refusals:?}")?;
    let (again, _) = view(&log, "balances-2", opening()).await?;
    writeln!(
        told,
        "  built anew, it says the same: {}",
        again == balances
    )?;
    Ok(told)
}

/// An error with its causes, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |told, cause| {
        let cause = cause.to_string().replace('\n', "; ");
        format!("{told}: {cause}")
    })
}

#[cfg(test)]
mod tests {
    use enact_examples::assert_tells;

    #[tokio::test]
    async fn commands_become_events_and_the_view_knows_events_alone() {
        let told = super::tell().await.unwrap();
        let facts = [
            "/cents: found 0; allowed: at least 1",
            r#"the view says {"ada": 2500, "ben": 2500}; refused: ["ada has 2000 of 3000 cents"]"#,
            "built anew, it says the same: true",
        ];
        assert_tells(&told, &facts);
    }
}
