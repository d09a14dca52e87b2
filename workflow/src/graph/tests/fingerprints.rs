//! What fingerprints cover.

use std::borrow::Cow;
use std::collections::HashSet;
use std::time::Duration;

use enact_action_core::spec::{Effect, Policy, Retry, Spec};

use super::sample::{CHARGE, bare, everything, graph, running, spec};
use crate::{Graph, Node, NodeKind};

/// Whether that change to a graph changes its fingerprint.
fn changes(change: impl FnOnce(&mut Graph)) -> bool {
    let mut graph = everything();
    change(&mut graph);
    graph.fingerprint() != everything().fingerprint()
}

/// Whether that change to a node changes its fingerprint and the graph's.
#[track_caller]
fn node_changes(index: usize, change: impl FnOnce(&mut Node)) -> bool {
    let (mut graph, former) = (everything(), everything());
    change(&mut graph.nodes.to_mut()[index]);
    let changed = graph.fingerprint() != former.fingerprint();
    let node = |graph: &Graph| graph.nodes[index].fingerprint(graph);
    assert_eq!(node(&graph) != node(&former), changed);
    changed
}

/// Whether that change to the pivot's policy changes the fingerprints.
#[track_caller]
fn policy_changes(change: impl FnOnce(&mut Policy)) -> bool {
    node_changes(7, |node| {
        if let NodeKind::Step { policy, .. } = &mut node.kind {
            change(policy);
        }
    })
}

#[test]
fn what_is_for_people_does_not_count() {
    assert!(!changes(|graph| graph.name = Cow::Borrowed("other")));
    assert!(!changes(|graph| graph.version = 9));
    assert!(!changes(|graph| graph.place = None));
    assert!(!node_changes(0, |node| node.line = 99));
    assert!(!node_changes(7, |node| acting(node, &WORDY)));
}

/// The action of the pivot, with other words.
static WORDY: Spec = {
    let mut spec = spec("charge_card", Effect::Idempotent, false);
    spec.title = Some("Charge");
    spec.description = "Charges.";
    spec.tags = &["money"];
    spec.version = Some("2");
    spec.place.line = 5;
    spec
};

fn acting(node: &mut Node, other: &'static Spec) {
    if let NodeKind::Step { action, .. } = &mut node.kind {
        *action = other;
    }
}

#[test]
fn the_graph_counts() {
    assert!(changes(|graph| graph.code += 1));
    assert!(changes(|graph| graph.saga = false));
    assert!(changes(|graph| graph.deadline = None));
    assert!(changes(
        |graph| graph.deadline = Some(Duration::from_secs(1))
    ));
    assert!(changes(|graph| graph.nodes.to_mut().swap(2, 3)));
    assert!(changes(|graph| drop(graph.nodes.to_mut().pop())));
}

#[test]
fn a_node_counts() {
    assert!(node_changes(2, |node| node.path = Cow::Borrowed("stack")));
    assert!(node_changes(2, |node| node.parent = None));
    assert!(node_changes(2, |node| node.parent = Some((1, 1))));
    assert!(node_changes(2, |node| node.parent = Some((4, 0))));
    assert!(node_changes(2, |node| node.reads = Cow::Borrowed(&[])));
    assert!(node_changes(2, |node| node.reads = Cow::Borrowed(&[1])));
    assert!(node_changes(2, |node| node.code = 0));
    assert!(node_changes(2, |node| node.kind = NodeKind::Stop));
}

#[test]
fn an_action_counts() {
    static RENAMED: Spec = spec("charge", Effect::Idempotent, false);
    static WRITES: Spec = spec("charge_card", Effect::Write, false);
    static UNDONE: Spec = spec("charge_card", Effect::Idempotent, true);
    assert!(!node_changes(7, |node| acting(node, &CHARGE)));
    for other in [&RENAMED, &WRITES, &UNDONE] {
        assert!(node_changes(7, |node| acting(node, other)), "{other:?}");
    }
    assert!(node_changes(7, |node| {
        if let NodeKind::Step { pivot, .. } = &mut node.kind {
            *pivot = false;
        }
    }));
}

#[test]
fn a_workflow_that_a_step_runs_counts() {
    static INNER: Graph = bare(1, 7);
    static COUNTED_UP: Graph = bare(2, 7);
    static CHANGED: Graph = bare(1, 8);
    let of = |inner| {
        let mut outer = everything();
        running(&mut outer.nodes.to_mut()[7], inner);
        outer.fingerprint()
    };
    let inner = [None, Some(&INNER), Some(&COUNTED_UP), Some(&CHANGED)];
    let fingerprints: HashSet<u64> = inner.map(of).into();
    assert_eq!(fingerprints.len(), inner.len());
    assert!(fingerprints.contains(&everything().fingerprint()));
}

#[test]
fn a_policy_counts() {
    let second = Duration::from_secs(1);
    assert!(policy_changes(|policy| policy.timeout = None));
    assert!(policy_changes(|policy| policy.deadline = Some(second)));
    assert!(policy_changes(|policy| policy.grace = second));
    assert!(policy_changes(|policy| policy.undo_timeout = second));
    assert!(policy_changes(|policy| policy.retry = None));
    assert!(policy_changes(|policy| policy.retry = Some(Retry::times(2))));
    let slower = Retry::times(3).backoff(second, second);
    assert!(policy_changes(|policy| policy.retry = Some(slower)));
}

#[test]
fn every_kind_has_a_fingerprint_of_its_own() {
    let text = || Cow::Borrowed("a.b");
    let time = Some(Duration::from_secs(1));
    let modes = [(false, false), (true, false), (false, true)];
    let mut kinds = vec![
        NodeKind::Stop,
        NodeKind::Repeat { max: 1 },
        NodeKind::Repeat { max: 2 },
        NodeKind::Sleep { time: None },
        NodeKind::Sleep { time },
        NodeKind::Emit { signal: text() },
        NodeKind::Wait {
            signal: text(),
            timeout: None,
        },
        NodeKind::Wait {
            signal: text(),
            timeout: time,
        },
    ];
    for (collect, spawn) in modes {
        kinds.push(NodeKind::FanOut {
            max: 1,
            collect,
            spawn,
        });
        kinds.push(NodeKind::Parallel {
            arms: 1,
            collect,
            spawn,
        });
    }
    for arms in [&["a", "b"][..], &["ab"], &["", "ab"]] {
        let arms = arms.iter().map(|arm| Cow::Borrowed(*arm)).collect();
        kinds.push(NodeKind::Branch { arms });
    }
    let of = |kind| {
        let mut draft = super::sample::Draft(Vec::new());
        draft.add("one", None, &[], kind);
        graph(draft.0).fingerprint()
    };
    let mut all: Vec<u64> = kinds.into_iter().map(of).collect();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count);
}

#[test]
fn a_node_before_others_leaves_their_fingerprints_as_they_are() {
    let (former, mut graph) = (everything(), everything());
    let mut first = graph.nodes[0].clone();
    first.path = Cow::Borrowed("first");
    let nodes = graph.nodes.to_mut();
    nodes.insert(0, first);
    for node in nodes.iter_mut().skip(1) {
        node.parent = node.parent.map(|(parent, arm)| (parent + 1, arm));
        for read in node.reads.to_mut() {
            *read += 1;
        }
    }
    for (node, shifted) in former.nodes.iter().zip(graph.nodes.iter().skip(1)) {
        assert_eq!(node.fingerprint(&former), shifted.fingerprint(&graph));
    }
    assert_ne!(former.fingerprint(), graph.fingerprint());
}

#[test]
fn a_constant_has_a_constant_fingerprint() {
    const ACTION: Spec = spec("charge_card", Effect::Idempotent, false);
    const GRAPH: Graph = Graph {
        name: Cow::Borrowed("constant"),
        version: 1,
        saga: false,
        deadline: None,
        nodes: Cow::Borrowed(&[Node {
            path: Cow::Borrowed("charge"),
            kind: NodeKind::Step {
                action: &ACTION,
                policy: ACTION.policy,
                pivot: false,
                graph: None,
            },
            parent: None,
            reads: Cow::Borrowed(&[0]),
            line: 1,
            code: 1,
        }]),
        place: None,
        code: 1,
    };
    const FINGERPRINT: u64 = GRAPH.fingerprint();
    let mut owned = GRAPH;
    owned.nodes.to_mut()[0].path = "charge".to_owned().into();
    assert_eq!(owned.fingerprint(), FINGERPRINT);
}

#[test]
fn a_fingerprint_stays_what_it_is() {
    // Journals and lock files hold it.
    expect_test::expect!["dc9e41d624319e7a"]
        .assert_eq(&format!("{:016x}", everything().fingerprint()));
}
