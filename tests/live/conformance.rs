//! The conformance suite of MCP, at both revisions, with no failure expected.

use crate::world::{World, installed, node, output};

/// The scenarios about tools, and about what carries them, at both revisions.
const BOTH: [&str; 11] = [
    "dns-rebinding-protection",
    "json-schema-2020-12",
    "server-sse-multiple-streams",
    "tools-call-audio",
    "tools-call-embedded-resource",
    "tools-call-error",
    "tools-call-image",
    "tools-call-mixed-content",
    "tools-call-simple-text",
    "tools-call-with-progress",
    "tools-list",
];

/// Those of the revision that begins with `initialize`.
const BEGUN: [&str; 6] = [
    "logging-set-level",
    "ping",
    "server-initialize",
    "server-session-lifecycle",
    "server-sse-polling",
    "tools-call-with-logging",
];

/// Those of the revision whose requests stand for themselves.
const STATELESS: [&str; 4] = [
    "caching",
    "http-custom-header-server-validation",
    "http-header-validation",
    "server-stateless",
];

/// Scenarios about what a server of tools alone does not have, by how their names begin.
const OUTSIDE: [&str; 9] = [
    "completion-",
    "elicitation-",
    "input-required-result-",
    "prompts-",
    "resources-",
    "sep-2164-",
    "tasks-",
    "tools-call-elicitation",
    "tools-call-sampling",
];

#[tokio::test]
async fn the_tools_part_passes_at_2025_11_25() {
    check("2025-11-25", &BEGUN).await;
}

#[tokio::test]
async fn the_tools_part_passes_at_2026_07_28() {
    check("2026-07-28", &STATELESS).await;
}

/// Runs every scenario of a revision; each must pass, or be known to be about something else.
async fn check(revision: &str, own: &[&str]) {
    let Some(world) = World::open() else { return };
    let server = world.http("conformance").await;
    let suite = "js/node_modules/@modelcontextprotocol/conformance/dist/index.js";
    let suite = installed(suite).display().to_string();
    let options = [
        "server",
        "--url",
        &server.address,
        "--requirements",
        revision,
    ];
    let mut words = vec![node(), suite];
    words.extend(options.map(str::to_owned));
    let (_, printed, said) = output(&words).await;
    let mut wanted: Vec<&str> = BOTH.iter().chain(own).copied().collect();
    let mut checks = 0;
    for line in printed.lines() {
        let Some((name, result)) = summary(line) else {
            continue;
        };
        if let Some(at) = wanted.iter().position(|wanted| *wanted == name) {
            wanted.remove(at);
            let passed = result
                .strip_suffix(" passed, 0 failed")
                .and_then(|passed| passed.parse::<u32>().ok());
            assert!(passed.is_some_and(|passed| passed > 0), "{line}\n{printed}");
            checks += passed.unwrap_or_default();
        } else {
            let is_outside = OUTSIDE.iter().any(|outside| name.starts_with(outside));
            assert!(is_outside, "nobody has said whether this must pass: {line}");
        }
    }
    assert!(wanted.is_empty(), "not run: {wanted:?}\n{printed}\n{said}");
    println!("conformance {revision}: {checks} checks passed, 0 failed");
}

/// A line of the suite's summary: `✓ tools-list: 4 passed, 0 failed`.
fn summary(line: &str) -> Option<(&str, &str)> {
    let line = line.strip_prefix('✓').or_else(|| line.strip_prefix('✗'))?;
    line.trim().split_once(": ")
}
