//! What came of undoing.

use serde::Serialize;

use super::Failure;

/// What came of undoing an execution that failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Undone {
    /// The undo ran to its end.
    Done,
    /// The undo failed too; the world may be left half changed.
    Failed(Failure),
    /// The steps of a saga, in the order in which they were undone.
    Steps(Vec<UndoneStep>),
}

impl Undone {
    /// Whether nothing is left to undo.
    pub fn is_done(&self) -> bool {
        match self {
            Self::Done => true,
            Self::Failed(_) => false,
            Self::Steps(steps) => steps
                .iter()
                .all(|step| matches!(step.outcome, UndoOutcome::Done)),
        }
    }
}

/// One step of a saga that went back.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct UndoneStep {
    /// The step's path.
    pub path: String,
    /// What came of its undo.
    pub outcome: UndoOutcome,
}

impl UndoneStep {
    /// That step, with what came of its undo.
    pub fn new(path: impl Into<String>, outcome: UndoOutcome) -> Self {
        let path = path.into();
        Self { path, outcome }
    }
}

/// What came of the undo of one step.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UndoOutcome {
    /// The undo ran to its end.
    Done,
    /// The undo failed.
    Failed(Failure),
    /// The undo was not begun, because the one of a later step failed.
    Pending,
}
