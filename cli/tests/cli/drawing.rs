//! `graph`.

use std::borrow::Cow;

use enact::__private::inventory;
use enact_cli::Exit;
use enact_workflow::registry::Submitted;
use enact_workflow::{Graph, Node, NodeKind};
use expect_test::expect;

use crate::{app, check, run};

/// A workflow has the name of its action; these stand in for two.
const ADD: Graph = Graph {
    name: Cow::Borrowed("add"),
    version: 3,
    saga: false,
    deadline: None,
    nodes: Cow::Borrowed(&[Node {
        path: Cow::Borrowed("stop"),
        kind: NodeKind::Stop,
        parent: None,
        reads: Cow::Borrowed(&[]),
        line: 7,
        code: 1,
    }]),
    place: None,
    code: 2,
};
/// What only runs that were begun with it have to do with.
const FORMER: Graph = Graph {
    version: 2,
    saga: true,
    ..ADD
};
const BOOK: Graph = Graph {
    name: Cow::Borrowed("book"),
    ..ADD
};

inventory::submit! { Submitted(&BOOK) }
inventory::submit! { Submitted(&ADD) }
inventory::submit! { Submitted(&FORMER) }

#[test]
fn a_workflow_is_drawn() {
    check(
        "graph add",
        &expect![[r#"
        Ok
        flowchart TD
          start(["add"])
          n0(["<b>stop</b><br/>stop"])
          done(["done"])
          start --> n0
          n0 --> done
          classDef pivot stroke-width:4px
    "#]],
    );
    check(
        "graph add --format dot",
        &expect![[r#"
        Ok
        digraph "add" {
          node [shape=box];
          start [label="add", shape=oval];
          n0 [label="stop\nstop", shape=oval];
          done [label="done", shape=oval];
          start -> n0;
          n0 -> done;
        }
    "#]],
    );
    check(
        "graph add --format json",
        &expect![[r##"
        Ok
        {
          "format": 1,
          "name": "add",
          "version": 3,
          "saga": false,
          "fingerprint": "518d51fc2b8e9113",
          "nodes": [
            {
              "path": "stop",
              "kind": "stop",
              "reads": [],
              "line": 7
            }
          ],
          "edges": [
            {
              "from": "#start",
              "to": "stop",
              "kind": "next"
            },
            {
              "from": "stop",
              "to": "#end",
              "kind": "next"
            }
          ]
        }
    "##]],
    );
}

#[test]
fn a_workflow_is_drawn_as_a_picture() {
    let (exit, out, err) = run(app(), &["graph", "add", "--format", "svg"], |io| io);
    assert_eq!((exit, &*err), (Exit::Ok, ""));
    assert!(out.ends_with("</svg>\n"), "{out}");
}

#[test]
fn the_only_workflow_needs_no_name() {
    let app = || app().registry(|all| all.allow(["book", "echo"]));
    let (exit, out, err) = run(app(), &["graph"], |io| io);
    assert_eq!((exit, &*err), (Exit::Ok, ""));
    assert!(out.contains("book"), "{out}");
    assert_eq!(run(app(), &["graph", "add"], |io| io).0, Exit::Unknown);
}

#[test]
fn which_workflow_must_be_clear() {
    check(
        "graph",
        &expect![[r#"
        Usage
        --- stderr
        error: say which workflow: add, book
    "#]],
    );
    check(
        "graph bok",
        &expect![[r#"
        Unknown
        --- stderr
        error: there is no workflow "bok"; did you mean "book"? [workflow.unknown]
    "#]],
    );
    check(
        "graph something",
        &expect![[r#"
            Unknown
            --- stderr
            error: there is no workflow "something"; the workflows are add, book [workflow.unknown]
        "#]],
    );
    check(
        "graph add --format png",
        &expect![[r#"
        Usage
        --- stderr
        error: invalid value 'png' for '--format <FORMAT>'
          [possible values: mermaid, dot, json, svg]

        For more information, try '--help'.
    "#]],
    );
}

#[test]
fn a_program_without_workflows_says_so() {
    let app = app().registry(|all| all.allow(["echo"]));
    let (exit, out, err) = run(app, &["graph"], |io| io);
    assert_eq!((exit, &*out), (Exit::Unknown, ""));
    expect![[r#"
        error: there are no workflows in this program; define one with `workflow!` [workflow.unknown]
    "#]].assert_eq(&err);
}
