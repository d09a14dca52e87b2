//! The workflows that this program can run, each in every version that it has.

use std::collections::HashMap;

use enact_action_core::Registry;
use enact_action_core::registry::Entry;

use crate::graph::{Graph, Outline, digest};
use crate::journal::{Body, GraphRow, RunRow};
use crate::registry::{version, versions, workflows};

/// The workflows that this program can run.
#[derive(Debug, Default)]
pub(super) struct Known {
    by_key: HashMap<u64, &'static Entry>,
    by_name: HashMap<(&'static str, u32), (u64, &'static Entry)>,
    keys: Vec<u64>,
}

impl Known {
    /// Those that the linker has gathered.
    pub(super) fn gather() -> Self {
        let mut known = Self::default();
        for graph in versions() {
            if let Some(entry) = Registry::global().version(&graph.name, graph.version) {
                let key = key(graph);
                known.by_key.insert(key, entry);
                known
                    .by_name
                    .insert((&graph.name, graph.version), (key, entry));
                known.keys.push(key);
            }
        }
        known
    }

    /// What a run of a graph of that key is run by.
    pub(super) fn entry(&self, key: u64) -> Option<&'static Entry> {
        self.by_key.get(&key).copied()
    }

    /// The key of a graph and what runs it.
    pub(super) fn of(&self, graph: &'static Graph) -> Option<(u64, &'static Entry)> {
        self.by_name.get(&(&*graph.name, graph.version)).copied()
    }

    /// All keys.
    pub(super) fn keys(&self) -> Vec<u64> {
        self.keys.clone()
    }

    /// What a journal keeps of each, so that it can be said later what was changed.
    pub(super) fn rows(&self) -> serde_json::Result<Vec<GraphRow>> {
        let graphs = versions().filter(|graph| self.of(graph).is_some());
        let row = |graph: &'static Graph| {
            let body = Body::of(&graph.outline())?;
            Ok(GraphRow {
                graph: key(graph),
                body,
            })
        };
        graphs.map(row).collect()
    }
}

/// What tells a workflow as it stands from all others, and from itself as it was: the name, the version
/// and what the fingerprint covers.
fn key(graph: &Graph) -> u64 {
    let text = format!(
        "{} {} {:016x}",
        graph.name,
        graph.version,
        graph.fingerprint()
    );
    digest(text.as_bytes())
}

/// Why a run can't go on in this program, as its graph was kept.
pub(super) fn why_not(row: &RunRow, kept: Option<&Body>) -> String {
    let (name, number) = (&row.new.workflow, row.new.version);
    if let Some(now) = version(name, number) {
        let outline: Option<Outline> = kept.and_then(|kept| kept.read().ok());
        let changes = outline.map(|outline| outline.changes(&now.outline()));
        let changes: Vec<String> = changes.iter().flatten().map(ToString::to_string).collect();
        let what = if changes.is_empty() {
            String::new()
        } else {
            format!(" ({})", changes.join("; "))
        };
        return format!(
            "{name:?}, version {number}, was changed since it began{what}; take the change back, give what \
             is changed a new version and keep the former beside it, or run the program that has it"
        );
    }
    if let Some(now) = workflows().find(|graph| graph.name == *name) {
        return format!(
            "it began under version {number} of {name:?} and this program has version {}; keep version \
             {number} beside it, or run the program that has it",
            now.version
        );
    }
    format!("this program has no workflow {name:?}; run the one that has")
}
