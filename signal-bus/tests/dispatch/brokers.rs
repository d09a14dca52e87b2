//! What every broker's adapter has to do, said once; each file says how to listen.

#![cfg_attr(
    not(all(feature = "kafka", feature = "nats", feature = "outbox-postgres")),
    allow(dead_code, reason = "with fewer brokers, fewer of these are needed")
)]

use std::time::Duration;

use enact_signal_bus::dispatch::{Kind, Target};
use enact_signal_core::{Envelope, id};

use crate::world::signal;

/// A name that nobody else has.
pub(crate) fn fresh(what: &str) -> String {
    format!("enact-test-{what}-{}", id())
}

/// So many signals, more than an adapter has under way at once.
pub(crate) fn many() -> Vec<Envelope> {
    (0..150).map(|at| signal(&at.to_string())).collect()
}

/// One by one, several together, and again over the same connection.
pub(crate) async fn deliver_in_every_way(target: &impl Target) -> Vec<Envelope> {
    target.validate().unwrap();
    target.check().await.unwrap();
    let single = signal("single");
    target.deliver(&single).await.unwrap();
    let many = many();
    let outcomes = target.deliver_all(&many).await;
    assert_eq!(outcomes.len(), many.len());
    for outcome in outcomes {
        outcome.unwrap();
    }
    assert!(target.deliver_all(&[]).await.is_empty());
    [vec![single], many].concat()
}

/// One that is too large is refused, and costs no other.
pub(crate) async fn refuse_only_what_is_too_large(target: &impl Target) {
    let large = signal(&"x".repeat(2 << 20));
    let outcomes = target.deliver_all(&[signal("a"), large, signal("b")]).await;
    assert!(outcomes[0].is_ok(), "{outcomes:?}");
    let error = outcomes[1].as_ref().unwrap_err();
    assert_eq!(error.kind(), Kind::Unwritable);
    assert!(outcomes[2].is_ok(), "{outcomes:?}");
}

/// What nobody listens on is told as a failure that may pass.
pub(crate) async fn miss_who_is_not_there(target: &impl Target) {
    let error = target.check().await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unreachable, "{error:?}");
    let error = target.deliver(&signal("1")).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Unreachable, "{error:?}");
    assert!(!format!("{error:?} {error}").contains("secret"));
}

/// A port of this machine on which nobody listens.
pub(crate) async fn closed_port() -> u16 {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().port()
}

/// The address of a server, where it is there; a test without its server says so and is skipped,
/// and fails where nothing may be skipped.
pub(crate) async fn server(variable: &str, default: &str, place: &str) -> Option<String> {
    let address = std::env::var(variable).ok();
    if address.is_none() && tokio::net::TcpStream::connect(place).await.is_err() {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "no server at {place}; start one or set {variable}"
        );
        eprintln!("skipped: no server at {place}; start one or set {variable}");
        return None;
    }
    Some(address.unwrap_or_else(|| default.to_owned()))
}

/// What comes within a time that only a failure takes.
pub(crate) async fn soon<T>(waited: impl Future<Output = T>) -> T {
    let within = tokio::time::timeout(Duration::from_secs(20), waited);
    within.await.expect("it comes")
}
