//! A failure as a journal keeps it.

use std::time::Duration;

use enact_action_core::__private::Restored;
use enact_action_core::{Failure, UndoOutcome, Undone, UndoneStep};
use serde::{Deserialize, Serialize};

/// A failure as it is kept: all but its cause.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    kind: String,
    code: String,
    message: String,
    retryable: bool,
    attempts: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    step: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    wait_ms: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    undone: Option<Box<KeptUndone>>,
}

/// What came of an undo, as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KeptUndone {
    Done,
    Failed(Box<Kept>),
    /// The path of each step, and what came of its undo.
    Steps(Vec<(String, KeptOutcome)>),
}

/// What came of the undo of one step, as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum KeptOutcome {
    Done,
    Failed(Box<Kept>),
    Pending,
}

impl Kept {
    pub(crate) fn of(failure: &Failure) -> Self {
        Self {
            kind: failure.kind().as_str().to_owned(),
            code: failure.code().to_owned(),
            message: failure.message().to_owned(),
            retryable: failure.is_retryable(),
            attempts: failure.attempts(),
            step: failure.step().map(Box::from),
            wait_ms: failure
                .wait()
                .map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
            undone: failure.undone().and_then(KeptUndone::of).map(Box::new),
        }
    }

    pub(crate) fn kind(&self) -> &str {
        &self.kind
    }

    /// Its code and its message.
    pub(crate) fn told(&self) -> (String, String) {
        (self.code.clone(), self.message.clone())
    }

    pub(crate) fn step(&self) -> Option<&str> {
        self.step.as_deref()
    }

    /// Whether there is something that could not be undone.
    pub(crate) fn has_left(&self) -> bool {
        match self.undone.as_deref() {
            None | Some(KeptUndone::Done) => false,
            Some(KeptUndone::Failed(_)) => true,
            Some(KeptUndone::Steps(steps)) => steps
                .iter()
                .any(|(_, outcome)| !matches!(outcome, KeptOutcome::Done)),
        }
    }

    pub(crate) fn failure(&self) -> Failure {
        let failure = Failure::restored(Restored {
            kind: self.kind.clone(),
            code: self.code.clone(),
            message: self.message.clone(),
            retryable: self.retryable,
            retry_after: self.wait_ms.map(Duration::from_millis),
            attempts: self.attempts,
        });
        let failure = match &self.step {
            Some(step) => failure.at_step(step),
            None => failure,
        };
        match &self.undone {
            Some(undone) => failure.with_undone(undone.undone()),
            None => failure,
        }
    }
}

impl KeptUndone {
    /// None, where there is a kind of it that is not known here.
    fn of(undone: &Undone) -> Option<Self> {
        match undone {
            Undone::Done => Some(Self::Done),
            Undone::Failed(failure) => Some(Self::Failed(Box::new(Kept::of(failure)))),
            Undone::Steps(steps) => {
                let kept =
                    |step: &UndoneStep| Some((step.path.clone(), KeptOutcome::of(&step.outcome)?));
                steps
                    .iter()
                    .map(kept)
                    .collect::<Option<_>>()
                    .map(Self::Steps)
            }
            _ => None,
        }
    }

    fn undone(&self) -> Undone {
        match self {
            Self::Done => Undone::Done,
            Self::Failed(kept) => Undone::Failed(kept.failure()),
            Self::Steps(steps) => {
                let steps = steps.iter();
                let step =
                    |(path, kept): &(String, KeptOutcome)| UndoneStep::new(path, kept.outcome());
                Undone::Steps(steps.map(step).collect())
            }
        }
    }
}

impl KeptOutcome {
    fn of(outcome: &UndoOutcome) -> Option<Self> {
        match outcome {
            UndoOutcome::Done => Some(Self::Done),
            UndoOutcome::Failed(failure) => Some(Self::Failed(Box::new(Kept::of(failure)))),
            UndoOutcome::Pending => Some(Self::Pending),
            _ => None,
        }
    }

    fn outcome(&self) -> UndoOutcome {
        match self {
            Self::Done => UndoOutcome::Done,
            Self::Failed(kept) => UndoOutcome::Failed(kept.failure()),
            Self::Pending => UndoOutcome::Pending,
        }
    }
}
