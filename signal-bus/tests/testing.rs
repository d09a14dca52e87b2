//! The testing kit: what it remembers, and what its assertions say.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use enact_signal_bus::testing::{REMEMBERED, TestBus, assert_not_published, assert_published};
use enact_signal_bus::{Bus, Delivery};
use enact_signal_core::{Compose, Envelope, Pattern, Signal};

#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct Paid {
    cents: u64,
}

impl Signal for Paid {
    const TYPE: &'static str = "order.paid";
}

/// What an assertion that fails says.
#[track_caller]
fn said(assertion: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(assertion)).expect_err("it fails");
    let words = panic.downcast::<String>().expect("it says something");
    *words
}

#[tokio::test(start_paused = true)]
async fn a_failed_assertion_lists_what_was_published() {
    let bus = TestBus::new();
    let what = said(|| assert_published!(bus, Paid { .. }));
    assert_eq!(
        what,
        "`Paid { .. }` was not published; published was:\n  nothing"
    );
    for (subject, cents) in [("1", 10), ("2", 20)] {
        let paid = Paid { cents }.subject(subject);
        bus.publish(paid).await.expect("there is room");
    }
    assert_published!(bus, Paid { cents } if *cents > 10);
    assert_not_published!(bus, Paid { cents: 0..10 });
    let list = "published was:\n  1. order.paid of \"1\" {\"cents\":10}\n  2. order.paid of \"2\" {\"cents\":20}";
    let what = said(|| assert_published!(bus, Paid { cents } if *cents > 20));
    assert_eq!(
        what,
        format!("`Paid {{ cents }} if *cents > 20` was not published; {list}")
    );
    let what = said(|| assert_not_published!(bus, Paid { cents: 20 }));
    assert_eq!(
        what,
        format!("`Paid {{ cents: 20 }}` was published; {list}")
    );
    bus.forget();
    assert_not_published!(bus, Paid { .. });
}

#[tokio::test(start_paused = true)]
async fn it_has_settled_when_handlers_have_handled_what_handlers_have_published() {
    let bus = TestBus::of(Bus::builder().dedupe(100, Duration::from_secs(1)));
    let again = bus.bus();
    let pattern = Pattern::new("order.*").expect("it is one");
    let halves = bus.subscribe(pattern).handle(move |delivery: Delivery| {
        let bus = again.clone();
        async move {
            tokio::time::sleep(Duration::from_hours(1)).await;
            let paid: Paid = delivery.open().expect("it is paid");
            if paid.cents > 1 {
                let half = Paid {
                    cents: paid.cents / 2,
                };
                bus.publish(half.caused_by(&delivery))
                    .await
                    .expect("there is room");
            }
        }
    });
    bus.publish(Paid { cents: 1000 })
        .await
        .expect("there is room");
    bus.settled().await;
    let cents: Vec<_> = bus
        .published_as::<Paid>()
        .iter()
        .map(|paid| paid.cents)
        .collect();
    assert_eq!(cents, [1000, 500, 250, 125, 62, 31, 15, 7, 3, 1]);
    assert_eq!(halves.figures().handled, 10);
    let causes = bus.published();
    assert_eq!(causes[9].causes(), [causes[8].id()]);
}

/// A handler subscribes another, which nobody knows of before, and gives it work.
#[tokio::test(start_paused = true)]
async fn it_has_settled_when_handlers_of_handlers_are_done_too() {
    let bus = TestBus::new();
    let again = bus.bus();
    let pattern = |text| Pattern::new(text).expect("it is one");
    let begins = bus.subscribe(pattern("begin")).handle(move |_| {
        let (bus, ends) = (again.clone(), again.clone());
        async move {
            let late = bus.subscribe(pattern("late")).handle(move |_| {
                let bus = ends.clone();
                async move {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    bus.publish(Paid { cents: 1 }).await.expect("there is room");
                }
            });
            late.detach();
            let late = Envelope::builder("late", "/tests");
            bus.publish(late).await.expect("there is room");
        }
    });
    let begin = Envelope::builder("begin", "/tests");
    bus.publish(begin).await.expect("there is room");
    bus.settled().await;
    assert_published!(bus, Paid { cents: 1 });
    assert_eq!(begins.figures().handled, 1);
}

#[tokio::test(start_paused = true)]
async fn it_does_not_say_of_what_it_can_not_read_that_it_was_not_published() {
    let bus = TestBus::new();
    let data = serde_json::json!({ "cents": "ten" });
    let unread = Envelope::builder("order.paid", "/tests").json(&data);
    bus.publish(unread).await.expect("there is room");
    let what = said(|| assert_not_published!(bus, Paid { cents: 10 }));
    assert!(
        what.starts_with("`Paid { cents: 10 }` may have been published: 1. can't be read: "),
        "{what}"
    );
    assert!(what.contains("1. order.paid {\"cents\":\"ten\"}"), "{what}");
    let what = said(|| assert_published!(bus, Paid { cents: 10 }));
    assert!(what.contains("` was not published"), "{what}");
}

#[tokio::test(start_paused = true)]
async fn it_does_not_say_of_what_it_has_forgotten_that_it_was_not_published() {
    let bus = TestBus::new();
    bus.publish(Paid { cents: 1 }).await.expect("there is room");
    let all = (0..REMEMBERED).map(|_| Envelope::builder("other", "/tests"));
    bus.publish_all(all).await.expect("there is room");
    assert_eq!(bus.published().len(), REMEMBERED);
    let what = said(|| assert_not_published!(bus, Paid { cents: 1 }));
    assert!(what.contains("not all are remembered"), "{}", &what[..200]);
    assert!(what.contains("\n  1 that are forgotten\n  2. other"));
    bus.forget();
    assert_not_published!(bus, Paid { .. });
}
