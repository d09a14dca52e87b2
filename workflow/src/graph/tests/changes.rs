//! What is said of a graph that is not what is remembered.

use std::borrow::Cow;

use expect_test::{Expect, expect};
use serde_json::json;

use super::sample::{bare, everything, running};
use crate::Graph;
use crate::graph::Outline;
use crate::graph::change::longest_rise;

/// Checks what is said of a graph beside the one that is remembered.
#[track_caller]
fn check(former: &Graph, now: &Graph, expected: &Expect) {
    let kept = serde_json::to_string(&former.outline()).unwrap();
    let kept: Outline = serde_json::from_str(&kept).unwrap();
    let changes = kept.changes(&now.outline());
    let words: Vec<String> = changes.iter().map(ToString::to_string).collect();
    expected.assert_eq(&words.join("\n"));
}

fn changed(change: impl FnOnce(&mut Graph)) -> Graph {
    let mut graph = everything();
    change(&mut graph);
    graph
}

#[test]
fn what_is_remembered_outlives_being_written_down() {
    let outline = everything().outline();
    let json = serde_json::to_value(&outline).unwrap();
    assert_eq!(json["fingerprint"], everything().json()["fingerprint"]);
    let read: Outline = serde_json::from_value(json).unwrap();
    assert_eq!(read, outline);
    assert_eq!((read.name(), read.version()), ("everything", 1));
}

#[test]
fn neither_name_nor_version_nor_place_is_a_change() {
    let other = changed(|graph| {
        graph.name = Cow::Borrowed("other");
        graph.version = 2;
        graph.place = None;
        graph.nodes.to_mut()[3].line = 99;
    });
    check(&everything(), &other, &expect![""]);
}

#[test]
fn what_is_added_removed_moved_and_changed_is_named() {
    let now = changed(|graph| {
        graph.saga = false;
        let nodes = graph.nodes.to_mut();
        nodes[3].path = Cow::Borrowed("price");
        nodes[7].code += 1;
        nodes[9].parent = Some((10, 0));
    });
    check(
        &everything(),
        &now,
        &expect![[r#"
            the workflow: it is no longer a saga
            `price` was added
            `quote` was removed
            `total/price`: `reads` was ["quote"], is ["price"]
            `charge`: an expression was changed
            `labels[]/label` was moved"#]],
    );
}

#[test]
fn a_step_is_named_whose_workflow_was_changed() {
    static FIRST: Graph = bare(1, 7);
    static SECOND: Graph = bare(2, 7);
    static CHANGED: Graph = bare(1, 8);
    let with = |inner| changed(|graph| running(&mut graph.nodes.to_mut()[7], inner));
    let (none, first) = (with(None), with(Some(&FIRST)));
    check(&first, &first, &expect![""]);
    check(
        &first,
        &with(Some(&CHANGED)),
        &expect!["`charge`: the workflow it runs was changed"],
    );
    check(
        &first,
        &with(Some(&SECOND)),
        &expect!["`charge`: `version` was 1, is 2"],
    );
    check(
        &none,
        &first,
        &expect!["`charge`: `version` was not there, is 1; the workflow it runs was changed"],
    );
    check(
        &first,
        &none,
        &expect!["`charge`: `version` was 1, is not there; the workflow it runs was changed"],
    );
}

#[test]
fn a_fingerprint_that_nothing_explains_is_a_change() {
    let outline = everything().outline();
    let mut json = serde_json::to_value(&outline).unwrap();
    json["fingerprint"] = json!("0000000000000000");
    let other: Outline = serde_json::from_value(json).unwrap();
    let changes = other.changes(&outline);
    assert_eq!(changes.len(), 1);
    expect!["the workflow: its fingerprint alone: the record was changed by hand, or written by another version of Enact"]
        .assert_eq(&changes[0].to_string());
}

#[test]
fn what_is_no_outline_is_refused() {
    let mut json = serde_json::to_value(everything().outline()).unwrap();
    json["nodes"][0] = json!("valid");
    assert!(serde_json::from_value::<Outline>(json).is_err());
}

#[test]
fn moved_numbers_are_those_outside_of_the_longest_rise() {
    assert_eq!(longest_rise(&[3, 0, 1, 2]), [0, 1, 2]);
    assert_eq!(longest_rise(&[0, 5, 1, 2, 9]), [0, 1, 2, 9]);
    assert!(longest_rise(&[]).is_empty());
}
