//! Predicates: asked when a signal is routed, in the order of the routes, harming nobody.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use enact_signal_bus::{Buffer, Router, Why, priority};
use enact_signal_core::{Data, Envelope, Seal, Signal};

use super::{Names, handlers, pattern, ty};

#[test]
fn predicates_change_who_matches_and_not_the_order() {
    let mut names = Names::new();
    names
        .on(pattern("t"), priority(-100), "plain")
        .on(pattern("t"), priority(100), "picky")
        .when(|_| true);
    assert_eq!(handlers(&names, "t"), ["picky", "plain"]);
    let mut names = Names::new();
    for (number, handler) in [(-10, "-10"), (10, "10"), (0, "0"), (0, "0 again")] {
        names
            .on(pattern("t"), priority(number), handler)
            .when(|_| true);
    }
    assert_eq!(handlers(&names, "t"), ["10", "0", "0 again", "-10"]);
}

#[test]
fn a_route_whose_predicate_says_no_is_no_match() {
    let mut names = Names::new();
    names
        .on(pattern("t"), priority(0), "never")
        .when(|_| false)
        .on(pattern("t"), priority(0), "always");
    assert_eq!(handlers(&names, "t"), ["always"]);
}

#[test]
fn predicates_are_asked_when_a_signal_is_routed_and_at_no_other_time() {
    let asked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked);
    let mut names = Names::new();
    let id = names
        .on(pattern("t"), priority(0), "h")
        .when(move |_| count.fetch_add(1, Ordering::Relaxed) == 0)
        .id();
    let mut merged = Names::new();
    merged.merge(&names);
    names.explain(&ty("t"));
    names.route_type(&ty("t"), &mut Buffer::new());
    assert!(names.has_match(&ty("t")) && names.get(id).is_some());
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    assert_eq!(handlers(&names, "t"), ["h"]);
    assert_eq!(asked.load(Ordering::Relaxed), 1);
    assert!(handlers(&names, "other").is_empty());
    assert_eq!(asked.load(Ordering::Relaxed), 1);
}

#[test]
fn a_predicate_that_panics_is_told_of_and_harms_no_other_route() {
    let mut names = Names::new();
    let id = names
        .on(pattern("t"), priority(5), "panics")
        .when(|ty| ty.as_str().parse::<u32>().expect("no number") == 0)
        .id();
    names.on(pattern("t"), priority(0), "goes on");
    let mut buffer = Buffer::new();
    let matches = names.route(&ty("t"), &mut buffer);
    assert!(matches.iter().map(|found| *found.handler()).eq(["goes on"]));
    let [failure] = matches.failures() else {
        panic!("one failure: {matches:?}");
    };
    assert_eq!(
        (failure.route(), failure.code()),
        (id, "router.predicate_panicked")
    );
    assert!(
        failure.to_string().contains("`t`): it panicked: no number"),
        "{failure}"
    );
    // The failure is of that signal: the next answer does not have it.
    assert!(names.route(&ty("u"), &mut buffer).failures().is_empty());
    let explanation = names.explain_event(&ty("t"));
    assert!(matches!(explanation.others()[0].why(), Why::Failed(words) if words.contains("panic")));
}

#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct OrderCreated {
    total: u64,
}

impl Signal for OrderCreated {
    const TYPE: &'static str = "order.created";
}

#[test]
fn typed_predicates_see_the_signal() {
    let limit = 1000;
    let mut router: Router<&str> = Router::new();
    router
        .on(pattern("order.**"), priority(90), "audit")
        .on_signal::<OrderCreated>("ship")
        .when(move |order| order.total > limit);
    let mut buffer = Buffer::new();
    let mut found = |total| -> Vec<_> {
        let envelope = OrderCreated { total }.seal().expect("it is well");
        let matches = router.route(&envelope, &mut buffer);
        assert!(matches.failures().is_empty(), "{matches:?}");
        matches.iter().map(|found| *found.handler()).collect()
    };
    assert_eq!(found(1000), ["audit"]);
    assert_eq!(found(1001), ["audit", "ship"]);
}

#[test]
fn a_signal_that_is_not_what_its_type_says_is_told_of() {
    let mut router: Router<&str> = Router::new();
    router
        .on_signal::<OrderCreated>("ship")
        .when(|order| order.total > 0)
        .on(pattern("order.**"), priority(0), "audit");
    let data = Data::json(&serde_json::json!({ "total": "much" }));
    let envelope = Envelope::builder("order.created", "/orders")
        .data(data)
        .build();
    let mut buffer = Buffer::new();
    let matches = router.route(&envelope.expect("it is well"), &mut buffer);
    assert!(matches.iter().map(|found| *found.handler()).eq(["audit"]));
    assert_eq!(matches.failures()[0].code(), "router.signal_unread");
    assert!(std::error::Error::source(&matches.failures()[0]).is_some());
}
