//! The signals that were sent to a run.

use std::collections::HashSet;

use enact_action_core::Failure;

use super::{RunJournal, diverged};
use crate::journal::record::{EventId, Sent, What};
use crate::journal::{Body, Haste};

/// The signals that were sent to a run, in order, and which of them a wait has taken.
#[derive(Debug, Default)]
pub(super) struct Signals {
    sent: Vec<(Sent, bool)>,
    /// What waits have taken and recorded, in order.
    taken: Vec<u32>,
    /// The mail that has been read.
    read: HashSet<u64>,
    /// The events among what was sent.
    events: HashSet<EventId>,
}

impl Signals {
    /// Adds a signal, unless it is an event that the run has.
    pub(super) fn push(&mut self, sent: Sent) {
        let again = sent
            .event
            .clone()
            .is_some_and(|event| !self.events.insert(event));
        if !again {
            self.sent.push((sent, false));
        }
    }

    fn has(&self, sent: &Sent) -> bool {
        let event = sent.event.as_ref();
        event.is_some_and(|event| self.events.contains(event))
    }

    pub(super) fn take(&mut self, number: u32) {
        if let Some((_, taken)) = self.sent.get_mut(number as usize) {
            *taken = true;
            self.taken.push(number);
        }
    }

    /// The events that waits have taken, the latest first.
    pub(super) fn events(&self) -> impl Iterator<Item = &EventId> {
        let taken = self.taken.iter().rev();
        let sent = taken.filter_map(|number| self.sent.get(*number as usize));
        sent.filter_map(|(sent, _)| sent.event.as_ref())
    }

    /// Gives back what waits have taken.
    pub(super) fn give_back(&mut self) {
        self.taken.clear();
        for (_, taken) in &mut self.sent {
            *taken = false;
        }
    }

    /// The first from that number on that matches and that nobody has, which is taken now.
    fn next<S>(
        &mut self,
        kind: &str,
        from: &mut u32,
        matches: &impl Fn(&Sent) -> Option<S>,
    ) -> Option<(u32, S)> {
        let sent = (0_u32..).zip(&mut self.sent).skip(*from as usize);
        for (number, (sent, taken)) in sent {
            *from = number + 1;
            if !*taken
                && sent.kind == kind
                && let Some(found) = matches(sent)
            {
                *taken = true;
                return Some((number, found));
            }
        }
        None
    }
}

impl RunJournal {
    /// Records a signal that was sent to the run, durably; false, where the run has left memory.
    pub(crate) async fn send(&self, sent: Sent, mail: Option<u64>) -> Result<bool, Failure> {
        let Some(_busy) = self.enter() else {
            return Ok(false);
        };
        if !self.is_first(mail) {
            return Ok(true);
        }
        let what = What::Signal(sent.clone());
        {
            let _sending = self.sending.lock().await;
            // Mail is taken out of the journal by its record.
            if mail.is_some() || !self.state().signals.has(&sent) {
                self.write(String::new(), Body::of(&what), mail, Haste::None)
                    .await?;
            }
            // The run has it as soon as its journal will: whoever sends it may not wait for the disk.
            self.state().signals.push(sent);
            self.arrival();
            self.arrived.notify_waiters();
        }
        self.sync().await?;
        Ok(true)
    }

    /// Records the wish for the run to be cancelled, durably; false, where the run has left memory.
    pub(crate) async fn cancel(
        &self,
        mail: Option<u64>,
        stop: impl FnOnce(),
    ) -> Result<bool, Failure> {
        let Some(_busy) = self.enter() else {
            return Ok(false);
        };
        if self.is_first(mail) {
            self.write(String::new(), Body::of(&What::Cancelled), mail, Haste::None)
                .await?;
            stop();
            self.arrival();
            self.sync().await?;
        }
        Ok(true)
    }

    /// Whether that mail has not been read before.
    fn is_first(&self, mail: Option<u64>) -> bool {
        mail.is_none_or(|mail| self.state().signals.read.insert(mail))
    }

    /// What a wait has taken, where it has; whatever stops the run by now.
    ///
    /// # Errors
    /// Where it took what is not there.
    pub(crate) fn taken_before(&self, path: &str) -> Result<Option<Sent>, Failure> {
        let Some(number) = self.taken(path) else {
            return Ok(None);
        };
        let state = self.state();
        let sent = state.signals.sent.get(number as usize);
        let sent = sent.map(|(sent, _)| sent.clone());
        let sent = sent.ok_or_else(|| diverged(path, "the signal it took is not there"))?;
        Ok(Some(sent))
    }

    /// The next signal that matches and that nobody has.
    pub(crate) async fn wait<S>(
        &self,
        path: &str,
        kind: &str,
        until: u64,
        matches: impl Fn(&Sent) -> Option<S>,
    ) -> Result<S, Failure> {
        let mut from = 0;
        loop {
            // Registered before looking, so that none slips through between.
            let mut arrived = std::pin::pin!(self.arrived.notified());
            arrived.as_mut().enable();
            let next = self.state().signals.next(kind, &mut from, &matches);
            if let Some((signal, found)) = next {
                self.record(path.to_owned(), &What::Taken { signal })
                    .await?;
                self.state().signals.taken.push(signal);
                return Ok(found);
            }
            let _waiting = self.waiting(until);
            arrived.await;
        }
    }
}
