//! A bus as a sink: what is accepted is published.

use enact_signal_core::{BoxFuture, Envelope, Failure, Sink};

use super::{Bus, PublishError, PublishErrorKind};

impl Sink for Bus {
    /// Publishes the signal.
    ///
    /// A bus that [publishes each signal once](super::BusBuilder::dedupe) accepts one that comes again.
    fn accept(&self, envelope: Envelope) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async {
            let published = self.publish(envelope).await;
            published.map(drop).map_err(failure)
        })
    }
}

fn failure(error: PublishError) -> Failure {
    let (code, message) = (error.kind().code(), error.to_string());
    let failure = match error.kind() {
        PublishErrorKind::Full | PublishErrorKind::Limited => Failure::retryable(code, message),
        _ => Failure::terminal(code, message),
    };
    let failure = match error.retry_after() {
        Some(wait) => failure.retry_after(wait),
        None => failure,
    };
    failure.because(error)
}
