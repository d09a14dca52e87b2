//! Graphs as JSON, for programs.

use std::time::Duration;

use enact_action_core::{Policy, Spec};
use serde_json::{Map, Value, json};

use super::flow::{Edge, Flow, Link, Point};
use super::{Graph, Node, NodeKind};

/// Counted up when what is written would be misread by those who read the former.
const FORMAT: u32 = 1;

impl Graph {
    /// The graph as JSON of a stable shape.
    ///
    /// | key | holds |
    /// | --- | --- |
    /// | `format` | 1 |
    /// | `name`, `version`, `saga` | as in the graph |
    /// | `deadline_ms`, `place` | where there is one |
    /// | `fingerprint` | [`fingerprint`](Self::fingerprint) in 16 hexadecimal digits |
    /// | `nodes` | each node, in the order of the text |
    /// | `edges` | which way a run goes, and who reads whom |
    ///
    /// A node has `path`, `kind`, `line`, and `reads`, the paths of those it reads; inside of
    /// another also `parent`, that one's path, and `arm`, counted from 0. Its other keys go by its
    /// kind, and flags are only there when they are set:
    ///
    /// | `kind` | keys |
    /// | --- | --- |
    /// | `step` | `action`, `effect`, `policy`, `undo`, `pivot`; of a workflow also `version` and `graph`, its fingerprint |
    /// | `branch` | `arms`, their texts |
    /// | `parallel` | `width`, how many arms; `collect`, `spawn` |
    /// | `fan_out` | `max`, `collect`, `spawn` |
    /// | `repeat` | `max` |
    /// | `sleep` | `time_ms`, where it is a literal |
    /// | `wait` | `signal`, `timeout_ms` |
    /// | `emit` | `signal` |
    /// | `stop` | |
    ///
    /// `policy` holds what is not plain: `timeout_ms`, `deadline_ms`, `retry` with `times`,
    /// `first_ms` and `most_ms`, `grace_ms`, `undo_timeout_ms`.
    ///
    /// An edge has `from`, `to`, `kind` (`next`, `arm`, `again`, `read`) and perhaps `label`. It
    /// starts and ends at a node's path, at `#start`, at `#end`, or at `PATH#join`, where the arms
    /// of that node come together.
    ///
    /// ```
    /// # use enact_workflow::{Graph, Node, NodeKind};
    /// # use serde_json::json;
    /// # let stop = Node {
    /// #     path: "stop".into(), kind: NodeKind::Stop, parent: None, reads: [][..].into(), line: 3, code: 0,
    /// # };
    /// # let graph = Graph {
    /// #     name: "nothing".into(), version: 1, saga: false, deadline: None,
    /// #     nodes: vec![stop].into(), place: None, code: 0,
    /// # };
    /// let json = graph.json();
    /// assert_eq!(json["nodes"][0], json!({ "path": "stop", "kind": "stop", "reads": [], "line": 3 }));
    /// assert_eq!(json["edges"][1], json!({ "from": "stop", "to": "#end", "kind": "next" }));
    /// ```
    pub fn json(&self) -> Value {
        let mut json = json!({
            "format": FORMAT,
            "name": self.name,
            "version": self.version,
            "saga": self.saga,
        });
        if let Some(deadline) = self.deadline {
            json["deadline_ms"] = ms(deadline);
        }
        if let Some(place) = self.place {
            json["place"] = place.to_string().into();
        }
        json["fingerprint"] = hex(self.fingerprint()).into();
        let nodes = self.nodes.iter().map(|node| {
            let mut facts = facts(self, node);
            facts.insert("line".to_owned(), node.line.into());
            Value::Object(facts)
        });
        json["nodes"] = nodes.collect();
        let edges = Flow::of(self).edges;
        json["edges"] = edges.iter().map(|one| edge(self, one)).collect();
        json
    }
}

/// All of a node that can be read, but for where it is written.
pub(super) fn facts(graph: &Graph, node: &Node) -> Map<String, Value> {
    let mut facts = Map::new();
    facts.insert("path".to_owned(), node.path.as_ref().into());
    facts.extend(kind(&node.kind));
    if let Some((parent, arm)) = node.parent {
        facts.insert("parent".to_owned(), path(graph, parent).into());
        facts.insert("arm".to_owned(), arm.into());
    }
    let reads = node.reads.iter().map(|read| path(graph, *read));
    facts.insert("reads".to_owned(), reads.collect());
    facts
}

fn path(graph: &Graph, index: u32) -> &str {
    let node = graph.nodes.get(index as usize);
    node.map(|node| node.path.as_ref()).unwrap_or_default()
}

/// The kind's word and keys, without those that say nothing.
fn kind(kind: &NodeKind) -> impl Iterator<Item = (String, Value)> + use<> {
    let json = match kind {
        NodeKind::Step {
            action,
            policy: set,
            pivot,
            graph,
        } => json!({
            "kind": "step",
            "action": action.name,
            "version": graph.map(|graph| graph.version),
            "graph": graph.map(|graph| hex(graph.fingerprint())),
            "effect": action.effect,
            "policy": policy(action, set),
            "undo": action.undo,
            "pivot": pivot,
        }),
        NodeKind::Branch { arms } => json!({ "kind": "branch", "arms": arms }),
        NodeKind::Parallel {
            arms,
            collect,
            spawn,
        } => json!({ "kind": "parallel", "width": arms, "collect": collect, "spawn": spawn }),
        NodeKind::FanOut {
            max,
            collect,
            spawn,
        } => json!({ "kind": "fan_out", "max": max, "collect": collect, "spawn": spawn }),
        NodeKind::Repeat { max } => json!({ "kind": "repeat", "max": max }),
        NodeKind::Sleep { time } => json!({ "kind": "sleep", "time_ms": time.map(ms) }),
        NodeKind::Wait { signal, timeout } => {
            json!({ "kind": "wait", "signal": signal, "timeout_ms": timeout.map(ms) })
        }
        NodeKind::Emit { signal } => json!({ "kind": "emit", "signal": signal }),
        NodeKind::Stop => json!({ "kind": "stop" }),
    };
    said(json)
}

fn policy(action: &Spec, policy: &Policy) -> Value {
    let plain = Policy::PLAIN;
    let retry = policy.retry.map(|retry| {
        json!({
            "times": retry.times,
            "first_ms": ms(retry.first),
            "most_ms": ms(retry.most),
        })
    });
    let undo_timeout =
        Some(policy.undo_timeout).filter(|timeout| action.undo && *timeout != plain.undo_timeout);
    let json = json!({
        "timeout_ms": policy.timeout.map(ms),
        "deadline_ms": policy.deadline.map(ms),
        "retry": retry,
        "grace_ms": Some(policy.grace).filter(|grace| *grace != plain.grace).map(ms),
        "undo_timeout_ms": undo_timeout.map(ms),
    });
    said(json).collect()
}

/// The keys that say something.
fn said(json: Value) -> impl Iterator<Item = (String, Value)> {
    let keys = match json {
        Value::Object(keys) => keys,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    };
    keys.into_iter().filter(|(_, value)| match value {
        Value::Null | Value::Bool(false) => false,
        Value::Object(keys) => !keys.is_empty(),
        Value::Bool(true) | Value::Number(_) | Value::String(_) | Value::Array(_) => true,
    })
}

/// A digest as it is written.
pub(super) fn hex(digest: u64) -> String {
    format!("{digest:016x}")
}

fn ms(time: Duration) -> Value {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX).into()
}

fn edge(graph: &Graph, edge: &Edge<'_>) -> Value {
    let kind = match edge.link {
        Link::Next => "next",
        Link::Arm => "arm",
        Link::Again => "again",
        Link::Read => "read",
    };
    let mut json = json!({
        "from": id(graph, edge.from),
        "to": id(graph, edge.to),
        "kind": kind,
    });
    if !edge.label.is_empty() {
        json["label"] = edge.label.into();
    }
    json
}

fn id(graph: &Graph, point: Point) -> String {
    match point {
        Point::Start => "#start".to_owned(),
        Point::Node(node) => graph.nodes[node].path.clone().into_owned(),
        Point::Join(node) => format!("{}#join", graph.nodes[node].path),
        Point::End => "#end".to_owned(),
    }
}
