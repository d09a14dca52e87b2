//! The order of handlers: priority, then specificity, then registration.

use super::{check, check_plain};

#[test]
fn equals_come_as_they_were_added() {
    for count in 1..=5 {
        let routes = [("t", "A"), ("t", "B"), ("t", "C"), ("t", "D"), ("t", "E")];
        check_plain(&routes[..count], "t", &["A", "B", "C", "D", "E"][..count]);
    }
}

#[test]
fn the_higher_priority_comes_first() {
    let routes = [("t", -5, "low"), ("t", 5, "high"), ("t", 0, "mid")];
    check(&routes, "t", &["high", "mid", "low"]);
    check(
        &[("t", -100, "lowest"), ("t", 100, "highest")],
        "t",
        &["highest", "lowest"],
    );
}

#[test]
fn priority_decides_before_specificity() {
    check(
        &[("a.*", 100, "star"), ("a.b", -100, "exact")],
        "a.b",
        &["star", "exact"],
    );
    let routes = [
        ("user.**.created", 0, "wide"),
        ("user.123.created", 100, "exact"),
    ];
    check(&routes, "user.123.created", &["exact", "wide"]);
    let routes = [
        ("**.created", 0, "g"),
        ("user.**.created", 50, "u"),
        ("user.123.created", 100, "s"),
    ];
    check(&routes, "user.123.created", &["s", "u", "g"]);
}

#[test]
fn the_narrower_pattern_comes_first() {
    check_plain(&[("a.**", "many"), ("a.*", "one")], "a.b", &["one", "many"]);
    check_plain(
        &[("*.b", "left"), ("a.*", "right")],
        "a.b",
        &["right", "left"],
    );
    let routes = [("a.*.c", "m"), ("a.b.*", "e"), ("*.b.c", "f")];
    check_plain(&routes, "a.b.c", &["e", "m", "f"]);
    let routes = [("a.**", "many"), ("a", "exact")];
    check_plain(&routes, "a", &["exact", "many"]);
    check_plain(&[("**", "all"), ("**.a", "a")], "a", &["a", "all"]);
}

#[test]
fn segments_are_compared_from_the_left() {
    let routes = [
        ("**.c", "x"),
        ("a.**", "y"),
        ("a.**.c", "z"),
        ("**", "w"),
        ("*.*.*", "v"),
    ];
    check_plain(&routes, "a.b.c", &["z", "y", "v", "x", "w"]);
    let routes = [
        ("**", "all"),
        ("*.*.created", "1"),
        ("user.**", "2"),
        ("user.*.created", "3"),
        ("user.123.created", "4"),
    ];
    check_plain(&routes, "user.123.created", &["4", "3", "2", "1", "all"]);
    let routes = [
        ("a.**.e", "ds"),
        ("a.b.**", "ab"),
        ("a.b.*.*.e", "st"),
        ("a.b.c.d.*", "late"),
    ];
    check_plain(&routes, "a.b.c.d.e", &["late", "st", "ab", "ds"]);
}

/// More segments than fit into the number that most comparisons are made of.
#[test]
fn long_patterns_are_compared_to_their_end() {
    let beginning = "a.".repeat(60);
    let routes = ["**", "*", "b"].map(|end| format!("{beginning}{end}"));
    let routes = [
        (&*routes[0], "many"),
        (&*routes[1], "one"),
        (&*routes[2], "exact"),
    ];
    check_plain(&routes, &format!("{beginning}b"), &["exact", "one", "many"]);
}

#[test]
fn a_pattern_stands_for_whole_types() {
    check_plain(
        &[("user", "u"), ("user.created", "uc")],
        "user.created",
        &["uc"],
    );
    check_plain(
        &[("user.*", "us"), ("user.*.x", "usx")],
        "user.a.x",
        &["usx"],
    );
    check_plain(&[("user.created", "uc"), ("use", "u")], "user", &[]);
}

#[test]
fn every_route_comes_once() {
    check_plain(&[("**.b", "h")], "b.b", &["h"]);
    check_plain(&[("a.**.b", "h")], "a.b.b.b", &["h"]);
    check_plain(&[("a.**.m.**.z", "h")], "a.m.m.z.z", &["h"]);
    check_plain(
        &[("a.*", "1"), ("a.**", "2"), ("**", "3")],
        "a.b",
        &["1", "2", "3"],
    );
}

#[test]
fn two_stars_stand_for_no_segment_too() {
    check_plain(&[("a.**", "h")], "a", &["h"]);
    check_plain(&[("a.**.b", "h")], "a.b", &["h"]);
    check_plain(&[("**.b", "h")], "b", &["h"]);
    check_plain(&[("a.**.b.**", "h")], "a.b", &["h"]);
    check_plain(&[("*.**", "h")], "a", &["h"]);
    check_plain(&[("*.**.*", "h")], "a", &[]);
}

#[test]
fn no_route_is_no_error() {
    check_plain(&[("user.created", "h")], "user", &[]);
    check_plain(&[], "user", &[]);
}
