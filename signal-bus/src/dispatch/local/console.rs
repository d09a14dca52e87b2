//! A target that writes each signal as a line of JSON.

use std::fmt;
use std::io::{Write, stdout};
use std::sync::{Mutex, PoisonError};

use enact_signal_core::{Envelope, Limits, json};

use super::ready;
use crate::dispatch::{DispatchError, Kind, Outcome, Pending, Target};

/// Writes each signal as one line of JSON, to the standard output or to another writer.
///
/// It writes what the signal carries too: it is for looking on while developing, and for pipes.
///
/// ```
/// use std::io::{Write, sink};
///
/// use enact_signal_bus::dispatch::{Target, local::Console};
/// use enact_signal_core::Envelope;
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let console = Console::to(sink());
/// console.deliver(&Envelope::builder("order.paid", "/payments").build()?).await?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
pub struct Console {
    writer: Mutex<Box<dyn Write + Send>>,
    limits: Limits,
}

impl Default for Console {
    /// The standard output.
    fn default() -> Self {
        Self::to(stdout())
    }
}

impl Console {
    /// To that writer.
    pub fn to(writer: impl Write + Send + 'static) -> Self {
        Self {
            writer: Mutex::new(Box::new(writer)),
            limits: Limits::default(),
        }
    }

    fn write(&self, signal: &Envelope) -> Outcome {
        let mut line = json::write(signal, &self.limits)
            .map_err(|error| DispatchError::unwritable(self.name(), error))?;
        line.push(b'\n');
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let written = writer.write_all(&line).and_then(|()| writer.flush());
        written.map_err(|error| {
            let what = "it could not be written to; look at where the output goes";
            DispatchError::new(Kind::Failed, self.name(), what).because(error)
        })
    }
}

impl Target for Console {
    fn name(&self) -> &'static str {
        "console"
    }

    fn check(&self) -> Pending<'_, Outcome> {
        ready(Ok(()))
    }

    fn deliver<'a>(&'a self, signal: &'a Envelope) -> Pending<'a, Outcome> {
        ready(self.write(signal))
    }
}

impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Console").finish_non_exhaustive()
    }
}
