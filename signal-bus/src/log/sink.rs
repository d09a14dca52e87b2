//! A log as where signals can go.

use enact_signal_core::{BoxFuture, Envelope, Failure, Sink};

use super::{Log, LogError, LogErrorKind};

impl Sink for Log {
    /// Publishes the signal, durably; one that comes again is recorded once.
    fn accept(&self, envelope: Envelope) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async {
            let published = self.publish(envelope).await;
            published.map(drop).map_err(failure)
        })
    }
}

/// A store may be mended and the log opened anew, so that whoever keeps what was not taken tries again.
fn failure(error: LogError) -> Failure {
    let (code, message) = (error.kind().code(), error.to_string());
    let failure = match error.kind() {
        LogErrorKind::Store | LogErrorKind::Closed => Failure::retryable(code, message),
        _ => Failure::terminal(code, message),
    };
    failure.because(error)
}
