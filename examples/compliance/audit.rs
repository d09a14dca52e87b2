//! An audit of all that is given out: a middleware writes down who has had which signal and what came of it, in
//! a log of its own on disk. Where there is no room for that, nobody is given anything.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use enact::bus::log::{Log, Select};
use enact::bus::{self, Bus, Delivery, Middleware, Next, Subscriber};
use enact::prelude::*;
use enact::signal::Envelope;
use enact_examples::{Folder, Outcome};
use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::task::JoinSet;

/// Somebody has looked at what is known of a person.
#[signal(
    type = "security.sensitive_data_accessed",
    source = "/user-service/profile"
)]
#[derive(Debug)]
struct SensitiveDataAccessed {
    user: String,
    accessed_by: String,
    reason: String,
    #[param(class = "phone")]
    shown: String,
}

/// An order is paid.
#[signal(type = "order.paid", source = "/shop")]
struct OrderPaid {
    cents: u64,
}

/// Somebody was given a signal.
#[signal(type = "audit.signal_dispatched", source = "/audit")]
struct SignalDispatched {
    signal: String,
    of_type: String,
    to: String,
    outcome: String,
}

/// Writes down who is given what, and what came of it.
struct Audit {
    records: Sender<Envelope>,
}

impl Audit {
    fn write(&self, to: &Subscriber, given: &Delivery, outcome: String) -> Next {
        let record = SignalDispatched {
            signal: given.id().to_owned(),
            of_type: given.ty().to_string(),
            to: to.name().to_owned(),
            outcome,
        };
        let record = record.caused_by(given.envelope()).seal();
        match record.map(|record| self.records.try_send(record)) {
            Ok(Ok(())) => Next::Continue,
            _ => Next::Halt("it could not be written down".into()),
        }
    }
}

impl Middleware for Audit {
    fn before_dispatch(&self, to: &Subscriber, given: &Delivery) -> Next {
        self.write(to, given, "given".to_owned())
    }

    fn after_dispatch(&self, to: &Subscriber, given: &Delivery, outcome: &bus::Outcome) -> Next {
        self.write(to, given, format!("{outcome:?}"))
    }
}

/// Writes records into the log, as they come.
async fn write(log: Log, mut records: Receiver<Envelope>) -> Outcome<()> {
    let mut batch = Vec::new();
    while records.recv_many(&mut batch, 64).await > 0 {
        log.publish_all(batch.drain(..)).await?;
    }
    Ok(())
}

/// What is given out while somebody writes it down.
async fn day(log: &Log) -> Outcome<()> {
    let (records, written) = channel(16);
    let mut writing = JoinSet::new();
    writing.spawn(write(log.clone(), written));
    let bus = Bus::builder().middleware(Audit { records }).build();
    let billing = bus.subscribe(pattern!("order.**")).named("billing");
    let billing = billing.handle(async |_| ());
    let mailer = bus.subscribe(pattern!("order.paid")).named("mailer");
    let mailer = mailer.handle(async |_| Err::<(), _>("the mail server is out"));
    let security = bus.subscribe(pattern!("security.**")).named("security");
    let security = security.handle(async |_| ());
    bus.publish(OrderPaid { cents: 1999 }.subject("1042"))
        .await?;
    let accessed = SensitiveDataAccessed {
        user: "user-123".to_owned(),
        accessed_by: "admin-456".to_owned(),
        reason: "the customer has asked".to_owned(),
        shown: "+49 30 1234567".to_owned(),
    };
    bus.publish(accessed.subject("user-123")).await?;
    for handling in [billing, mailer, security] {
        handling.finish().await;
    }
    drop(bus);
    while let Some(done) = writing.join_next().await {
        done??;
    }
    Ok(())
}

/// What a subscriber gets while nobody writes anything down.
async fn without_room() -> Outcome<usize> {
    let (records, _nobody_reads) = channel(1);
    let bus = Bus::builder().middleware(Audit { records }).build();
    let mut given = bus.subscribe(pattern!("**")).open();
    for cents in [1, 2, 3] {
        bus.publish(OrderPaid { cents }).await?;
    }
    bus.close();
    let mut count = 0;
    while given.next().await.is_some() {
        count += 1;
    }
    Ok(count)
}

pub(crate) async fn tell() -> Outcome<String> {
    let (folder, mut told) = (Folder::new("audit")?, String::new());
    let file = folder.file("audit.db");
    let log = Log::open(&file)?;
    day(&log).await?;
    drop(log);

    // Whoever audits opens it later.
    let log = Log::open(&file)?;
    let mut records = BTreeMap::new();
    let all = log.snapshot(Select::all(), 100).await?;
    writeln!(told, "  {} records are on disk", all.len())?;
    for record in all {
        let record: SignalDispatched = record.open()?;
        let what = (record.of_type, record.outcome);
        records.insert(record.to, what);
    }
    for (to, (ty, outcome)) in records {
        writeln!(told, "  {to} was given {ty}: {outcome}")?;
    }
    let accessed = SensitiveDataAccessed::new("user-123", "admin-456", "asked", "+49 30 1234567");
    writeln!(told, "  in other logs it says {}", accessed.redacted())?;
    writeln!(
        told,
        "  without room, {} of 3 are given out",
        without_room().await?
    )?;
    Ok(told)
}

#[cfg(test)]
mod tests {
    use enact_examples::assert_tells;

    #[tokio::test]
    async fn who_was_given_what_is_on_disk_and_nothing_is_given_that_is_not() {
        let facts = [
            "6 records are on disk",
            "billing was given order.paid: Handled",
            r#"mailer was given order.paid: Failed("the mail server is out")"#,
            "security was given security.sensitive_data_accessed: Handled",
            r#""shown":"[phone]""#,
            "without room, 1 of 3 are given out",
        ];
        assert_tells(&super::tell().await.unwrap(), &facts);
    }
}
