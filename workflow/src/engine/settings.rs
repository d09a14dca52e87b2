//! How an engine works.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Clock, SystemClock};
#[cfg(feature = "sealed")]
use crate::journal::sealed::{Keyring, Sealed};
use crate::journal::{Store, StoreError, Writer, sealed};
#[cfg(feature = "testing")]
use crate::testing::Windows;

/// How an engine works; the defaults suit most.
///
/// ```
/// # use std::time::Duration;
/// use enact_workflow::engine::Settings;
///
/// let settings = Settings::default()
///     .most_live(2_000)
///     .keep(Duration::from_secs(90 * 24 * 60 * 60));
/// # let _ = settings;
/// ```
#[derive(Debug, Clone)]
pub struct Settings {
    pub(super) most_live: usize,
    pub(super) linger: Duration,
    pub(super) poll: Duration,
    pub(super) most_output: usize,
    pub(super) keep: Option<Duration>,
    pub(super) tables: Option<String>,
    pub(super) clock: Arc<dyn Clock>,
    #[cfg(feature = "sealed")]
    keys: Option<Keyring>,
    #[cfg(feature = "testing")]
    windows: Option<Windows>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            most_live: 10_000,
            linger: Duration::from_secs(1),
            poll: Duration::from_millis(250),
            most_output: 16 * 1024 * 1024,
            keep: None,
            tables: None,
            clock: Arc::new(SystemClock),
            #[cfg(feature = "sealed")]
            keys: None,
            #[cfg(feature = "testing")]
            windows: None,
        }
    }
}

impl Settings {
    /// How many runs are in memory at once; what is started beyond that waits in the journal. 10,000
    /// by default.
    #[must_use]
    pub fn most_live(self, most_live: usize) -> Self {
        Self { most_live, ..self }
    }

    /// How long a run that does nothing but wait stays in memory. A second by default.
    #[must_use]
    pub fn linger(self, linger: Duration) -> Self {
        Self { linger, ..self }
    }

    /// How often the engine looks into the journal for what others have left there. 250 ms by
    /// default.
    #[must_use]
    pub fn poll(self, poll: Duration) -> Self {
        Self { poll, ..self }
    }

    /// How many bytes of JSON the output of a step may have. 16 MiB by default.
    #[must_use]
    pub fn most_output(self, most_output: usize) -> Self {
        Self {
            most_output,
            ..self
        }
    }

    /// How long runs that have ended are kept. For ever by default; their ids are free again
    /// after that.
    #[must_use]
    pub fn keep(self, keep: Duration) -> Self {
        Self {
            keep: Some(keep),
            ..self
        }
    }

    /// SQL that makes the tables that steps write to with [`transact`](crate::transact), where they are
    /// not there yet; it runs each time the journal is opened, on a connection of its own. The journal's own tables are `runs`, `endings`, `mail`,
    /// `graphs`, `notes`, and what begins with `journal`; a log of signals has what begins with `signal_`. A journal of [`with`](super::Engine::with) is opened
    /// already, so this is not for it.
    #[must_use]
    pub fn tables(self, sql: impl Into<String>) -> Self {
        Self {
            tables: Some(sql.into()),
            ..self
        }
    }

    /// The keys that all content of the journal is sealed with, so that it can hold secrets; see
    /// [`journal::sealed`](crate::journal::sealed). None by default: then it is kept in clear, and fields marked `secret`
    /// are refused.
    ///
    /// A journal that was begun in clear is sealed from then on; what stands in it stays as it is until its runs are
    /// pruned. Once it is sealed, it is not opened without its keys.
    #[cfg(feature = "sealed")]
    #[must_use]
    pub fn keys(self, keys: Keyring) -> Self {
        Self {
            keys: Some(keys),
            ..self
        }
    }

    /// Whether there are keys.
    #[cfg_attr(
        not(feature = "sealed"),
        expect(clippy::unused_self, reason = "keys are settings")
    )]
    pub(super) fn seals(&self) -> bool {
        #[cfg(feature = "sealed")]
        return self.keys.is_some();
        #[cfg(not(feature = "sealed"))]
        false
    }

    /// A store, sealed where there are keys.
    #[cfg_attr(
        not(feature = "sealed"),
        expect(clippy::unused_self, reason = "keys are settings")
    )]
    pub(super) fn sealing(&self, store: Box<dyn Store>) -> Result<Box<dyn Store>, StoreError> {
        #[cfg(feature = "sealed")]
        if let Some(keys) = &self.keys {
            return Ok(Box::new(Sealed::open(store, keys)?));
        }
        sealed::unsealed(&mut *store.reader()?)?;
        Ok(store)
    }

    /// The same, but that the engine looks into the journal often enough to keep its lease.
    pub(super) fn within(self, lease: Option<Duration>) -> Self {
        let poll = lease.map_or(self.poll, |lease| self.poll.min(lease / 4));
        Self { poll, ..self }
    }

    /// Who tells the time of day. The system by default.
    #[must_use]
    pub fn clock(self, clock: impl Clock + 'static) -> Self {
        Self {
            clock: Arc::new(clock),
            ..self
        }
    }

    /// Puts the engine on a test's stage: its journal is read and written by whoever waits for that, with no
    /// thread beside, so that a test on one thread goes the same way each time; and a crash falls where
    /// `windows` says.
    #[cfg(feature = "testing")]
    #[must_use]
    pub fn windows(self, windows: &Windows) -> Self {
        Self {
            windows: Some(windows.clone()),
            ..self
        }
    }

    /// Who writes into a store.
    #[cfg_attr(
        not(feature = "testing"),
        expect(clippy::unused_self, reason = "a test's stage is a setting")
    )]
    pub(super) fn writer(&self, store: Box<dyn Store>) -> std::io::Result<Writer> {
        #[cfg(feature = "testing")]
        if let Some(windows) = &self.windows {
            return Ok(Writer::staged(store, windows));
        }
        Writer::start(store)
    }

    /// Whether the journal is read where that is asked for, and not on a thread that may block.
    #[cfg_attr(
        not(feature = "testing"),
        expect(clippy::unused_self, reason = "a test's stage is a setting")
    )]
    pub(super) fn reads_here(&self) -> bool {
        #[cfg(feature = "testing")]
        return self.windows.is_some();
        #[cfg(not(feature = "testing"))]
        false
    }
}
