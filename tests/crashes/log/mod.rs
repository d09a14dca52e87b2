//! The fixed work on a log of signals: four publish, one by one and a few at once, and two persistent
//! subscriptions settle what comes, meanwhile.
//!
//! Whatever was there before is published again, as whoever does not know would do it: the log has it once.

mod checker;
mod settled;

use std::error::Error;
use std::fs::File;
use std::path::Path;
use std::time::Duration;

use enact::bus::log::{Log, StartFrom};
use enact::bus::persistent::{Delivery, Order, PersistentSubscription};
use enact::signal::{Envelope, Pattern};
use tokio::task::JoinSet;

pub(crate) use self::checker::check;
use crate::load::Load;
use crate::work::{HANGS, Stopped, Weight};
use crate::world::{Ledger, noise};

/// Who publishes, each with signals of its own.
const PUBLISHERS: u32 = 4;
/// How many signals each of them publishes, one after the other.
const APART: u32 = 3;
/// How many each publishes at once, after that.
const TOGETHER: u32 = 2;
/// How many signals there are at the end.
const SIGNALS: u64 = (PUBLISHERS * (APART + TOGETHER)) as u64;

/// Who subscribes.
const NAMES: [&str; 2] = ["billing", "audit"];
/// The signal that audit never gets done, so that it is a dead letter there.
const POISON: &str = "2-1";
/// How many attempts are made: more than processes that are disturbed one after the other.
const ATTEMPTS: u32 = 6;

/// How often a subscriber looks whether all is settled.
const LOOKS: Duration = Duration::from_millis(50);

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// The ids of what a publisher publishes at once.
fn together(publisher: u32) -> Vec<String> {
    let numbers = APART..APART + TOGETHER;
    numbers.map(|n| format!("{publisher}-{n}")).collect()
}

/// The ids of all signals.
fn all() -> impl Iterator<Item = String> {
    let of = |publisher| (0..APART + TOGETHER).map(move |n| format!("{publisher}-{n}"));
    (0..PUBLISHERS).flat_map(of)
}

/// Works through all of it; when this returns the log is closed.
pub(crate) fn work(folder: &Path, weight: Weight) -> Result<(), Stopped> {
    let load = Load::Signals(weight);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let ledger = Ledger::open(folder);
    let ended = runtime.unwrap().block_on(async {
        let work = everything(load, folder, &ledger);
        tokio::time::timeout(HANGS, work).await
    });
    let lock = folder.join(format!("{}.signals.lock", load.file()));
    if let Ok(file) = File::open(lock) {
        file.lock().unwrap();
    }
    match ended {
        Ok(ended) => ended.map_err(|error| ledger.refused(&*error)),
        Err(_) => Err(Stopped::Hung),
    }
}

async fn everything(load: Load, folder: &Path, ledger: &Ledger) -> Outcome<()> {
    let log = Log::open(load.path(folder))?;
    let mut parts = JoinSet::new();
    for name in NAMES {
        let subscription = subscribe(&log, name).await?;
        parts.spawn(settle_all(subscription, ledger.clone()));
    }
    for publisher in 0..PUBLISHERS {
        let (log, ledger) = (log.clone(), ledger.clone());
        parts.spawn(publish(log, ledger, publisher, load.weight()));
    }
    let mut ended = Ok(());
    while let Some(part) = parts.join_next().await {
        if let Err(error) = part? {
            ended = Err(error);
        }
    }
    if ended.is_err() {
        // What is asked for after a failure is never acknowledged.
        let late = log.publish(Envelope::builder("order.late", "/shop").id("late"));
        if late.await.is_ok() {
            ledger.write("ack late");
        }
    }
    ended
}

async fn subscribe(log: &Log, name: &str) -> Outcome<PersistentSubscription> {
    let subscribe = log.subscribe(name, Pattern::new("order.**")?);
    let subscribe = subscribe.start_from(StartFrom::Origin).max_in_flight(3);
    let moment = Duration::from_millis(1);
    let subscribe = subscribe.attempts(ATTEMPTS, moment, moment);
    let order = if name == "billing" {
        Order::Key
    } else {
        Order::None
    };
    Ok(subscribe.order(order).open().await?)
}

async fn publish(log: Log, ledger: Ledger, publisher: u32, weight: Weight) -> Outcome<()> {
    let signal = |id: &str| {
        let data = serde_json::json!(noise(publisher, weight.0));
        let signal = Envelope::builder("order.created", "/shop").json(&data);
        signal.id(id).subject(publisher.to_string())
    };
    for n in 0..APART {
        let id = format!("{publisher}-{n}");
        log.publish(signal(&id)).await?;
        ledger.write(&format!("ack published {id}"));
    }
    let ids = together(publisher);
    log.publish_all(ids.iter().map(|id| signal(id))).await?;
    for id in ids {
        ledger.write(&format!("ack published {id}"));
    }
    Ok(())
}

/// Settles what comes, until all is settled that there is to be.
async fn settle_all(subscription: PersistentSubscription, ledger: Ledger) -> Outcome<()> {
    while subscription.low_water_mark() < SIGNALS {
        // All may be settled already, and only the cursor not yet there; then nothing comes.
        let next = tokio::time::timeout(LOOKS, subscription.next());
        if let Ok(delivery) = next.await {
            settle(subscription.name(), delivery?, &ledger).await?;
        }
    }
    Ok(())
}

async fn settle(name: &str, delivery: Delivery, ledger: &Ledger) -> Outcome<()> {
    let (id, attempt) = (delivery.id().to_owned(), delivery.attempt());
    ledger.write(&format!("got {name} {id} {attempt}"));
    if name == "audit" && id == POISON {
        delivery.nack("it can't be audited").await?;
        ledger.write(&format!("ack failed {name} {id} {attempt}"));
    } else {
        delivery.ack().await?;
        ledger.write(&format!("ack settled {name} {id} {attempt}"));
    }
    Ok(())
}
