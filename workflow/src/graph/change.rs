//! What was changed of a graph, node by node and in words.

use std::fmt;
use std::time::Duration;

use serde_json::{Map, Value};

use super::Outline;

/// One change of a workflow; its text says it in words.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// A node is new.
    Added {
        /// Its path.
        path: String,
    },
    /// A node is gone.
    Removed {
        /// Its path.
        path: String,
    },
    /// A node stands elsewhere.
    Moved {
        /// Its path.
        path: String,
    },
    /// A node is not what it was.
    Altered {
        /// Its path.
        path: String,
        /// How, in words.
        how: Vec<String>,
    },
    /// What belongs to no node is not what it was.
    Whole {
        /// How, in words.
        how: Vec<String>,
    },
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added { path } => write!(f, "`{path}` was added"),
            Self::Removed { path } => write!(f, "`{path}` was removed"),
            Self::Moved { path } => write!(f, "`{path}` was moved"),
            Self::Altered { path, how } => write!(f, "`{path}`: {}", how.join("; ")),
            Self::Whole { how } => write!(f, "the workflow: {}", how.join("; ")),
        }
    }
}

/// What was changed from the old to the new.
pub(super) fn between(old: &Outline, new: &Outline) -> Vec<Change> {
    let mut changes = Vec::from_iter(whole(old, new));
    changes.extend(nodes(&old.nodes, &new.nodes));
    if changes.is_empty() && old.fingerprint != new.fingerprint {
        let how = vec![
            "its fingerprint alone: the record was changed by hand, or written by another version \
             of Enact"
                .to_owned(),
        ];
        changes.push(Change::Whole { how });
    }
    changes
}

/// What differs of what belongs to no node.
fn whole(old: &Outline, new: &Outline) -> Option<Change> {
    let mut how = Vec::new();
    if old.saga != new.saga {
        let is = if new.saga { "is now" } else { "is no longer" };
        how.push(format!("it {is} a saga"));
    }
    if old.deadline != new.deadline {
        let word = |deadline: Option<Duration>| {
            deadline.map_or_else(|| "none".to_owned(), |time| format!("{time:?}"))
        };
        let (old, new) = (word(old.deadline), word(new.deadline));
        how.push(format!("the deadline was {old}, is {new}"));
    }
    if old.code != new.code {
        how.push("an expression outside of its nodes, or the answer, was changed".to_owned());
    }
    (!how.is_empty()).then_some(Change::Whole { how })
}

type Facts = Map<String, Value>;

fn nodes(old: &[Facts], new: &[Facts]) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut places = Vec::new();
    for node in new {
        match old.iter().position(|former| path(former) == path(node)) {
            None => changes.push(Change::Added { path: path(node) }),
            Some(place) => places.push((place, node)),
        }
    }
    let removed = |node: &&Facts| !new.iter().any(|later| path(later) == path(node));
    let removed = old.iter().filter(removed);
    changes.extend(removed.map(|node| Change::Removed { path: path(node) }));
    let order: Vec<usize> = places.iter().map(|(place, _)| *place).collect();
    let stayed = longest_rise(&order);
    for (place, node) in places {
        let former = &old[place];
        let has_moved = ["parent", "arm"]
            .iter()
            .any(|key| former.get(*key) != node.get(*key));
        if has_moved || !stayed.contains(&place) {
            changes.push(Change::Moved { path: path(node) });
        }
        let how = altered(former, node, has_moved);
        if !how.is_empty() {
            let path = path(node);
            changes.push(Change::Altered { path, how });
        }
    }
    changes
}

fn path(node: &Facts) -> String {
    let path = node.get("path").and_then(Value::as_str);
    path.unwrap_or_default().to_owned()
}

/// How a node is not what it was, in words; where it stands is another matter.
fn altered(old: &Facts, new: &Facts, has_moved: bool) -> Vec<String> {
    let words = differing(old, new, "");
    let is_other = old.get("fingerprint") != new.get("fingerprint");
    if words.is_empty() && is_other && !has_moved {
        return vec!["its policy was changed".to_owned()];
    }
    words
}

/// What differs, key by key; the keys of what is within stand after a dot.
fn differing(old: &Facts, new: &Facts, within: &str) -> Vec<String> {
    let added = new.keys().filter(|key| !old.contains_key(*key));
    let mut words = Vec::new();
    for key in old.keys().chain(added) {
        match (key.as_str(), old.get(key), new.get(key)) {
            ("path" | "parent" | "arm" | "fingerprint", _, _) => {}
            (_, old, new) if old == new => {}
            ("code", _, _) => words.push("an expression was changed".to_owned()),
            ("graph", _, _) => words.push("the workflow it runs was changed".to_owned()),
            ("answer", _, _) => words.push("answers otherwise".to_owned()),
            (key, Some(Value::Object(old)), Some(Value::Object(new))) => {
                words.extend(differing(old, new, &format!("{within}{key}.")));
            }
            (key, old, new) => {
                let (old, new) = (shown(old), shown(new));
                words.push(format!("`{within}{key}` was {old}, is {new}"));
            }
        }
    }
    words
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "not there".to_owned(), Value::to_string)
}

/// The longest rising part of these numbers: what stayed in order while the rest moved.
pub(super) fn longest_rise(numbers: &[usize]) -> Vec<usize> {
    let mut rises: Vec<Vec<usize>> = Vec::new();
    for &number in numbers {
        let before = rises.iter().filter(|rise| rise.last() < Some(&number));
        let mut rise = before
            .max_by_key(|rise| rise.len())
            .cloned()
            .unwrap_or_default();
        rise.push(number);
        rises.push(rise);
    }
    rises.into_iter().max_by_key(Vec::len).unwrap_or_default()
}
