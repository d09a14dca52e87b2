//! What routing costs, in steps: looks at nodes and at patterns, which nothing can blow up.

use enact_signal_bus::{Buffer, Router, priority};
use enact_signal_core::SignalType;

use super::{check_plain, pattern, ty};

fn steps(router: &Router<(), SignalType>, name: &str) -> (usize, usize) {
    let mut buffer = Buffer::new();
    let found = router.route(&ty(name), &mut buffer).len();
    (buffer.__steps(), found)
}

#[test]
fn steps_do_not_grow_with_the_routes_that_do_not_match() {
    let mut router = Router::new();
    let mut measured = Vec::new();
    for number in 0..100_000 {
        let text = format!("shop.t{number}");
        for end in ["order.created", "*.created", "**"] {
            router.on(pattern(&format!("{text}.{end}")), priority(0), ());
        }
        // Those that begin as the type does, but for what is not in it.
        router.on(pattern(&format!("**.x{number}")), priority(0), ());
        if [9, 999, 99_999].contains(&number) {
            measured.push(steps(&router, "shop.t7.order.created"));
        }
    }
    let [(first, 3), (second, 3), (third, 3)] = measured[..] else {
        panic!("three matches each: {measured:?}");
    };
    assert_eq!((second, third), (first, first), "{measured:?}");
    assert!(first < 30, "{measured:?}");
}

/// The pattern on which backtracking takes cubic time, among others that begin like it.
#[test]
fn steps_are_at_most_a_few_for_each_node_and_segment() {
    let mut router = Router::new();
    for end in ["b", "c", "d", "e", "f", "g", "h"] {
        router.on(
            pattern(&format!("**.a.**.a.**.a.**.{end}")),
            priority(0),
            (),
        );
    }
    let mut measured = Vec::new();
    for length in [15, 30, 60, 120] {
        let (steps, found) = steps(&router, &vec!["a"; length].join("."));
        assert_eq!(found, 0);
        measured.push((length, steps));
    }
    for (length, steps) in measured {
        // Nine nodes on the common path, and their children by one segment each.
        assert!(
            steps <= 9 * length + 20,
            "{steps} steps for {length} segments"
        );
    }
}

#[test]
fn names_with_nothing_but_stars_take_a_step_for_each_prefix() {
    let mut router = Router::new();
    for stars in 1..=50 {
        let text = vec!["**.*"; stars].join(".");
        router.on(pattern(&text), priority(0), ());
        router.on(pattern(&format!("{text}.z")), priority(0), ());
    }
    let (steps, found) = steps(&router, &vec!["a"; 127].join("."));
    assert_eq!(found, 50);
    // 100 nodes, each of which has a leaf or two below.
    assert!(steps < 500, "{steps} steps");
}

#[test]
fn long_types_are_routed() {
    let middle: Vec<_> = (1..49).map(|number| number.to_string()).collect();
    check_plain(
        &[("a.**.z", "h")],
        &format!("a.{}.z", middle.join(".")),
        &["h"],
    );
    let middle = vec!["m"; 98].join(".");
    check_plain(
        &[("start.**.end", "h")],
        &format!("start.{middle}.end"),
        &["h"],
    );
    let most = vec!["a"; 127].join(".");
    let pattern = vec!["*"; 127].join(".");
    check_plain(
        &[("**", "all"), (&pattern, "most"), (&most, "it")],
        &most,
        &["it", "most", "all"],
    );
    check_plain(
        &[("**.a.**.a.**.a.**.b", "h")],
        &vec!["a"; 120].join("."),
        &[],
    );
}

#[test]
fn a_thousand_siblings_are_one_match() {
    let mut router = Router::new();
    for number in 1..=1000 {
        router.on(pattern(&format!("parent.{number}")), priority(0), ());
    }
    let (steps, found) = steps(&router, "parent.500");
    assert_eq!(found, 1);
    assert!(steps < 12, "{steps} steps");
}
