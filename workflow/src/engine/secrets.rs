//! Secrets do not go into a journal, which keeps what it has in clear.

use enact_action_core::Registry;
use serde_json::Value;

use crate::graph::NodeKind;
use crate::registry::versions;

/// What of the program's workflows would put a secret into a journal.
pub(super) fn leaks(registry: &Registry) -> Vec<String> {
    let mut leaks = Vec::new();
    for graph in versions() {
        let Some(entry) = registry.version(&graph.name, graph.version) else {
            continue;
        };
        if is_secret(entry.schema()) {
            leaks.push(format!("the params of `{}`", graph.name));
        }
        if is_secret(entry.output_schema()) {
            leaks.push(format!("the answer of `{}`", graph.name));
        }
        for node in &*graph.nodes {
            if let NodeKind::Step { action, .. } = &node.kind
                && let Some(step) = registry.entry(action)
                && is_secret(step.output_schema())
            {
                leaks.push(format!("the output of `{}` in `{}`", node.path, graph.name));
            }
        }
    }
    leaks
}

/// Whether something in what the schema describes is secret: `#[param(secret)]` writes `writeOnly`.
fn is_secret(schema: &Value) -> bool {
    match schema {
        Value::Object(map) => {
            map.get("writeOnly") == Some(&Value::Bool(true)) || map.values().any(is_secret)
        }
        Value::Array(list) => list.iter().any(is_secret),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::is_secret;

    #[test]
    fn what_is_marked_deep_inside_is_found() {
        let schema =
            json!({ "$defs": { "Key": { "properties": { "key": { "writeOnly": true } } } } });
        assert!(is_secret(&schema));
        assert!(!is_secret(
            &json!({ "properties": { "writeOnly": { "type": "boolean" } } })
        ));
    }
}
