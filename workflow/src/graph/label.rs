//! What drawings say of a node, in words.

use std::time::Duration;

use enact_action_core::Policy;
use enact_action_core::Spec;

use super::{Graph, NodeKind};

/// What a drawing says of a node.
pub(crate) struct Label {
    /// Its path.
    pub(crate) name: String,
    /// What it does.
    pub(crate) what: String,
    /// How, in small; may be empty.
    pub(crate) note: String,
}

impl Label {
    pub(crate) fn of(graph: &Graph, index: usize) -> Self {
        let node = &graph.nodes[index];
        let (what, note) = match &node.kind {
            NodeKind::Step {
                action,
                policy,
                pivot,
                ..
            } => {
                let undone = graph.saga && action.undo && !follows_pivot(graph, index);
                let marks = [(*pivot, "pivot"), (undone, "↩ undo")];
                (action.name.to_owned(), step(action, policy, &marks))
            }
            NodeKind::Branch { .. } => ("one of".to_owned(), String::new()),
            NodeKind::Parallel { collect, spawn, .. } => (
                "side by side".to_owned(),
                set(&[(*collect, "collect"), (*spawn, "spawn")]).join(", "),
            ),
            NodeKind::FanOut {
                max,
                collect,
                spawn,
            } => (
                format!("for each, {max} at once"),
                set(&[(*collect, "collect"), (*spawn, "spawn")]).join(", "),
            ),
            NodeKind::Repeat { max } => (format!("at most {max} times"), String::new()),
            NodeKind::Sleep { time } => (timed("sleep", *time), String::new()),
            NodeKind::Wait { signal, timeout } => {
                let timeout = timeout.map(|time| timed("timeout", Some(time)));
                (format!("wait for {signal}"), timeout.unwrap_or_default())
            }
            NodeKind::Emit { signal } => (format!("emit {signal}"), String::new()),
            NodeKind::Stop => ("stop".to_owned(), String::new()),
        };
        Self {
            name: node.path.clone().into_owned(),
            what,
            note,
        }
    }

    /// Its lines, from top to bottom.
    pub(crate) fn lines(&self) -> impl Iterator<Item = &str> {
        [&self.name, &self.what, &self.note]
            .into_iter()
            .map(String::as_str)
            .filter(|line| !line.is_empty())
    }
}

/// The text on one line, without what no drawing can show.
pub(crate) fn line(text: &str) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Whether the saga can no longer go back when this node runs.
fn follows_pivot(graph: &Graph, index: usize) -> bool {
    graph
        .nodes
        .iter()
        .take(index)
        .any(|node| matches!(node.kind, NodeKind::Step { pivot: true, .. }))
}

fn step(action: &Spec, policy: &Policy, marks: &[(bool, &str)]) -> String {
    let mut words = vec![action.effect.to_string()];
    words.extend(policy.timeout.map(|time| timed("timeout", Some(time))));
    words.extend(policy.deadline.map(|time| timed("deadline", Some(time))));
    words.extend(policy.retry.map(|retry| match retry.times {
        1 => "1 retry".to_owned(),
        times => format!("{times} retries"),
    }));
    words.extend(set(marks).into_iter().map(str::to_owned));
    words.join(", ")
}

/// The words of what is set.
fn set<'a>(words: &[(bool, &'a str)]) -> Vec<&'a str> {
    let set = words.iter().filter(|(is, _)| *is);
    set.map(|(_, word)| *word).collect()
}

fn timed(word: &str, time: Option<Duration>) -> String {
    match time {
        None => word.to_owned(),
        Some(time) => format!("{word} {}", duration(time)),
    }
}

/// The time as it is written in policies: `1h 30m`.
fn duration(time: Duration) -> String {
    const UNITS: [(u128, &str); 7] = [
        (86_400_000_000_000, "d"),
        (3_600_000_000_000, "h"),
        (60_000_000_000, "m"),
        (1_000_000_000, "s"),
        (1_000_000, "ms"),
        (1_000, "us"),
        (1, "ns"),
    ];
    let mut left = time.as_nanos();
    let mut parts = Vec::new();
    for (size, unit) in UNITS {
        if left >= size {
            parts.push(format!("{}{unit}", left / size));
            left %= size;
        }
    }
    if parts.is_empty() {
        return "0s".to_owned();
    }
    parts.join(" ")
}

#[cfg(test)]
mod duration_tests {
    use super::*;

    #[test]
    fn times_are_written_as_in_policies() {
        let check = |time, expected: &str| assert_eq!(duration(time), expected);
        check(Duration::ZERO, "0s");
        check(Duration::from_millis(90_500), "1m 30s 500ms");
        check(Duration::from_mins(24 * 60 + 1), "1d 1m");
        check(Duration::new(0, 1_001), "1us 1ns");
    }
}
