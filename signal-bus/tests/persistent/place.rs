//! Where tests keep their logs, and the time in them.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use enact_signal_bus::log::{Clock, Log, Memory, Settings};
use enact_signal_core::{Builder, Envelope, Pattern};
use tokio::time::Instant;

/// The paused time of a test, as a time of day.
#[derive(Debug)]
pub(crate) struct Paused(Instant);

impl Clock for Paused {
    fn now(&self) -> u64 {
        1_000_000 + u64::try_from(self.0.elapsed().as_millis()).unwrap()
    }
}

/// A log in memory whose time is that of the test.
pub(crate) fn log(kept: &Memory) -> Log {
    log_with(kept, |settings| settings)
}

/// The same, with more settings.
pub(crate) fn log_with(kept: &Memory, more: impl FnOnce(Settings) -> Settings) -> Log {
    let settings = Settings {
        clock: Arc::new(Paused(Instant::now())),
        ..Settings::default()
    };
    Log::over(kept.clone(), more(settings)).unwrap()
}

/// A folder of its own for one test.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("persistent-{name}"));
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

pub(crate) fn orders() -> Pattern {
    Pattern::new("order.**").unwrap()
}

/// An order about a subject.
pub(crate) fn order(subject: &str) -> Builder {
    Envelope::builder("order.created", "/shop").subject(subject)
}
