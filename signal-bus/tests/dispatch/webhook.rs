//! Signed webhooks: the published vector, rotation, replays, and one that is delivered.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use enact_signal_bus::dispatch::webhook::{
    Headers, Key, RefusalKind, Signer, Verified, Verifier, Webhook, message_id,
};
use enact_signal_bus::dispatch::{Backoff, Kind, Layers, Target};
use enact_signal_core::{Limits, json};

use crate::receiver::{Got, Receiver, empty, here};
use crate::world::signal;

/// The vector of the specification's own libraries.
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const AT: i64 = 1_614_265_330;
const BODY: &[u8] = br#"{"test": 2432232314}"#;
const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

const OTHER: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

fn key(secret: &str) -> Key {
    secret.parse().unwrap()
}

fn headers<'a>(timestamp: &'a str, signature: &'a str) -> Headers<'a> {
    Headers {
        id: ID,
        timestamp,
        signature,
    }
}

fn kind(verified: Result<Verified, enact_signal_bus::dispatch::webhook::Refusal>) -> RefusalKind {
    verified.unwrap_err().kind()
}

#[test]
fn the_published_vector_is_signed_and_verified() {
    assert_eq!(Signer::new(key(SECRET)).sign(ID, AT, BODY), SIGNATURE);
    let bare = SECRET.trim_start_matches("whsec_");
    assert_eq!(Signer::new(key(bare)).sign(ID, AT, BODY), SIGNATURE);
    let verifier = Verifier::new([key(SECRET)]);
    let given = headers("1614265330", SIGNATURE);
    assert_eq!(verifier.verify_at(&given, BODY, AT).unwrap().id(), ID);
}

#[test]
fn any_change_is_noticed() {
    let verifier = Verifier::new([key(SECRET)]);
    let verify = |given: Headers<'_>, body: &[u8]| verifier.verify_at(&given, body, AT);
    let good = headers("1614265330", SIGNATURE);
    let other_id = Headers {
        id: "msg_2",
        ..good
    };
    let cases = [
        verify(good, br#"{"test": 2432232315}"#),
        verify(headers("1614265331", SIGNATURE), BODY),
        verify(other_id, BODY),
        verify(headers("1614265330", &SIGNATURE[3..]), BODY),
        verify(
            headers("1614265330", &SIGNATURE.replace("v1,", "v2,")),
            BODY,
        ),
        verify(headers("1614265330", "v1,"), BODY),
        verify(headers("1614265330", ""), BODY),
        verify(headers("1614265330", &SIGNATURE.replace('g', "h")), BODY),
    ];
    for (at, case) in cases.into_iter().enumerate() {
        assert_eq!(kind(case), RefusalKind::Signature, "case {at}");
    }
    let foreign = Verifier::new([key(OTHER)]);
    assert_eq!(
        kind(foreign.verify_at(&good, BODY, AT)),
        RefusalKind::Signature
    );
}

#[test]
fn malformed_headers_are_refused_as_such() {
    let verifier = Verifier::new([key(SECRET)]);
    for timestamp in [
        "",
        "soon",
        "+1614265330",
        "-1",
        "1614265330.0",
        "99999999999999999999",
    ] {
        let refused = verifier.verify_at(&headers(timestamp, SIGNATURE), BODY, AT);
        assert_eq!(kind(refused), RefusalKind::Malformed, "{timestamp:?}");
    }
    for id in [String::new(), "x".repeat(300)] {
        let given = Headers {
            id: &id,
            ..headers("1614265330", SIGNATURE)
        };
        let refused = verifier.verify_at(&given, BODY, AT);
        assert_eq!(kind(refused), RefusalKind::Malformed);
    }
}

#[test]
fn timestamps_pass_within_the_tolerance_both_ways() {
    for (now, passes) in [(300, true), (301, false), (-300, true), (-301, false)] {
        let verifier = Verifier::new([key(SECRET)]);
        let given = headers("1614265330", SIGNATURE);
        let verified = verifier.verify_at(&given, BODY, AT + now);
        assert_eq!(verified.is_ok(), passes, "{now}");
    }
    let strict = Verifier::new([key(SECRET)]).tolerance(1);
    let given = headers("1614265330", SIGNATURE);
    assert_eq!(
        kind(strict.verify_at(&given, BODY, AT + 2)),
        RefusalKind::Time
    );
}

#[test]
fn a_replay_is_refused_for_as_long_as_its_timestamp_passes() {
    // From a clock that is ahead as far as may be, for as long as may be.
    let verifier = Verifier::new([key(SECRET)]).remember(1);
    let given = headers("1614265330", SIGNATURE);
    let first = verifier.verify_at(&given, BODY, AT - 300).unwrap();
    verifier.handled(&first);
    for now in [AT - 300, AT, AT + 300] {
        let refused = verifier.verify_at(&given, BODY, now);
        assert_eq!(kind(refused), RefusalKind::Repeated);
    }
    assert_eq!(RefusalKind::Repeated.status(), 200);

    // There is no room for another until it is over.
    let late = (AT + 300).to_string();
    let signature = Signer::new(key(SECRET)).sign("msg_2", AT + 300, BODY);
    let second = Headers {
        id: "msg_2",
        timestamp: &late,
        signature: &signature,
    };
    assert_eq!(
        kind(verifier.verify_at(&second, BODY, AT + 300)),
        RefusalKind::Full
    );
    assert!(verifier.verify_at(&second, BODY, AT + 301).is_ok());
    verifier.forget(&first);
}

#[test]
fn one_that_comes_again_while_it_is_handled_is_to_come_later() {
    let verifier = Verifier::new([key(SECRET)]);
    let given = headers("1614265330", SIGNATURE);
    let first = verifier.verify_at(&given, BODY, AT).unwrap();
    let again = || kind(verifier.verify_at(&given, BODY, AT));
    assert_eq!(again(), RefusalKind::Pending);
    assert_eq!(RefusalKind::Pending.status(), 503);
    verifier.handled(&first);
    assert_eq!(again(), RefusalKind::Repeated);
}

#[test]
fn an_id_that_might_end_elsewhere_is_refused() {
    // What was signed is `a.1.2.3`, wherever the id ends in that.
    let signature = Signer::new(key(SECRET)).sign("a", 1, b"2.3");
    let given = Headers {
        id: "a.1",
        timestamp: "2",
        signature: &signature,
    };
    let refused = Verifier::new([key(SECRET)]).verify_at(&given, b"3", 2);
    assert_eq!(kind(refused), RefusalKind::Malformed);
}

#[test]
fn one_that_could_not_be_handled_is_taken_again() {
    let verifier = Verifier::new([key(SECRET)]);
    let given = headers("1614265330", SIGNATURE);
    let first = verifier.verify_at(&given, BODY, AT).unwrap();
    verifier.forget(&first);
    assert!(verifier.verify_at(&given, BODY, AT).is_ok());
}

#[test]
fn while_keys_are_rotated_either_side_may_be_first() {
    let both = Signer::new(key(OTHER)).and(key(SECRET)).sign(ID, AT, BODY);
    assert_eq!(both.split(' ').count(), 2);
    for known in [SECRET, OTHER] {
        let verifier = Verifier::new([key(known)]);
        assert!(
            verifier
                .verify_at(&headers("1614265330", &both), BODY, AT)
                .is_ok()
        );
    }
    let verifier = Verifier::new([key(OTHER), key(SECRET)]);
    assert!(
        verifier
            .verify_at(&headers("1614265330", SIGNATURE), BODY, AT)
            .is_ok()
    );
}

fn verify(verifier: &Verifier, got: &Got) -> Result<Verified, RefusalKind> {
    let given = Headers {
        id: got.header("webhook-id"),
        timestamp: got.header("webhook-timestamp"),
        signature: got.header("webhook-signature"),
    };
    let verified = verifier.verify(&given, &got.body);
    verified.map_err(|refusal| refusal.kind())
}

#[tokio::test]
async fn a_webhook_is_delivered_again_under_the_same_id_until_it_is_handled() {
    let verifier = Verifier::new([key(SECRET)]);
    let tries = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&tries);
    let receiver = Receiver::answering(move |got| match verify(&verifier, got) {
        Ok(verified) if counted.fetch_add(1, Ordering::Relaxed) == 0 => {
            verifier.forget(&verified);
            empty(500)
        }
        Ok(verified) => {
            verifier.handled(&verified);
            empty(200)
        }
        Err(kind) => empty(kind.status()),
    });
    let receiver = receiver.await;
    let signer = Signer::new(key(SECRET));
    let target = Webhook::new("partner", &receiver.url(), signer, here()).unwrap();
    let target = target.retrying(Backoff::default());
    target.check().await.unwrap();
    target.deliver(&signal("1")).await.unwrap();
    // The receiver knows it, and says so with a success.
    target.deliver(&signal("1")).await.unwrap();
    assert_eq!(tries.load(Ordering::Relaxed), 2);

    let got = receiver.got();
    assert_eq!(got.len(), 3);
    for one in &got {
        assert_eq!(one.header("webhook-id"), message_id(&signal("1")));
        let read = json::read(&one.body, &Limits::default()).unwrap();
        assert_eq!(read, signal("1"));
    }
}

#[tokio::test]
async fn a_receiver_with_another_key_refuses_and_that_is_the_end() {
    let verifier = Verifier::new([key(OTHER)]);
    let receiver = Receiver::answering(move |got| match verify(&verifier, got) {
        Ok(verified) => {
            verifier.handled(&verified);
            empty(200)
        }
        Err(kind) => empty(kind.status()),
    });
    let receiver = receiver.await;
    let signer = Signer::new(key(SECRET));
    let target = Webhook::new("partner", &receiver.url(), signer, here()).unwrap();
    let error = target
        .retrying(Backoff::default())
        .deliver(&signal("1"))
        .await;
    let error = error.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (Kind::Refused, 1));
}
