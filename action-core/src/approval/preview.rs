//! What a call would do, for people, models and programs.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::params::show;
use crate::spec::{Effect, Spec};

/// The params, and what a dry run tells, are cut in texts behind so many bytes each.
const MOST: usize = 8 << 10;

/// What a call would do; nothing has been done.
///
/// It prints as text for people and for models, cut where it is very long, with what could not be
/// seen written out; as JSON it is whole.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Preview {
    /// The action's name.
    pub action: &'static str,
    /// What whoever approves is asked; none where the call needs no approval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<&'static str>,
    /// What running it does to the world.
    pub effect: Effect,
    /// Whether it can be undone.
    pub undo: bool,
    /// The params, defaults filled in and secrets taken out.
    pub params: Value,
    /// What it writes, by name, where the action says so.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub writes: &'static [&'static str],
    /// The steps of a workflow that write; which of them run is known only when it runs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<PreviewStep>,
    /// What the action's own dry run tells, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<Value>,
}

/// A step of a workflow that writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PreviewStep {
    /// The action's name.
    pub action: &'static str,
    /// What running it does to the world.
    pub effect: Effect,
}

impl Preview {
    pub(super) fn new(
        spec: &'static Spec,
        question: Option<&'static str>,
        params: Value,
        told: Option<Value>,
    ) -> Self {
        let steps = spec.steps.iter().filter(|step| step.effect != Effect::Read);
        Self {
            action: spec.name,
            question,
            effect: spec.effect,
            undo: spec.undo,
            params,
            writes: spec.writes,
            steps: steps
                .map(|step| PreviewStep {
                    action: step.name,
                    effect: step.effect,
                })
                .collect(),
            told,
        }
    }
}

impl fmt::Display for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { action, writes, .. } = self;
        writeln!(
            f,
            "{action} would run with {}",
            cut(&self.params.to_string(), show::line)
        )?;
        let does = match self.effect {
            Effect::Read => "It changes nothing",
            Effect::Idempotent => "Doing it twice changes no more than doing it once",
            Effect::Write => "It changes something each time",
        };
        let undo = match (self.effect, self.undo) {
            (Effect::Read, _) => "",
            (_, true) => ", and can be undone",
            (_, false) => ", and can't be undone",
        };
        write!(f, "{does}{undo}.")?;
        if !writes.is_empty() {
            write!(f, " It writes: {}.", writes.join(", "))?;
        }
        if !self.steps.is_empty() {
            let names: Vec<&str> = self.steps.iter().map(|step| step.action).collect();
            write!(f, " Steps that write: {}.", names.join(", "))?;
        }
        match &self.told {
            None => Ok(()),
            Some(Value::String(text)) => write!(f, "\nDry run: {}", cut(text, show::lines)),
            Some(told) => write!(f, "\nDry run: {}", cut(&told.to_string(), show::line)),
        }
    }
}

/// The text as it can be seen, which says so where it was longer.
fn cut(text: &str, seen: fn(&str) -> String) -> String {
    if text.len() <= MOST {
        return seen(text);
    }
    let begin = &text[..text.floor_char_boundary(MOST)];
    format!(
        "{} [cut: {} of {} bytes]",
        seen(begin),
        begin.len(),
        text.len()
    )
}
