//! What is remembered of one version of a workflow.

use std::time::Duration;

use enact_action_core::Registry;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::graph::facts;
use crate::{Graph, Node, NodeKind};

/// One version of a workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Record {
    pub(super) name: String,
    pub(super) version: u32,
    pub(super) fingerprint: String,
    /// The digest of the code that belongs to no node.
    pub(super) code: String,
    pub(super) saga: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) deadline: Option<Duration>,
    /// The facts of each node, its path and the digest of its code among them.
    pub(super) nodes: Vec<Map<String, Value>>,
}

impl Record {
    pub(super) fn of(graph: &Graph) -> Self {
        Self {
            name: graph.name.clone().into_owned(),
            version: graph.version,
            fingerprint: hex(graph.fingerprint()),
            code: hex(graph.code),
            saga: graph.saga,
            deadline: graph.deadline,
            nodes: graph.nodes.iter().map(|one| node(graph, one)).collect(),
        }
    }
}

fn node(graph: &Graph, node: &Node) -> Map<String, Value> {
    let mut facts = facts(graph, node);
    facts.insert("code".to_owned(), hex(node.code).into());
    facts.insert(
        "fingerprint".to_owned(),
        hex(node.fingerprint(graph)).into(),
    );
    if let Some(answer) = answer(&node.kind) {
        facts.insert("answer".to_owned(), hex(answer).into());
    }
    facts
}

/// A digest of the schema of a step's output, since journals hold outputs.
fn answer(kind: &NodeKind) -> Option<u64> {
    let NodeKind::Step { action, .. } = kind else {
        return None;
    };
    let schema = Registry::global().get(action.name)?.output_schema();
    Some(crate::graph::digest(schema.to_string().as_bytes()))
}

fn hex(digest: u64) -> String {
    format!("{digest:016x}")
}
