//! What is remembered of a graph, so that later it can be said what was changed.

use std::time::Duration;

use enact_action_core::Registry;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::fingerprint::digest;
use super::json::{facts, hex};
use super::{Change, Graph, Node, NodeKind, change};

/// What is remembered of one version of a workflow: enough to say later what was changed.
///
/// Lock files and journals hold it, as JSON of one stable shape. Beside what the
/// [`fingerprint`](Graph::fingerprint) covers, it holds a digest of the schema of each step's
/// output, since journals hold outputs.
///
/// ```
/// use enact_workflow::graph::Outline;
/// # use enact_workflow::{Graph, Node, NodeKind};
/// # let graph = |paths: &[&'static str]| Graph {
/// #     name: "nothing".into(), version: 1, saga: false, deadline: None, place: None, code: 0,
/// #     nodes: paths.iter().map(|path| Node {
/// #         path: (*path).into(), kind: NodeKind::Stop, parent: None, reads: [][..].into(), line: 3, code: 0,
/// #     }).collect(),
/// # };
/// # let (former, graph) = (graph(&["charge", "audit"]), graph(&["charge", "mail"]));
///
/// let kept = serde_json::to_string(&former.outline())?;
///
/// let kept: Outline = serde_json::from_str(&kept)?;
/// let changes = kept.changes(&graph.outline());
/// let words: Vec<String> = changes.iter().map(ToString::to_string).collect();
/// assert_eq!(words, ["`mail` was added", "`audit` was removed"]);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outline {
    pub(crate) name: String,
    pub(crate) version: u32,
    pub(crate) fingerprint: String,
    /// The digest of the code that belongs to no node.
    pub(crate) code: String,
    pub(crate) saga: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) deadline: Option<Duration>,
    /// The facts of each node, its path and the digest of its code among them.
    pub(crate) nodes: Vec<Map<String, Value>>,
}

impl Graph {
    /// What is to be remembered of it, so that later it can be said what was changed.
    ///
    /// # Panics
    /// With every defect, where the program's actions are defective.
    pub fn outline(&self) -> Outline {
        Outline {
            name: self.name.clone().into_owned(),
            version: self.version,
            fingerprint: hex(self.fingerprint()),
            code: hex(self.code),
            saga: self.saga,
            deadline: self.deadline,
            nodes: self.nodes.iter().map(|one| node(self, one)).collect(),
        }
    }
}

impl Outline {
    /// The workflow's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The workflow's version.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// What was changed since this was kept; nothing, where runs behave as they did.
    ///
    /// Names and versions are not compared, so that two versions can be.
    pub fn changes(&self, now: &Self) -> Vec<Change> {
        change::between(self, now)
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

/// A digest of the schema of a step's output.
fn answer(kind: &NodeKind) -> Option<u64> {
    let NodeKind::Step { action, .. } = kind else {
        return None;
    };
    let schema = Registry::global().entry(action)?.output_schema();
    Some(digest(schema.to_string().as_bytes()))
}
