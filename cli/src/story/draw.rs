//! A story for people, for programs, and as a picture.

use std::fmt::{self, Write as _};
use std::time::Duration;

use enact_workflow::timeline::{Kind, State};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::{Run, Signal, Span, Story, What};
use crate::style::{DIM, ERROR, NAME, PLAIN, styled};

/// How long a text from outside is, at most.
const MOST: usize = 120;

impl Story {
    /// As a flowchart of Mermaid.
    pub(crate) fn mermaid(&self) -> String {
        let mut drawn = "flowchart TD\n".to_owned();
        for (place, node) in self.nodes.iter().enumerate() {
            let (open, close) = match node.what {
                What::Run(_) => ("[[", "]]"),
                What::Span(_) => ("(", ")"),
                What::Signal(_) | What::Unseen { .. } => ("[", "]"),
            };
            let label = escaped(&node.what.words().join(", "));
            // Writing to a string does not fail.
            let _ = writeln!(drawn, "    n{place}{open}\"{label}\"{close}");
        }
        for (place, node) in self.nodes.iter().enumerate() {
            for below in &node.below {
                let _ = writeln!(drawn, "    n{place} --> n{below}");
            }
        }
        if let Some(left_out) = self.left_out() {
            let _ = writeln!(drawn, "    %% {left_out}");
        }
        drawn
    }

    /// What is left out, and how to see it.
    pub(crate) fn left_out(&self) -> Option<String> {
        let more = (self.more > 0).then(|| {
            let more = self.more;
            format!("at least {more} more left out; `--most` says how many are told")
        });
        let deeper = self
            .is_deeper
            .then(|| "what is deeper is left out; `--depth` says how deep it goes".to_owned());
        let said: Vec<String> = more.into_iter().chain(deeper).collect();
        (!said.is_empty()).then(|| said.join("; "))
    }

    /// One with all below it, which is written once. As deep as a story is.
    fn value(&self, place: usize, from: Option<usize>) -> serde_json::Result<Value> {
        let Some(node) = self.nodes.get(place) else {
            return Ok(Value::Null);
        };
        let mut value = serde_json::to_value(&node.what)?;
        if let Value::Object(map) = &mut value {
            if node.from != from && !node.below.is_empty() {
                map.insert("again".to_owned(), Value::Bool(true));
            } else if !node.below.is_empty() {
                let below = node.below.iter();
                let below = below.map(|below| self.value(*below, Some(place)));
                let below = below.collect::<Result<_, _>>()?;
                map.insert("below".to_owned(), Value::Array(below));
            }
        }
        Ok(value)
    }

    fn write_below(
        &self,
        f: &mut fmt::Formatter<'_>,
        (above, bars): (usize, &str),
        told: &mut [bool],
    ) -> fmt::Result {
        if let Some(told) = told.get_mut(above) {
            *told = true;
        }
        let below = self.nodes.get(above).map_or(&[][..], |node| &node.below);
        for (number, place) in below.iter().enumerate() {
            let is_last = number + 1 == below.len();
            let (branch, bar) = if is_last {
                ("└─ ", "   ")
            } else {
                ("├─ ", "│  ")
            };
            let Some(node) = self.nodes.get(*place) else {
                continue;
            };
            write!(f, "{bars}{branch}{}", node.what)?;
            if node.from != Some(above) && !node.below.is_empty() {
                let was_told = told.get(*place).is_some_and(|told| *told);
                let there = if was_told { "above" } else { "below" };
                writeln!(f, ", see {there}")?;
                continue;
            }
            f.write_str("\n")?;
            self.write_below(f, (*place, &format!("{bars}{bar}")), told)?;
        }
        Ok(())
    }
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for cause in &self.because {
            writeln!(f, "because of {cause}")?;
        }
        let Some(root) = self.nodes.first() else {
            return Ok(());
        };
        writeln!(f, "{}", root.what)?;
        let mut told = vec![false; self.nodes.len()];
        self.write_below(f, (0, ""), &mut told)?;
        if let Some(left_out) = self.left_out() {
            writeln!(f, "… {left_out}")?;
        }
        Ok(())
    }
}

impl Serialize for Story {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let story = self.value(0, None);
        let story = story.map_err(serde::ser::Error::custom)?;
        let mut all = Map::new();
        all.insert("because".to_owned(), json!(self.because));
        all.insert("story".to_owned(), story);
        all.insert("left_out".to_owned(), json!(self.left_out()));
        all.serialize(serializer)
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_bad = matches!(self, Self::Span(span) if span.state == State::Failed);
        let second = if is_bad { ERROR } else { DIM };
        for (number, words) in self.words().iter().enumerate() {
            let (gap, style) = match number {
                0 => ("", NAME),
                1 => ("  ", PLAIN),
                _ => ("  ", second),
            };
            write!(f, "{gap}{}", styled(style, words))?;
        }
        Ok(())
    }
}

impl What {
    /// What it is in words: its name, how it stands, and where it is found.
    fn words(&self) -> Vec<String> {
        match self {
            Self::Signal(signal) => signal.words(),
            Self::Run(run) => run.words(),
            Self::Span(span) => span.words(),
            Self::Unseen { id, .. } => vec![clean(id), "which is not in the log".to_owned()],
        }
    }
}

impl Signal {
    fn words(&self) -> Vec<String> {
        let about = self.subject.as_deref().map(clean).unwrap_or_default();
        let about = format!("{about} #{}", self.sequence);
        let (id, source) = (clean(&self.id), clean(&self.source));
        vec![
            self.ty.clone(),
            about.trim_start().to_owned(),
            format!("{id} from {source}"),
        ]
    }
}

impl Run {
    fn words(&self) -> Vec<String> {
        let status = match self.ended {
            Some(ended) => format!("{} in {}", self.status, time(self.started, ended)),
            None => self.status.to_string(),
        };
        vec![
            format!("run {}", clean(&self.id)),
            format!("{} v{}", self.workflow, self.version),
            status,
        ]
    }
}

impl Span {
    fn words(&self) -> Vec<String> {
        let (kind, path) = (self.kind.as_str(), clean(&self.path));
        let name = if path.is_empty() || path == kind {
            kind.to_owned()
        } else {
            format!("{kind} {path}")
        };
        let mut words = vec![name];
        let state = match self.attempts {
            0 | 1 => self.state.as_str().to_owned(),
            attempts => format!("{}, try {attempts}", self.state.as_str()),
        };
        let is_moment = matches!(
            self.kind,
            Kind::Emit | Kind::Branch | Kind::Undo | Kind::Cancel
        );
        if !is_moment && self.kind != Kind::Restart {
            words.push(match self.ended {
                Some(ended) => format!("{state} in {}", time(self.started, ended)),
                None => state,
            });
        }
        let taken = self.event.as_ref().filter(|_| self.kind == Kind::Wait);
        let taken =
            taken.map(|event| format!("took {} from {}", clean(&event.id), clean(&event.source)));
        let note = Some(clean(&self.note)).filter(|note| !note.is_empty());
        words.extend(note.into_iter().chain(taken));
        words
    }
}

fn time(from: u64, to: u64) -> String {
    let time = Duration::from_millis(to.saturating_sub(from));
    humantime::format_duration(time).to_string()
}

/// A text from outside, as a line of a terminal can have it.
fn clean(text: &str) -> String {
    let mut clean: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(MOST)
        .collect();
    if text.chars().nth(MOST).is_some() {
        clean.push('…');
    }
    clean
}

/// A label as Mermaid reads it between quotes.
fn escaped(label: &str) -> String {
    let mut escaped = String::with_capacity(label.len());
    for c in label.chars() {
        match c {
            '"' => escaped.push_str("#quot;"),
            '#' => escaped.push_str("#35;"),
            '<' => escaped.push_str("#lt;"),
            '>' => escaped.push_str("#gt;"),
            c => escaped.push(c),
        }
    }
    escaped
}
