//! Events that come again, to runs that have had them.

use super::{Client, Engine, EngineError, Kind};
use crate::journal::{EventId, Record, What};

impl Engine {
    /// Whether an event has started a run of that id and workflow, whatever the params would be by now.
    pub(super) async fn has_started(&self, id: &str, workflow: &str, event: &EventId) -> bool {
        let Ok((row, records)) = self.client().recorded(id).await else {
            return false;
        };
        let started = |what| match what {
            What::Trace { cause, .. } => cause.is_some_and(|cause| cause.event() == *event),
            _ => false,
        };
        row.new.workflow == workflow && told(&records).any(started)
    }
}

impl Client {
    /// What came of handing an event to a run: one that has ended may have had it before, and then there is
    /// nothing left to do.
    pub(super) async fn unless_had(
        &self,
        id: &str,
        event: &EventId,
        sent: Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        match sent {
            Err(error) if error.kind() == Kind::NotThere => {
                if self.has(id, event).await {
                    return Ok(());
                }
                Err(error)
            }
            sent => sent,
        }
    }

    /// Whether an event was handed to a run; not, where that can't be read.
    async fn has(&self, id: &str, event: &EventId) -> bool {
        let Ok((_, records)) = self.recorded(id).await else {
            return false;
        };
        let was_sent = |what| match what {
            What::Signal(sent) => sent.event.as_ref() == Some(event),
            _ => false,
        };
        told(&records).any(was_sent)
    }
}

fn told(records: &[Record]) -> impl Iterator<Item = What> {
    records.iter().filter_map(|record| record.body.read().ok())
}
