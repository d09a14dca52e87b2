//! Personal data: signals that carry it say for which purpose and on what ground, or are not published; what was
//! done with it is written down without it; it goes when its time is over; and it goes from everywhere when its
//! person wants it to, once it is sure that it is that person.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use enact::bus::log::{Clock, Log, Memory, Settings};
use enact::bus::{Bus, Middleware, Next, Overflow};
use enact::prelude::*;
use enact::signal::{Envelope, Registry as Signals, Timestamp, sink};
use enact::workflow::engine::Engine;
use enact_examples::Outcome;
use serde_json::Value;

/// Somebody wants news by mail.
#[signal(
    type = "newsletter.subscribed",
    source = "/shop",
    extensions(purpose = "newsletter", legalbasis = "consent", retentiondays = 30)
)]
struct Subscribed {
    #[param(format = "email", class = "email")]
    email: String,
}

/// Somebody was seen; nobody has asked what for.
#[signal(type = "visitor.tracked", source = "/web")]
struct Tracked {
    #[param(class = "address")]
    address: String,
}

/// Something was sold, to nobody in particular.
#[signal(type = "order.counted", source = "/shop")]
struct Counted {
    pieces: u32,
}

/// Personal data was worked with.
#[signal(type = "compliance.gdpr.data_processed", source = "/compliance")]
struct DataProcessed {
    signal: String,
    person: String,
    purpose: String,
    ground: String,
    retention_days: i32,
}

/// Somebody wants to be forgotten.
#[signal(type = "compliance.gdpr.deletion_requested", source = "/compliance")]
struct DeletionRequested {
    user: String,
}

/// It is sure who that is.
#[signal(type = "identity.verified", source = "/identity")]
struct IdentityVerified;

/// Somebody is forgotten.
#[signal(type = "compliance.gdpr.deletion_completed", source = "/compliance")]
struct DeletionCompleted {
    systems: u32,
}

/// Whether a signal's own definition says that it carries personal data.
fn is_personal(signal: &Envelope) -> bool {
    let entry = Signals::global().find(signal);
    entry.is_some_and(|entry| has_class(entry.schema()))
}

fn has_class(schema: &Value) -> bool {
    match schema {
        Value::Object(map) => map.contains_key("x-class") || map.values().any(has_class),
        Value::Array(items) => items.iter().any(has_class),
        _ => false,
    }
}

/// What a signal says of the personal data that it carries.
fn record(signal: &Envelope) -> Option<DataProcessed> {
    let text = |name| Some(signal.extension(name)?.text()?.to_owned());
    Some(DataProcessed {
        signal: signal.id().to_owned(),
        person: signal.subject()?.to_owned(),
        purpose: text("purpose")?,
        ground: text("legalbasis")?,
        retention_days: signal.extension("retentiondays")?.integer()?,
    })
}

/// Lets personal data pass where it is said what for.
struct Purpose;

impl Middleware for Purpose {
    fn before_publish(&self, signal: &Envelope) -> Next {
        if !is_personal(signal) || record(signal).is_some() {
            return Next::Continue;
        }
        Next::Halt("personal data needs a person, a purpose, a ground and a time".into())
    }
}

/// What other systems know of people: by system and user.
#[derive(Debug)]
struct Systems(Mutex<BTreeMap<&'static str, BTreeMap<String, String>>>);

impl Systems {
    fn new() -> Self {
        let known = || ["user-123", "user-456"].map(|user| (user.to_owned(), "data".to_owned()));
        let systems = ["crm", "shop", "support"].map(|system| (system, known().into()));
        Self(Mutex::new(systems.into()))
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<&'static str, BTreeMap<String, String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Has one system forget somebody.
#[derive(Debug, Action)]
#[action(effect = idempotent, needs(Arc<Systems>), retry(times = 5))]
struct Forget {
    /// Which.
    system: String,
    /// Whom.
    user: String,
}

impl Run for Forget {
    type Output = ();

    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        let mut systems = cx.resource::<Arc<Systems>>()?.all();
        let known = systems.get_mut(self.system.as_str());
        let known = known.ok_or_else(|| Failure::terminal("gdpr.no_system", "there is none"))?;
        known.remove(&self.user);
        Ok(())
    }
}

workflow! {
    /// Forgets somebody everywhere.
    #[workflow(version = 1)]
    ForgetUser { user: String } -> u32 {
        wait _sure = IdentityVerified where subject == user, timeout "30d";
        parallel done = for system in ["crm", "shop", "support"], max = 3 {
            step Forget { system: system.to_owned(), user };
            1_u32
        };
        emit DeletionCompleted { systems: done.iter().sum() } with subject(user);
        done.iter().sum()
    }
}

/// A clock whose hands are moved.
#[derive(Debug, Clone)]
struct Hands(Arc<AtomicU64>);

impl Clock for Hands {
    fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

const DAY: u64 = 24 * 60 * 60 * 1000;

/// Publishes, with and without a purpose, and keeps what may be kept for as long as it may.
async fn keep(told: &mut String) -> Outcome<()> {
    let hands = Hands(Arc::new(AtomicU64::new(20_700 * DAY)));
    let settings = Settings {
        clock: Arc::new(hands.clone()),
        ..Settings::default()
    };
    let personal = Log::over(Memory::default(), settings)?;
    let processed = Log::memory();
    let bus = Bus::builder().middleware(Purpose).build();
    let on = |name| {
        bus.subscribe(pattern!("**"))
            .named(name)
            .queue(64, Overflow::Wait)
    };
    let keep = || on("log").when(is_personal).to(personal.clone());
    let keeping = keep();
    let same = processed.clone();
    let writing = on("records").when(is_personal).handle(move |signal| {
        let log = same.clone();
        async move {
            let record = record(&signal).ok_or("it says nothing of itself")?;
            log.publish(record.caused_by(signal.envelope())).await?;
            Outcome::Ok(())
        }
    });
    let subscribed = |name| Subscribed {
        email: format!("{name}@example.com"),
    };
    bus.publish(subscribed("ada").subject("user-123")).await?;
    bus.publish(Counted { pieces: 3 }).await?;
    let address = "192.0.2.7".to_owned();
    if let Err(error) = bus.publish(Tracked { address }.subject("user-123")).await {
        writeln!(told, "  visitor.tracked: {error}")?;
    }
    keeping.finish().await;
    hands.0.fetch_add(20 * DAY, Ordering::Relaxed);
    let keeping = keep();
    bus.publish(subscribed("ben").subject("user-456")).await?;
    keeping.finish().await;
    writing.finish().await;

    for record in processed.trail().query().run(9)? {
        let DataProcessed {
            person,
            purpose,
            ground,
            retention_days,
            ..
        } = record.open()?;
        writeln!(
            told,
            "  of {person}, for the {purpose}, by {ground}, {retention_days} days"
        )?;
    }
    for days in [9, 2] {
        hands.0.fetch_add(days * DAY, Ordering::Relaxed);
        let gone = expire(&personal, &hands).await?;
        writeln!(told, "  {days} days later {gone} signals are deleted")?;
    }
    Ok(())
}

/// Deletes what is older than thirty days; how many signals that are.
async fn expire(personal: &Log, hands: &Hands) -> Outcome<usize> {
    let oldest = UNIX_EPOCH + Duration::from_millis(hands.now() - 30 * DAY);
    Ok(personal.prune(Timestamp::try_from(oldest)?, 1000).await?)
}

/// Has somebody forgotten.
async fn forget(told: &mut String) -> Outcome<()> {
    let (bus, systems) = (Bus::new(), Arc::new(Systems::new()));
    let cx = Context::builder().resource(sink(bus.clone()));
    let engine = Engine::memory(&cx.resource(Arc::clone(&systems)).build())?;
    let on = |pattern| bus.subscribe(pattern).queue(64, Overflow::Wait);
    let starts = engine.starts(|asked: DeletionRequested| ForgetUser::new(asked.user));
    let starting = on(pattern!("compliance.gdpr.deletion_requested")).to(starts);
    // The run is called by the source and the id of the event that has started it.
    let whose = |verified: &Envelope| Some(format!("/compliance#forget-{}", verified.subject()?));
    let verifying = on(pattern!("identity.verified")).to(engine.delivers(whose));
    let mut completed = on(pattern!("compliance.gdpr.deletion_completed")).open();
    for user in ["user-123", "user-456"] {
        let user = user.to_owned();
        let id = format!("forget-{user}");
        let asked = DeletionRequested { user: user.clone() };
        bus.publish(asked.subject(user).id(id)).await?;
    }
    starting.finish().await;
    // Somebody has asked in the name of another, who never says who they are.
    bus.publish(IdentityVerified.subject("user-123")).await?;
    let done = completed.next().await.ok_or("nobody is forgotten")?;
    let DeletionCompleted { systems: count } = done.open()?;
    let subject = done.subject().unwrap_or_default();
    writeln!(told, "  {subject} is forgotten by {count} systems")?;
    verifying.finish().await;
    let left = systems.all();
    let left = left.values().flat_map(BTreeMap::keys);
    let left: std::collections::BTreeSet<_> = left.collect();
    writeln!(told, "  they still know {left:?}, whose request waits")?;
    Ok(())
}

pub(crate) async fn tell() -> Outcome<String> {
    let mut told = String::new();
    keep(&mut told).await?;
    forget(&mut told).await?;
    Ok(told)
}

#[cfg(test)]
mod tests {
    use enact_examples::assert_tells;

    #[tokio::test]
    async fn personal_data_has_a_purpose_a_time_and_an_end() {
        let told = super::tell().await.unwrap();
        let facts = [
            "visitor.tracked: could not publish",
            "of user-123, for the newsletter, by consent, 30 days",
            "9 days later 0 signals are deleted\n  2 days later 1 signals are deleted",
            "user-123 is forgotten by 3 systems",
            r#"they still know {"user-456"}, whose request waits"#,
        ];
        assert_tells(&told, &facts);
        assert!(!told.contains("example.com"), "{told}");
    }
}
