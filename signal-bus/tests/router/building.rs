//! Adding, taking out, merging and looking at routes.

use enact_signal_bus::{Priority, priority};

use super::{Names, handlers, pattern, router};

#[test]
fn priorities_go_from_minus_100_to_100() {
    assert_eq!(Priority::new(100), Ok(Priority::HIGHEST));
    assert_eq!(Priority::new(-100), Ok(Priority::LOWEST));
    for number in [101, -101, i64::MAX, i64::MIN] {
        let error = Priority::new(number).expect_err("it is out of range");
        assert_eq!(error.code(), "router.priority_out_of_range");
        assert!(error.to_string().contains("from -100 to 100"), "{error}");
    }
}

#[test]
fn one_pattern_may_have_many_routes() {
    let names = router(&[("t", 0, "A"), ("t", 0, "B")]);
    assert_eq!((names.len(), handlers(&names, "t")), (2, vec!["A", "B"]));
}

#[test]
fn a_chain_adds_routes_and_says_more_of_each() {
    let mut names = Names::new();
    names
        .on(pattern("order.**"), priority(0), "late")
        .at(priority(-5))
        .on(pattern("order.*"), priority(0), "never")
        .when(|_| false)
        .on(pattern("order.*"), priority(0), "twice")
        .when(|ty| ty.as_str().starts_with("order"))
        .when(|ty| ty.as_str().ends_with("paid"));
    assert_eq!(handlers(&names, "order.paid"), ["twice", "late"]);
    assert_eq!(handlers(&names, "order.created"), ["late"]);
}

#[test]
fn taking_out_a_pattern_takes_out_that_one_alone() {
    let mut names = router(&[
        ("user", 0, "u"),
        ("user.created", 0, "uc"),
        ("user.*", 0, "us"),
    ]);
    assert_eq!(names.remove_pattern(&pattern("user")), 1);
    assert_eq!(names.remove_pattern(&pattern("user")), 0);
    assert_eq!(handlers(&names, "user.created"), ["uc", "us"]);
    assert_eq!(names.remove_pattern(&pattern("other.**")), 0);
}

#[test]
fn routes_with_predicates_are_listed_like_any() {
    let mut names = Names::new();
    names
        .on(pattern("a.b"), priority(0), "x")
        .on(pattern("a.b"), priority(0), "y")
        .when(|_| true)
        .on(pattern("a.*"), priority(0), "z");
    let listed: Vec<_> = names.routes().map(|(_, route)| *route.handler()).collect();
    assert_eq!(listed, ["x", "y", "z"]);
    assert_eq!((names.remove_pattern(&pattern("a.b")), names.len()), (2, 1));
}

#[test]
fn any_route_of_a_pattern_can_be_taken_out() {
    for victim in 0..4 {
        let mut names = Names::new();
        let add = |handler| names.on(pattern("t"), priority(0), handler).id();
        let ids = ["A", "B", "C", "D"].map(add);
        assert!(names.remove(ids[victim]).is_some() && names.remove(ids[victim]).is_none());
        let mut left = vec!["A", "B", "C", "D"];
        left.remove(victim);
        assert_eq!(handlers(&names, "t"), left);
        // The slot is used again, and the old id is not that of the new route.
        names.on(pattern("t"), priority(0), "E");
        assert!(names.remove(ids[victim]).is_none());
        assert_eq!(handlers(&names, "t").last(), Some(&"E"));
    }
}

#[test]
fn the_last_route_can_be_taken_out() {
    let mut names = Names::new();
    let id = names.on(pattern("a.b"), priority(0), "h").id();
    assert_eq!(names.remove(id).map(|route| *route.handler()), Some("h"));
    assert!(names.is_empty() && handlers(&names, "a.b").is_empty());
}

#[test]
fn clones_go_their_own_ways() {
    let mut names = router(&[("a.*", 0, "star")]);
    let before = names.clone();
    names.on(pattern("a.b"), priority(0), "exact");
    assert_eq!(handlers(&names, "a.b"), ["exact", "star"]);
    assert_eq!(handlers(&before, "a.b"), ["star"]);
}

#[test]
fn merged_routes_come_after_in_their_own_order() {
    let mut names = router(&[("t", 0, "A")]);
    names.merge(&router(&[("t", 0, "B"), ("t", 5, "C"), ("t", 0, "D")]));
    assert_eq!(handlers(&names, "t"), ["C", "A", "B", "D"]);
}
