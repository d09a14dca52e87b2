//! Sending signals.

use std::fmt::Write as _;
use std::sync::Arc;

use enact_action_core::Failure;
use enact_action_core::context::Trace;
use enact_signal_core::{Compose, Envelope, Seal, Signal, Sink};

use super::Scope;
use crate::event::What;
use crate::journal::{Deed, What as Recorded};
use crate::signals::Signals;

impl Scope<'_> {
    /// Sends a signal: to the context's sink, where it has one, and to its [`Signals`] otherwise.
    ///
    /// What a sink gets of a run with an idempotency key, as every durable run has, is the same event each
    /// time that it is emitted anew, as after a crash: its id is the run's key and the node's path.
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
            if journal.emitted(&self.root.path(node, self.at)) {
                return Ok(());
            }
            self.may_go_on()?;
            journal.sync().await?;
            let path = self.root.path(node, self.at);
            let _busy = journal.busy();
            let sent = self.sent(node, signal, subject);
            journal.doing(Deed::Emit, &path, sent).await?;
            return journal.record(path, &Recorded::Emitted).await;
        }
        self.may_go_on()?;
        self.sent(node, signal, subject).await
    }

    async fn sent<S: Signal>(
        &self,
        node: u32,
        signal: S,
        subject: Option<String>,
    ) -> Result<(), Failure> {
        let sent = match self.root.cx.resources().one::<Arc<dyn Sink>>() {
            Some(sink) => match self.envelope(node, signal, subject) {
                Ok(envelope) => {
                    let accepted = self.unless_stopped(sink.accept(envelope)).await;
                    accepted.and_then(std::convert::identity)
                }
                Err(failure) => Err(failure),
            },
            None => {
                let signals = self.root.cx.resource::<Signals>();
                signals.map(|signals| signals.send(signal, subject))
            }
        };
        sent.map_err(|failure| self.failed(node, failure))?;
        self.tell(node, || What::Emitted {
            signal: S::TYPE.to_owned(),
        });
        Ok(())
    }

    /// The event that a signal is, with what the run knows of its cause.
    fn envelope<S: Signal>(
        &self,
        node: u32,
        signal: S,
        subject: Option<String>,
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
        let cause = self.root.journal().and_then(|journal| journal.cause());
        if let Some(cause) = cause {
            draft = draft.extension("causationid", cause.id);
            draft = draft.correlation(cause.correlation);
        } else if let Some(run) = self.root.run() {
            draft = draft.correlation(as_id(run));
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
