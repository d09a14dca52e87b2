//! Statements as nodes of the graph.

use std::borrow::Cow;

use serde_json::Value;

use super::Checker;
use super::digest::digest;
use crate::graph::{Node, NodeKind};
use crate::plan::read::{Stated, What};

impl<'j> Checker<'j, '_> {
    pub(super) fn node(&self, stated: &Stated<'j>, kind: NodeKind, reads: Vec<u32>) -> Node {
        let fact = self.fact(stated.node);
        Node {
            path: fact.path.clone().into(),
            kind,
            parent: fact.blocks.last().copied(),
            reads: reads.into(),
            line: 0,
            code: code(stated),
        }
    }
}

/// The arms of a branch as they are written: their conditions, and `else`.
pub(super) fn labels(json: &Value) -> Cow<'static, [Cow<'static, str>]> {
    let when = json.get("when").and_then(Value::as_array);
    let conditions = when.into_iter().flatten().map(|arm| match arm.get("if") {
        Some(condition) => Cow::Owned(condition.to_string()),
        None => Cow::Borrowed(""),
    });
    let otherwise = json.get("else").map(|_| Cow::Borrowed("else"));
    conditions.chain(otherwise).collect()
}

/// A digest of what the statement says itself, without the statements inside of it.
fn code(stated: &Stated<'_>) -> u64 {
    let json = stated.json;
    match &stated.what {
        What::Step { .. } | What::Sleep(_) | What::Stop(_) | What::Broken => digest([Some(json)]),
        What::Branch { .. } => {
            let when = json
                .get("when")
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            let arms = when.flat_map(|arm| [arm.get("if"), arm.get("answer")]);
            digest(arms.chain([json.get("else").and_then(|other| other.get("answer"))]))
        }
        What::Parallel { .. } => digest([json.get("collect")]),
        What::Each { .. } => digest(["in", "max", "collect", "answer"].map(|key| json.get(key))),
    }
}
