//! The router from outside: what goes where, in which order, and at which cost.

mod allocations;
mod building;
mod explaining;
mod hostile;
mod oracle;
mod ordering;
mod predicates;
mod sharing;

use enact_signal_bus::{Buffer, Priority, Router, priority};
use enact_signal_core::{Pattern, SignalType};

type Names = Router<&'static str, SignalType>;

fn pattern(text: &str) -> Pattern {
    Pattern::new(text).expect("the pattern of a test is one")
}

fn ty(text: &str) -> SignalType {
    SignalType::new(text).expect("the type of a test is one")
}

/// A router with those patterns, priorities and handlers.
fn router(routes: &[(&str, i64, &'static str)]) -> Names {
    let mut router = Names::new();
    for (text, number, handler) in routes {
        router.on(pattern(text), priority(*number), *handler);
    }
    router
}

/// The handlers that a type goes to.
fn handlers(router: &Names, text: &str) -> Vec<&'static str> {
    let mut buffer = Buffer::new();
    let matches = router.route(&ty(text), &mut buffer);
    assert!(matches.failures().is_empty(), "{matches:?}");
    matches.iter().map(|found| *found.handler()).collect()
}

#[track_caller]
fn check(routes: &[(&str, i64, &'static str)], text: &str, expected: &[&str]) {
    assert_eq!(handlers(&router(routes), text), expected, "{text}");
}

/// The same, all of the default priority.
#[track_caller]
fn check_plain(routes: &[(&str, &'static str)], text: &str, expected: &[&str]) {
    let number = i64::from(Priority::default().number());
    let routes: Vec<_> = routes
        .iter()
        .map(|(text, name)| (*text, number, *name))
        .collect();
    check(&routes, text, expected);
}
