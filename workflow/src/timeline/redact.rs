//! Takes secrets out of a timeline, by the marks of the program's types.

use enact_action_core::Registry;
use enact_action_core::registry::{Entry, UNKNOWN};
use enact_signal_core::Registry as Signals;
use serde_json::Value;

use super::{Kind, Span, State, Timeline};
use crate::graph::{Graph, NodeKind};
use crate::journal::Status;
use crate::registry::version;

impl Timeline {
    /// This, with each field that is marked `secret` as `[secret]` and each that has a `class` as its class in brackets.
    ///
    /// Goes by the types of the program: what one says that this program does not have, as a workflow that it has
    /// lost, is `[unknown]` as a whole. Failures stay what they are; their words are the program's own.
    #[must_use]
    pub fn redacted(mut self, registry: &Registry) -> Self {
        let entry = registry.version(&self.workflow, self.version);
        let graph = version(&self.workflow, self.version);
        redact(&mut self.input, entry, Entry::redact);
        if self.status == Status::Answered
            && let Some(answer) = &mut self.body
        {
            redact(answer, entry, Entry::redact_output);
        }
        for span in &mut self.spans {
            span.redact(graph, registry);
        }
        self
    }
}

impl Span {
    fn redact(&mut self, graph: Option<&Graph>, registry: &Registry) {
        let Some(detail) = &mut self.detail else {
            return;
        };
        match (self.kind, self.state) {
            (_, State::Failed) => {}
            (Kind::Signal, _) => {
                // It begins with its type.
                let ty = self.note.split(' ').next().unwrap_or_default();
                redact(detail, Signals::global().get(ty), |entry, data| {
                    entry.redact(data);
                });
            }
            _ => {
                let entry = graph.and_then(|graph| step(graph, &unnumbered(&self.path), registry));
                redact(detail, entry, Entry::redact_output);
            }
        }
    }
}

fn redact<E>(json: &mut Value, entry: Option<E>, by: impl FnOnce(E, &mut Value)) {
    match entry {
        Some(entry) => by(entry, json),
        None => *json = UNKNOWN.into(),
    }
}

/// The action of the step at that path, be it inside of another workflow.
fn step(graph: &Graph, path: &str, registry: &Registry) -> Option<&'static Entry> {
    let run = |node: &str| {
        graph.nodes.iter().find_map(|other| match &other.kind {
            NodeKind::Step { action, graph, .. } if other.path == node => Some((*action, *graph)),
            _ => None,
        })
    };
    if let Some((action, _)) = run(path) {
        return registry.entry(action);
    }
    let ends = path.match_indices('/').map(|(end, _)| end);
    ends.filter_map(|end| Some((run(&path[..end])?, &path[end + 1..])))
        .find_map(|((action, inner), rest)| {
            let itself = (action.name == graph.name).then_some(graph);
            step(inner.or(itself)?, rest, registry)
        })
}

/// A step's path in a run as its path in the graph: `labels[3]/label` is `labels[]/label` there.
fn unnumbered(path: &str) -> String {
    let mut parts = path.split('[');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut path, part| {
        let rest = part.split_once(']').map_or(part, |(_, rest)| rest);
        path.push_str("[]");
        path.push_str(rest);
        path
    })
}
