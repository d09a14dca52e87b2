//! The nodes of a workflow that uses the whole syntax.

#![expect(
    clippy::needless_raw_string_hashes,
    reason = "the tool that updates them writes them so"
)]

use std::fmt::Write as _;

use expect_test::{Expect, expect};

use super::{NodeInfo, nodes, rest};
use crate::tests::{WHOLE, read};

fn of(text: &str) -> Vec<NodeInfo> {
    let (workflow, mistakes) = read(text);
    assert_eq!(mistakes, [""; 0]);
    nodes(&workflow.expect("there is no mistake"))
}

#[track_caller]
fn check(text: &str, expected: &Expect) {
    let mut dump = String::new();
    for (index, node) in of(text).iter().enumerate() {
        let NodeInfo {
            path,
            parent,
            reads,
            ..
        } = node;
        let parent = parent.map_or_else(String::new, |(node, arm)| format!(" in {node}.{arm}"));
        writeln!(dump, "{index} {path}{parent} reads {reads:?}").expect("text takes text");
    }
    expected.assert_eq(&dump);
}

#[test]
fn every_statement_but_let_is_a_node_with_its_own_path() {
    check(
        WHOLE,
        &expect![[r#"
            0 valid reads []
            1 parallel reads []
            2 stock in 1.0 reads [0]
            3 quote in 1.1 reads []
            4 a in 1.2 reads []
            5 b in 1.2 reads [4]
            6 gross/c in 1.3 reads []
            7 kind in 1.4 reads [8]
            8 kind/d in 7.0 reads []
            9 total reads [0, 3, 6, 10]
            10 total/p in 9.0 reads [0]
            11 charge reads [9]
            12 labels reads [0, 13]
            13 labels[]/label in 12.0 reads [0]
            14 labels2 reads []
            15 labels2[]/e in 14.0 reads []
            16 parallel2 reads [12]
            17 parallel2[]/f in 16.0 reads [12]
            18 parallel3 reads []
            19 g in 18.0 reads []
            20 h in 18.1 reads []
            21 parallel4 reads []
            22 i in 21.0 reads []
            23 j in 21.1 reads []
            24 branch reads [9]
            25 audit in 24.0 reads []
            26 y reads [27]
            27 y/k in 26.1 reads []
            28 status reads [29]
            29 status[]/s in 28.0 reads []
            30 status[]/sleep in 28.0 reads []
            31 repeat reads [32]
            32 repeat[]/t in 31.0 reads []
            33 sleep reads []
            34 sleep2 reads []
            35 approval reads []
            36 order_approved reads []
            37 emit reads []
            38 quote_all reads []
            39 q reads []
            40 r reads [0]
            41 branch2 reads [35]
            42 stop in 41.0 reads [26, 35]
        "#]],
    );
}

#[test]
fn reads_go_through_lets_patterns_items_and_answers() {
    let body = r#"
        step a = A {};
        let b = a.x + 1;
        branch c = if let Some(d) = b.y && d > 0 { step e = E { d }; e.z } else { 0 };
        parallel { f = { step g = G { x: c }; g.y }; step h = H { x: format!("{b}") }; }
        parallel i = for (j, k) in f, max = 2 { step l = L { x: [j, k].map(|h| h) }; (l, j) };
        branch match i { Some(a) if a > h => { stop a; } None => {} }
        step m = M { ..a };
    "#;
    check(
        &format!("Name {} {{ {body} }}", "{}"),
        &expect![[r#"
            0 a reads []
            1 c reads [0, 2]
            2 c/e in 1.0 reads [0]
            3 parallel reads []
            4 f/g in 3.0 reads [1]
            5 h in 3.1 reads [0]
            6 i reads [4, 7]
            7 i[]/l in 6.0 reads [4]
            8 branch reads [5, 6]
            9 stop in 8.0 reads [6]
            10 m reads [0]
        "#]],
    );
}

fn code(body: &str) -> u64 {
    of(&format!("Name {{}} {{ {body} }}"))[0].code
}

#[test]
fn a_digest_counts_what_a_step_is_given_and_not_how_it_is_written() {
    let one = code("step a = A { x: 1, y: b.c };");
    assert_eq!(
        one,
        code("step z = Z { y: b . c, x: 1, } with timeout(\"1s\");")
    );
    assert_ne!(one, code("step a = A { x: 2, y: b.c };"));
    assert_ne!(one, code("step a = A { x: 1, y: b.c, ..A::new() };"));
}

#[test]
fn what_belongs_to_no_node_has_a_digest_of_its_own() {
    let digest = |text: &str| rest(&read(text).0.expect("the head is fine"));
    let one = digest("Name { x: u32 } -> u32 { let y = x; y }");
    assert_eq!(
        one,
        digest("/// Docs.\nName { x: u32, } -> u32 { step A; let y = x; y }")
    );
    assert_ne!(one, digest("Name { x: u32 } -> u32 { let y = x + 1; y }"));
    assert_ne!(one, digest("Name { x: u64 } -> u32 { let y = x; y }"));
}
