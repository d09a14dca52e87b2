//! How runs ended, and what was different where a crash fell.

use std::fmt;

use enact_action_core::Failure;
use serde_json::Value;

use crate::journal::Deed;

/// How many windows an error tells of in full.
const TOLD: usize = 10;

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum End {
    Answered(Value),
    Failed { code: String, step: Option<String> },
}

/// How a run ended, and what is seen of the world then.
#[derive(Debug, Clone)]
pub(super) struct Ended {
    pub(super) end: End,
    pub(super) world: Option<Value>,
}

impl End {
    pub(super) fn of(answer: Result<Value, Failure>) -> Self {
        match answer {
            Ok(answer) => Self::Answered(answer),
            Err(failure) => Self::Failed {
                code: failure.code().to_owned(),
                step: failure.step().map(str::to_owned),
            },
        }
    }
}

impl Ended {
    /// That another run ended in the same way.
    pub(super) fn same(&self, other: &Self) -> Result<(), String> {
        if self.end != other.end {
            return Err(format!("it {}, and undisturbed it {}", other.end, self.end));
        }
        match (&self.world, &other.world) {
            (Some(own), Some(others)) if own != others => Err(format!(
                "it leaves the world as {others}, and undisturbed as {own}"
            )),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered(answer) => write!(f, "answers {answer}"),
            Self::Failed { code, step: None } => write!(f, "fails with `{code}`"),
            Self::Failed {
                code,
                step: Some(step),
            } => write!(f, "fails at `{step}` with `{code}`"),
        }
    }
}

/// What was done, in words.
pub(super) fn deed(kind: Deed, path: &str) -> String {
    match kind {
        Deed::Step => format!("step `{path}`"),
        Deed::Emit => format!("sending the signal of `{path}`"),
        Deed::Undo => format!("the undo of `{path}`"),
    }
}

/// The windows into which a crash fell; after each of them the run ended as the undisturbed one.
#[derive(Debug, Clone)]
pub struct Crashes {
    windows: Vec<String>,
}

impl Crashes {
    pub(super) fn new(windows: Vec<String>) -> Self {
        Self { windows }
    }

    /// The windows, in the order in which a run passes them; those with records held back last.
    pub fn windows(&self) -> &[String] {
        &self.windows
    }
}

impl fmt::Display for Crashes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tried = self.windows.len();
        write!(
            f,
            "a crash fell into {tried} windows, and after each the run ended as it should"
        )
    }
}

/// A window after which a run did not end as it should.
#[derive(Debug, Clone)]
pub struct Failed {
    window: String,
    why: String,
}

impl Failed {
    pub(super) fn new(window: String, why: String) -> Self {
        Self { window, why }
    }

    /// Where the crash fell.
    pub fn window(&self) -> &str {
        &self.window
    }

    /// What was different.
    pub fn why(&self) -> &str {
        &self.why
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a crash {}: {}", self.window, self.why)
    }
}

/// A workflow does not survive crashes, or does not end at all.
#[derive(Debug, Clone)]
pub struct CrashError {
    message: String,
    failed: Vec<Failed>,
}

impl CrashError {
    pub(super) fn undisturbed(why: impl fmt::Display) -> Self {
        Self {
            message: format!("could not find out how the run ends undisturbed: {why}"),
            failed: Vec::new(),
        }
    }

    pub(super) fn endless(windows: usize) -> Self {
        let message = format!(
            "could not crash the run everywhere: it has more than {windows} windows; give it fewer items"
        );
        Self {
            message,
            failed: Vec::new(),
        }
    }

    pub(super) fn otherwise(tried: usize, failed: Vec<Failed>) -> Self {
        let count = failed.len();
        let message = format!("the run ends otherwise after a crash in {count} of {tried} windows");
        Self { message, failed }
    }

    /// The windows after which the run did not end as it should.
    pub fn failed(&self) -> &[Failed] {
        &self.failed
    }
}

impl fmt::Display for CrashError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        for failed in self.failed.iter().take(TOLD) {
            write!(f, "\n- {failed}")?;
        }
        match self.failed.len().checked_sub(TOLD) {
            Some(more) if more > 0 => write!(f, "\n- and {more} more"),
            _ => Ok(()),
        }
    }
}

impl std::error::Error for CrashError {}
