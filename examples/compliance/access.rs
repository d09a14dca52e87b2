//! Permissions: a subscriber is given what it may read, a publisher may say what comes from its own source. What is
//! kept from somebody is told to security; whom nobody knows is refused.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use enact::bus::log::{Log, Select};
use enact::bus::{Bus, Delivery, Middleware, Next, Subscriber};
use enact::prelude::*;
use enact::signal::{Envelope, Pattern};
use enact_examples::Outcome;
use tokio::sync::mpsc::{Sender, channel};

/// A card was charged.
#[signal(type = "payment.charged", source = "/payments")]
struct Charged {
    cents: u64,
}

/// An order is on its way.
#[signal(type = "order.shipped", source = "/depot")]
struct Shipped;

/// Somebody was not given what they had no permission for.
#[signal(type = "security.unauthorized_access_attempt", source = "/security")]
struct UnauthorizedAccess {
    subscriber: String,
    signal: String,
    reason: String,
}

/// Who may do what.
struct Permissions {
    reads: BTreeMap<&'static str, Vec<Pattern>>,
    publishes: Vec<(Pattern, &'static str)>,
    security: Sender<Envelope>,
}

impl Permissions {
    fn new(security: Sender<Envelope>) -> Self {
        let reads = BTreeMap::from([
            ("accounting", vec![pattern!("payment.**")]),
            ("support", vec![pattern!("order.**")]),
            ("reports", vec![pattern!("payment.**"), pattern!("order.*")]),
        ]);
        let publishes = vec![
            (pattern!("payment.**"), "/payments"),
            (pattern!("order.**"), "/depot"),
        ];
        Self {
            reads,
            publishes,
            security,
        }
    }

    /// Whether security can be told.
    fn tell(&self, subscriber: &Subscriber, signal: &Envelope) -> bool {
        let attempt = UnauthorizedAccess {
            subscriber: subscriber.name().to_owned(),
            signal: signal.ty().to_string(),
            reason: "it has no permission to read this".to_owned(),
        };
        let sealed = attempt.caused_by(signal).seal();
        sealed.is_ok_and(|attempt| self.security.try_send(attempt).is_ok())
    }
}

impl Middleware for Permissions {
    fn before_publish(&self, signal: &Envelope) -> Next {
        let mut rights = self.publishes.iter();
        let may = |(pattern, source): &(Pattern, &str)| {
            pattern.matches(signal.ty()) && signal.source() == *source
        };
        if rights.any(may) {
            return Next::Continue;
        }
        Next::Halt("its source has no permission to say this".into())
    }

    fn before_dispatch(&self, subscriber: &Subscriber, signal: &Delivery) -> Next {
        let Some(patterns) = self.reads.get(subscriber.name()) else {
            return Next::Halt("nobody knows this subscriber".into());
        };
        if patterns.iter().any(|pattern| pattern.matches(signal.ty())) {
            return Next::Continue;
        }
        if self.tell(subscriber, signal) {
            return Next::Skip;
        }
        Next::Halt("it is kept back, and security can't be told".into())
    }
}

pub(crate) async fn tell() -> Outcome<String> {
    let (security, mut attempts) = channel(64);
    let bus = Bus::builder()
        .middleware(Permissions::new(security))
        .build();
    let names = ["accounting", "support", "reports", "somebody"];
    let subscribers = names.map(|name| bus.subscribe(pattern!("**")).named(name).open());

    bus.publish(Charged { cents: 1999 }).await?;
    bus.publish(Shipped).await?;
    let mut told = String::new();
    let forged = Charged { cents: 1 }.draft().source("/depot");
    if let Err(error) = bus.publish(forged).await {
        writeln!(told, "  /depot says that a card was charged: {error}")?;
    }
    bus.close();
    for (name, mut subscriber) in names.into_iter().zip(subscribers) {
        let mut given = Vec::new();
        while let Some(signal) = subscriber.next().await {
            given.push(signal.ty().to_string());
        }
        let kept = subscriber.figures().skipped;
        writeln!(told, "  {name} is given {given:?}, {kept} are kept from it")?;
    }
    drop(bus);

    let log = Log::memory();
    while let Some(attempt) = attempts.recv().await {
        log.publish(attempt).await?;
    }
    for attempt in log.snapshot(Select::of(pattern!("security.*")), 9).await? {
        let UnauthorizedAccess {
            subscriber, signal, ..
        } = attempt.open()?;
        writeln!(told, "  security hears of {subscriber} and {signal}")?;
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use enact_examples::assert_tells;

    #[tokio::test]
    async fn subscribers_are_given_what_they_may_read_and_security_hears_of_the_rest() {
        let told = super::tell().await.unwrap();
        let facts = [
            "/depot says that a card was charged: could not publish",
            r#"accounting is given ["payment.charged"], 1 are kept from it"#,
            r#"support is given ["order.shipped"], 1 are kept from it"#,
            r#"reports is given ["payment.charged", "order.shipped"], 0 are kept from it"#,
            "somebody is given [], 2 are kept from it",
            "security hears of accounting and order.shipped",
            "security hears of support and payment.charged",
        ];
        assert_tells(&told, &facts);
        assert_eq!(told.matches("security hears").count(), 2, "{told}");
    }
}
