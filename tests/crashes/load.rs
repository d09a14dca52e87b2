//! What a process works through: fixed work on the file of one part, and what is promised of that.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::work::{Stopped, Weight};
use crate::{checker, log, work};

/// Fixed work on one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Load {
    /// Runs, in a journal.
    Runs(Weight),
    /// Signals that are published and acknowledged, in a log.
    Signals(Weight),
}

impl Load {
    /// The name of the file.
    pub(crate) const fn file(self) -> &'static str {
        match self {
            Self::Runs(_) => "runs.db",
            Self::Signals(_) => "signals.db",
        }
    }

    pub(crate) fn path(self, folder: &Path) -> PathBuf {
        folder.join(self.file())
    }

    pub(crate) const fn weight(self) -> Weight {
        match self {
            Self::Runs(weight) | Self::Signals(weight) => weight,
        }
    }

    /// Works through all of it, and tells the ledger; what is there already goes on.
    pub(crate) fn work(self, folder: &Path) -> Result<(), Stopped> {
        match self {
            Self::Runs(weight) => work::work(folder, weight),
            Self::Signals(weight) => log::work(folder, weight),
        }
    }

    /// Lets the next process go on in a folder after a crash, and checks all that is promised.
    ///
    /// # Errors
    /// What is not as promised, in words.
    pub(crate) fn check(self, folder: &Path) -> Result<(), String> {
        match self {
            Self::Runs(weight) => checker::check(folder, weight),
            Self::Signals(weight) => log::check(folder, weight),
        }
    }

    /// As a process is told of it.
    pub(crate) fn told(self) -> String {
        let kind = match self {
            Self::Runs(_) => "runs",
            Self::Signals(_) => "signals",
        };
        format!("{kind}-{}", self.weight().0)
    }
}

impl FromStr for Load {
    type Err = String;

    fn from_str(told: &str) -> Result<Self, String> {
        let (kind, weight) = told.split_once('-').ok_or(told)?;
        let weight = Weight(weight.parse().map_err(|_| told)?);
        match kind {
            "runs" => Ok(Self::Runs(weight)),
            "signals" => Ok(Self::Signals(weight)),
            _ => Err(told.to_owned()),
        }
    }
}
