//! The inspector of MCP, in its strict mode.

use serde_json::Value;

use crate::world::{installed, node, output};

/// What the inspector prints of a server's tools, where it finds nothing to complain of.
pub(crate) async fn inspected(target: &[&str]) -> Value {
    let inspector = installed("js/node_modules/.bin/mcp-inspector");
    let mut words = vec![node(), inspector.display().to_string(), "--cli".to_owned()];
    let options = [
        "--method",
        "tools/list",
        "--strict",
        "--format",
        "json",
        "-q",
    ];
    words.extend(target.iter().chain(&options).map(ToString::to_string));
    let (is_fine, printed, said) = output(&words).await;
    assert!(is_fine, "{printed}\n{said}");
    // Findings of either kind are told here.
    assert_eq!(said, "");
    serde_json::from_str(&printed).unwrap()
}
