//! The lock file in a folder of its own.

use std::borrow::Cow;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use enact_action_core::prelude::*;
use expect_test::{Expect, expect, expect_file};

use super::*;
use crate::NodeKind;
use crate::graph::tests::sample::{CHARGE, CHECK, everything, graph, step};

/// A lock file in a folder that goes with it.
struct Temp(PathBuf);

impl Temp {
    fn new(test: &str) -> Self {
        let name = format!("enact-lock-{}-{test}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn path(&self) -> PathBuf {
        self.0.join("enact.lock")
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).unwrap()
    }

    /// What is said when these graphs are compared with the file.
    fn said(&self, graphs: &[&Graph]) -> String {
        let told = check_lock(self.path(), graphs.iter().copied());
        let text = told.map_or_else(
            |error| format!("[{}] {error}", error.code()),
            |()| "ok".into(),
        );
        text.replace(self.0.to_str().unwrap(), "…")
    }
}

impl Drop for Temp {
    fn drop(&mut self) {
        // What can't be removed now is in the system's folder for such.
        drop(fs::remove_dir_all(&self.0));
    }
}

/// Checks what is said of a graph that was changed while its version stayed.
#[track_caller]
fn check_change(test: &str, change: impl FnOnce(&mut Graph), expected: &Expect) {
    let temp = Temp::new(test);
    let mut graph = everything();
    Lock::of([&graph]).update(temp.path()).unwrap();
    change(&mut graph);
    expected.assert_eq(&temp.said(&[&graph]));
}

#[test]
fn a_missing_file_is_told_with_how_to_make_it() {
    let temp = Temp::new("missing");
    expect!["[lock.missing] there is no lock file …/enact.lock; write it with `ENACT_LOCK=update cargo test` and check it in"].assert_eq(&temp.said(&[&everything()]));
}

#[test]
fn a_file_has_one_node_a_line_and_workflows_in_order() {
    let temp = Temp::new("text");
    let (first, second) = (graph(Vec::new()), everything());
    let older = Graph {
        deadline: None,
        ..everything()
    };
    let newer = Graph {
        version: 2,
        nodes: everything().nodes.iter().take(3).cloned().collect(),
        ..second
    };
    Lock::of([&first]).update(temp.path()).unwrap();
    Lock::of([&newer, &older]).update(temp.path()).unwrap();
    assert_eq!(temp.said(&[&first, &newer, &older]), "ok");
    expect_file!["sample.lock"].assert_eq(&temp.text());
    let files = fs::read_dir(&temp.0).unwrap();
    assert_eq!(files.count(), 1, "the draft is gone");
}

#[test]
fn a_new_version_is_told_until_it_is_in_the_file() {
    let temp = Temp::new("new");
    let old = everything();
    Lock::of([&old]).update(temp.path()).unwrap();
    let new = Graph {
        version: 2,
        code: 1,
        ..everything()
    };
    expect![[r#"
        [lock.changed] the lock file …/enact.lock does not hold

        version 2 of workflow "everything" is not in it; add it with `ENACT_LOCK=update cargo test`, and check the file in"#]].assert_eq(&temp.said(&[&new]));
    Lock::of([&new]).update(temp.path()).unwrap();
    assert_eq!(temp.said(&[&new]), "ok");
    assert_eq!(temp.said(&[&old]), "ok");
}

#[test]
fn an_older_version_is_held_beside_the_newer_one() {
    let temp = Temp::new("older");
    let old = everything();
    let new = Graph {
        version: 2,
        saga: false,
        ..everything()
    };
    Lock::of([&old, &new]).update(temp.path()).unwrap();
    assert_eq!(temp.said(&[&old, &new]), "ok");
    let mut changed = old;
    changed.nodes.to_mut()[0].code += 1;
    expect![[r#"
        [lock.changed] the lock file …/enact.lock does not hold

        workflow "everything" was changed, and is still version 1:
        - `valid`: an expression was changed
        runs of version 1 that are under way could not go on: it is kept for them, so take the change back; or, when no run can be under way, run again with `ENACT_LOCK=update`"#]].assert_eq(&temp.said(&[&changed, &new]));
}

#[test]
fn where_it_is_written_is_no_change() {
    let change = |graph: &mut Graph| {
        graph.place = None;
        graph.nodes.to_mut()[0].line = 99;
    };
    check_change("lines", change, &expect!["ok"]);
}

#[test]
fn every_changed_node_is_named() {
    let change = |graph: &mut Graph| {
        let nodes = graph.nodes.to_mut();
        nodes[0].kind = step(&CHARGE);
        nodes[2].reads = Cow::Borrowed(&[0, 3]);
        nodes[3].path = Cow::Borrowed("price");
        nodes[5].code += 1;
        if let NodeKind::Step { policy, .. } = &mut nodes[7].kind {
            policy.timeout = Some(Duration::from_secs(1));
        }
        nodes[9].parent = Some((10, 0));
        nodes[14].kind = NodeKind::Stop;
    };
    check_change(
        "nodes",
        change,
        &expect![[r#"
            [lock.changed] the lock file …/enact.lock does not hold

            workflow "everything" was changed, and is still version 1:
            - `price` was added
            - `quote` was removed
            - `valid`: `action` was "check_order", is "charge_card"; `effect` was "read", is "idempotent"
            - `stock`: `reads` was ["valid"], is ["valid","price"]
            - `total/price`: `reads` was ["quote"], is ["price"]; an expression was changed
            - `charge`: `policy.timeout_ms` was 90000, is 1000
            - `labels[]/label` was moved
            - `emit1`: `kind` was "emit", is "stop"; `signal` was "order.shipped", is not there
            runs of version 1 that are under way could not go on: write `version = 2`; or, when no run can be under way, run again with `ENACT_LOCK=update`"#]],
    );
}

#[test]
fn a_node_that_changed_places_is_moved_and_the_others_are_not() {
    let change = |graph: &mut Graph| {
        let nodes = graph.nodes.to_mut();
        let mut emit = nodes.pop().unwrap();
        emit.reads = Cow::Borrowed(&[]);
        nodes.insert(0, emit);
        for node in nodes.iter_mut().skip(1) {
            node.parent = node.parent.map(|(parent, arm)| (parent + 1, arm));
            node.reads = node.reads.iter().map(|read| read + 1).collect();
        }
    };
    check_change(
        "moved",
        change,
        &expect![[r#"
            [lock.changed] the lock file …/enact.lock does not hold

            workflow "everything" was changed, and is still version 1:
            - `emit1` was moved
            - `emit1`: `reads` was ["approval"], is []
            runs of version 1 that are under way could not go on: write `version = 2`; or, when no run can be under way, run again with `ENACT_LOCK=update`"#]],
    );
}

#[test]
fn what_belongs_to_no_node_is_named() {
    let change = |graph: &mut Graph| {
        graph.saga = false;
        graph.deadline = None;
        graph.code += 1;
    };
    check_change(
        "whole",
        change,
        &expect![[r#"
        [lock.changed] the lock file …/enact.lock does not hold

        workflow "everything" was changed, and is still version 1:
        - the workflow: it is no longer a saga; the deadline was 86400s, is none; an expression outside of its nodes, or the answer, was changed
        runs of version 1 that are under way could not go on: write `version = 2`; or, when no run can be under way, run again with `ENACT_LOCK=update`"#]],
    );
    let shorter = |graph: &mut Graph| {
        if let NodeKind::Step { policy, .. } = &mut graph.nodes.to_mut()[7].kind {
            policy.grace += Duration::from_nanos(1);
        }
    };
    check_change(
        "grace",
        shorter,
        &expect![[r#"
            [lock.changed] the lock file …/enact.lock does not hold

            workflow "everything" was changed, and is still version 1:
            - `charge`: its policy was changed
            runs of version 1 that are under way could not go on: write `version = 2`; or, when no run can be under way, run again with `ENACT_LOCK=update`"#]],
    );
}

/// Looks something up.
#[derive(Debug, Action)]
#[action(effect = read, crate = enact_action_core)]
struct LookUp {
    /// What.
    key: String,
}

impl Run for LookUp {
    type Output = String;

    async fn run(&self, _cx: &Context) -> Result<String, Failure> {
        Ok(self.key.clone())
    }
}

#[test]
fn an_action_that_answers_otherwise_is_a_change() {
    let temp = Temp::new("answer");
    let mut draft = crate::graph::tests::sample::Draft(Vec::new());
    draft.add("known", None, &[], step(&const { LookUp::SPEC }));
    draft.add("unknown", None, &[], step(&CHECK));
    let graph = graph(draft.0);
    Lock::of([&graph]).update(temp.path()).unwrap();
    let text = temp.text();
    assert_eq!(text.matches("\"answer\"").count(), 1);
    let (before, after) = text.split_once("\"answer\":\"").unwrap();
    let other = format!("{before}\"answer\":\"{}{}", "0".repeat(16), &after[16..]);
    fs::write(temp.path(), other).unwrap();
    expect![[r#"
        [lock.changed] the lock file …/enact.lock does not hold

        workflow "sample" was changed, and is still version 1:
        - `known`: answers otherwise
        runs of version 1 that are under way could not go on: write `version = 2`; or, when no run can be under way, run again with `ENACT_LOCK=update`"#]].assert_eq(&temp.said(&[&graph]));
}

#[test]
fn what_is_no_lock_file_is_told_and_not_overwritten() {
    let temp = Temp::new("malformed");
    for text in ["{", r#"{"format":2,"workflows":[]}"#] {
        fs::write(temp.path(), text).unwrap();
        let error = Lock::of([&everything()]).update(temp.path()).unwrap_err();
        assert_eq!(error.code(), "lock.malformed");
        assert_eq!(temp.text(), text);
    }
    expect!["[lock.malformed] …/enact.lock is not a lock file of format 1; take back what was changed by hand, or delete it and write it anew with `ENACT_LOCK=update cargo test`"].assert_eq(&temp.said(&[&everything()]));
    fs::remove_file(temp.path()).unwrap();
    fs::create_dir(temp.path()).unwrap();
    expect!["[lock.unreadable] could not read the lock file …/enact.lock"]
        .assert_eq(&temp.said(&[]));
}

#[test]
fn the_file_is_updated_when_that_is_asked_for_but_not_in_ci() {
    let temp = Temp::new("asked");
    let graph = everything();
    let keep = |ask, ci| {
        let told = Lock::of([&graph]).keep(&temp.path(), ask, ci);
        told.map_err(|error| error.code())
    };
    assert_eq!(keep("", ""), Err("lock.missing"));
    assert_eq!(keep("update", "true"), Err("lock.refused"));
    assert_eq!(keep("yes", ""), Err("lock.missing"));
    assert_eq!(keep("update", ""), Ok(()));
    assert_eq!(keep("", "true"), Ok(()));
    assert_eq!(keep("update", "false"), Ok(()));
}

#[test]
fn a_path_that_can_not_be_written_is_told() {
    let temp = Temp::new("unwritable");
    let nowhere = temp.0.join("no such folder").join("enact.lock");
    let error = Lock::of([&everything()]).update(nowhere).unwrap_err();
    assert_eq!(error.code(), "lock.unwritable");
}

#[test]
#[should_panic(expected = "there is no lock file")]
fn an_assertion_panics() {
    let temp = Temp::new("panics");
    let told = Lock::of([&everything()]).keep(&temp.path(), "", "");
    told.unwrap_err().stop();
}
