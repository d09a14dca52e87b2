//! Effects in the journal's own database.

use std::collections::HashMap;
use std::sync::Arc;

use enact_action_core::Failure;
use serde_json::value::{RawValue, to_raw_value};

use super::{RunJournal, unwritable};
use crate::journal::record::What;
use crate::journal::store::Entry;
use crate::journal::work::{Database, Work};
use crate::journal::writer::Synced;

/// The effects that were handed over, by the step's path and their names, until what came of them is known.
pub(super) type Works = HashMap<(String, String), (Work, Synced)>;

impl RunJournal {
    /// Does something in the journal's database and records it there at once, unless that is recorded.
    pub(crate) async fn transact(
        &self,
        path: &str,
        name: &str,
        act: impl Fn(Database<'_>) -> Result<Box<RawValue>, Failure> + Send + Sync + 'static,
    ) -> Result<Box<RawValue>, Failure> {
        let _busy = self.busy();
        let place = (path.to_owned(), name.to_owned());
        let mut works = self.works.lock().await;
        // An attempt that was given up may have handed it over: then it happens, whoever waits for it.
        if let Some((work, synced)) = works.get(&place).cloned() {
            self.writer.synced(synced).await.map_err(unwritable)?;
            if let Some(answer) = work.answered() {
                self.keep(&place, &answer)?;
            }
            works.remove(&place);
        }
        if let Some(answer) = self.state().recorded.done(path, name) {
            return Ok(to_raw_value(answer)?);
        }
        let clock = Arc::clone(&self.clock);
        let work = Work::new(self.run, place.clone(), clock, act);
        let entry = Entry::Work(work.clone());
        let synced = self.writer.write(entry).await.map_err(unwritable)?;
        works.insert(place.clone(), (work.clone(), synced));
        drop(works);
        self.writer.synced(synced).await.map_err(unwritable)?;
        let done = work.take().unwrap_or_else(|| {
            let message = "the store does nothing in its database";
            Err(Failure::terminal("transact.not_done", message))
        });
        if let Ok(answer) = &done {
            self.keep(&place, answer)?;
        }
        let mut works = self.works.lock().await;
        if works.get(&place).is_some_and(|(_, own)| *own == synced) {
            works.remove(&place);
        }
        done
    }

    /// Keeps what came of an effect for the step's next attempt.
    fn keep(&self, (path, name): &(String, String), answer: &RawValue) -> Result<(), Failure> {
        let mut state = self.state();
        if state.recorded.done(path, name).is_none() {
            let (name, answer) = (name.clone(), serde_json::from_str(answer.get())?);
            state.recorded.add(path, What::Done { name, answer });
        }
        Ok(())
    }
}
