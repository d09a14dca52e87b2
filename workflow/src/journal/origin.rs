//! What a run was started by: a span, and an event perhaps; and what caused what it emits.

use enact_action_core::context::Trace;
use enact_signal_core::Envelope;
use serde::{Deserialize, Serialize};

use super::body::Body;
use super::record::{EventId, Record, What};

/// The event that a run was started by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StartedBy {
    /// Empty where the run was started before this was recorded.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) source: String,
    pub(crate) id: String,
    /// What the event, and all that comes of it, share.
    pub(crate) correlation: String,
}

/// What a run was started by.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    pub(crate) parent: Trace,
    pub(crate) cause: Option<StartedBy>,
}

/// How many causes a signal of a run names at most.
const MOST_CAUSES: usize = 16;

/// The causes of what a run emits: the event that started it, and those that its waits had taken before, in
/// the order in which they took them. Of many, the first and the latest.
#[derive(Debug, Default)]
pub(crate) struct Causes {
    pub(crate) ids: Vec<String>,
    /// That of what started it.
    pub(crate) correlation: Option<String>,
}

impl Causes {
    /// Of what started a run, and what its waits have taken, the latest first.
    pub(super) fn of<'a>(
        started_by: Option<&StartedBy>,
        taken: impl Iterator<Item = &'a EventId>,
    ) -> Self {
        let first = started_by.map(|event| &event.id);
        let mut ids: Vec<String> = Vec::new();
        for event in taken {
            if ids.len() + usize::from(first.is_some()) == MOST_CAUSES {
                break;
            }
            if first != Some(&event.id) && !ids.contains(&event.id) {
                ids.push(event.id.clone());
            }
        }
        ids.extend(first.cloned());
        ids.reverse();
        Self {
            ids,
            correlation: started_by.map(|event| event.correlation.clone()),
        }
    }
}

impl StartedBy {
    pub(crate) fn of(envelope: &Envelope) -> Self {
        Self {
            source: envelope.source().to_owned(),
            id: envelope.id().to_owned(),
            correlation: envelope
                .correlation()
                .unwrap_or_else(|| envelope.id())
                .to_owned(),
        }
    }
}

impl StartedBy {
    pub(crate) fn event(self) -> EventId {
        let Self { source, id, .. } = self;
        EventId { source, id }
    }
}

impl Origin {
    /// The first record of a run, which is written together with the run itself.
    pub(crate) fn first(&self, run: u64, at: u64) -> serde_json::Result<Record> {
        let what = What::Trace {
            parent: self.parent.to_string(),
            cause: self.cause.clone(),
        };
        Ok(Record::new(run, String::new(), at, Body::of(&what)?))
    }
}
