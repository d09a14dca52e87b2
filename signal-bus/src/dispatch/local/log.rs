//! A target that tells `tracing` of each signal.

use enact_signal_core::Envelope;
use tracing::{Level, event};

use super::ready;
use crate::dispatch::{Outcome, Pending, Target};

/// Tells `tracing` of each signal, under the target `enact::dispatch`: its type, id, source and
/// subject.
///
/// What it carries is left out, since nobody has said that it may stand in a log.
///
/// ```
/// use enact_signal_bus::dispatch::local::Log;
/// use tracing::Level;
///
/// let quiet = Log::at(Level::DEBUG);
/// # let _ = quiet;
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Log(Level);

impl Default for Log {
    /// At the level of information.
    fn default() -> Self {
        Self(Level::INFO)
    }
}

impl Log {
    /// At that level.
    pub fn at(level: Level) -> Self {
        Self(level)
    }
}

/// The level of an event is a constant.
macro_rules! tell {
    ($level:expr, $signal:expr) => {
        event!(
            target: "enact::dispatch",
            $level,
            ty = $signal.ty().as_str(),
            id = $signal.id(),
            source = $signal.source(),
            subject = $signal.subject(),
            "signal"
        )
    };
}

impl Target for Log {
    fn name(&self) -> &'static str {
        "log"
    }

    fn check(&self) -> Pending<'_, Outcome> {
        ready(Ok(()))
    }

    fn deliver<'a>(&'a self, signal: &'a Envelope) -> Pending<'a, Outcome> {
        match self.0 {
            Level::ERROR => tell!(Level::ERROR, signal),
            Level::WARN => tell!(Level::WARN, signal),
            Level::INFO => tell!(Level::INFO, signal),
            Level::DEBUG => tell!(Level::DEBUG, signal),
            Level::TRACE => tell!(Level::TRACE, signal),
        }
        ready(Ok(()))
    }
}
