//! Sending signals.

use std::convert::identity;
use std::fmt::Write as _;
use std::sync::Arc;

use enact_action_core::Failure;
use enact_action_core::context::Trace;
use enact_action_core::spec::Effect;
use enact_signal_core::{Compose, Envelope, Seal, Signal, Sink};

use super::Scope;
use crate::event::What;
use crate::journal::{Causes, Deed, EventId, What as Recorded};
use crate::signals::Signals;

impl Scope<'_> {
    /// Sends a signal: to the context's sink, where it has one, and to its [`Signals`] otherwise.
    ///
    /// What a sink gets of a run with an idempotency key, as every durable run has, is the same event each
    /// time that it is emitted anew, as after a crash: its id is the run's key and the node's path.
    ///
    /// What a durable run emits has as its causes the event that started the run and every event that a
    /// `wait` of the run, in whichever arm, had taken before by its journal; at most 16, the first and the
    /// latest. Its correlation is that of the event that started the run, and the run's id where none did.
    ///
    /// # Errors
    /// Where the context has neither; where the signal breaks its own rules; those of the sink.
    pub async fn emit<S: Signal>(
        &self,
        node: u32,
        signal: S,
        subject: Option<String>,
    ) -> Result<(), Failure> {
        if let Some(journal) = self.root.journal() {
            let path = self.root.path(node, self.at);
            if journal.emitted_first(&path) {
                return Ok(());
            }
            if let Some(known) = self.known::<()>(journal, node, Effect::Write).await {
                return known.map_err(|failure| self.failure_at(node, failure));
            }
            self.may_go_on()?;
            // Before the sync: so the causes are on disk when they are named.
            let causes = journal.causes();
            journal.sync().await?;
            let _busy = journal.busy();
            let sent = self.sent(node, signal, subject, causes);
            let sent = journal.doing(Deed::Emit, &path, sent).await;
            self.ended(journal, node, &sent).await?;
            let event = sent.map_err(|failure| self.failed(node, failure))?;
            let emitted = Recorded::Emitted { event };
            return journal.record_soon(path, &emitted).await;
        }
        self.may_go_on()?;
        let sent = self.sent(node, signal, subject, Causes::default());
        let sent = sent.await.map(drop);
        sent.map_err(|failure| self.failed(node, failure))
    }

    async fn sent<S: Signal>(
        &self,
        node: u32,
        signal: S,
        subject: Option<String>,
        causes: Causes,
    ) -> Result<Option<EventId>, Failure> {
        let sent = match self.root.cx.resources().one::<Arc<dyn Sink>>() {
            Some(sink) => match self.envelope(node, signal, subject, causes) {
                Ok(envelope) => {
                    let event = EventId::of(&envelope);
                    let accepted = self.unless_stopped(sink.accept(envelope)).await;
                    accepted.and_then(identity).map(|()| Some(event))
                }
                Err(failure) => Err(failure),
            },
            None => {
                let signals = self.root.cx.resource::<Signals>();
                signals.map(|signals| {
                    signals.send(signal, subject);
                    None
                })
            }
        };
        let event = sent?;
        self.tell(node, || What::Emitted {
            signal: S::TYPE.to_owned(),
        });
        Ok(event)
    }

    /// The event that a signal is, with what the run knows of its cause.
    fn envelope<S: Signal>(
        &self,
        node: u32,
        signal: S,
        subject: Option<String>,
        causes: Causes,
    ) -> Result<Envelope, Failure> {
        let cx = &self.root.cx;
        let mut draft = signal.draft();
        if let Some(subject) = subject {
            draft = draft.subject(subject);
        }
        if let Some(trace) = cx.trace() {
            draft = draft.trace(Trace::child(trace));
        }
        if let Some(key) = cx.idempotency_key() {
            let path = self.at.fill("", self.root.own_path(node));
            draft = draft.id(as_id(&format!("{key}/{path}")));
        }
        draft = causes
            .ids
            .iter()
            .fold(draft, |draft, id| draft.caused_by_id(id));
        let run = || self.root.run().map(as_id);
        if let Some(correlation) = causes.correlation.or_else(run) {
            draft = draft.correlation(correlation);
        }
        draft.seal().map_err(|error| {
            let message = format!("could not emit `{}`: {error}", S::TYPE);
            Failure::terminal(error.code(), message).because(error)
        })
    }
}

/// Text as an id can have it: what is not printed, and what is not ASCII, as URIs write it.
fn as_id(text: &str) -> String {
    let mut id = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && byte != b'%' {
            id.push(char::from(byte));
        } else {
            // Writing to a String can't fail.
            let _ = write!(id, "%{byte:02X}");
        }
    }
    id
}

#[cfg(test)]
mod tests {
    use super::as_id;

    #[test]
    fn different_keys_make_different_ids() {
        assert_eq!(as_id("sale-1/labels[3]/emit1"), "sale-1/labels[3]/emit1");
        assert_eq!(as_id("a b\n\u{e9}"), "a%20b%0A%C3%A9");
        assert_ne!(as_id("a b"), as_id("a%20b"));
    }
}
