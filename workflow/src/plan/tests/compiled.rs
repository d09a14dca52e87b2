//! What a plan that is right becomes: its graph.

use serde_json::json;

use super::{accepted, plan, whole};
use crate::graph::NodeKind;

#[test]
fn the_graph_has_a_node_for_each_statement_in_order() {
    let plan = accepted(&whole());
    let nodes = &plan.graph().nodes;
    let paths: Vec<&str> = nodes.iter().map(|node| &*node.path).collect();
    let expected = [
        "valid",
        "prepare",
        "prepare/stock",
        "prepare/sleep#1",
        "prepare/quote",
        "total",
        "total/rebate",
        "total/stop#1",
        "labels",
        "labels[]/label",
        "charge",
    ];
    assert_eq!(paths, expected);
    let parents: Vec<_> = nodes.iter().map(|node| node.parent).collect();
    let (prepare, total) = (1, 5);
    assert_eq!(
        parents[2..5],
        [Some((prepare, 0)), Some((prepare, 1)), Some((prepare, 1))]
    );
    assert_eq!(parents[6..8], [Some((total, 1)), Some((total, 2))]);
    assert_eq!(*nodes[5].reads, [0, 4, 6]);
    assert_eq!(*nodes[10].reads, [total]);
}

#[test]
fn a_step_has_the_policy_of_its_action_but_for_what_it_says() {
    let plan = accepted(&whole());
    let NodeKind::Step { policy, action, .. } = &plan.graph().nodes[0].kind else {
        panic!("the first is a step");
    };
    assert_eq!(action.name, "shop_validate");
    assert_eq!(policy.timeout.map(|time| time.as_secs()), Some(10));
    assert_eq!(policy.retry.map(|retry| retry.times), Some(3));
    assert_eq!(policy.undo_timeout.as_secs(), 30);
}

#[test]
fn a_digest_changes_with_what_the_statement_says_itself() {
    let branch = |cents: u64, address: &str| {
        let quote = json!({ "address": address, "method": "express" });
        accepted(&plan(&json!([
            { "step": "quote", "action": "shop_quote", "params": quote },
            { "branch": "b",
              "when": [{ "if": { "eq": [{ "ref": "/steps/quote/cents" }, cents] },
                         "then": [{ "step": "again", "action": "shop_quote", "params": quote }] }] }
        ])))
    };
    let codes = |plan: &crate::Plan| {
        plan.graph()
            .nodes
            .iter()
            .map(|n| n.code)
            .collect::<Vec<_>>()
    };
    let (one, other, third) = (branch(1, "a"), branch(1, "b"), branch(2, "a"));
    let (one, other, third) = (codes(&one), codes(&other), codes(&third));
    assert!(one[0] != other[0] && one[1] == other[1] && one[2] != other[2]);
    assert!(one[0] == third[0] && one[1] != third[1] && one[2] == third[2]);
}
