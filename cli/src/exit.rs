//! The exit codes: what a script may rely on.

use std::process::ExitCode;

use enact_action_core::{Failure, Kind};

/// The code of the failure to find an action, as the registry gives it.
pub(crate) const UNKNOWN: &str = "action.unknown";

/// The codes of failures of what nobody has approved of.
pub(crate) const UNAPPROVED: [&str; 2] = ["confirm.needed", "confirm.declined"];

/// The code of the failure to find a workflow.
#[cfg(feature = "workflow")]
pub(crate) const UNKNOWN_WORKFLOW: &str = "workflow.unknown";

/// The code of the failure to find a run.
#[cfg(feature = "journal")]
pub(crate) const UNKNOWN_RUN: &str = "run.unknown";

/// The code of the failure to find a signal or a run.
#[cfg(all(feature = "journal", feature = "trail"))]
pub(crate) const UNKNOWN_TRAIL: &str = "trail.unknown";

/// How the program ends; each has a code that stays what it is.
///
/// ```
/// use enact_cli::{App, Exit, Io};
///
/// let io = Io::captured(Vec::new(), Vec::new());
/// let exit = App::new("shop").run_from(["run", "no_such_action"], io);
/// assert_eq!(exit, Exit::Unknown);
/// assert_eq!(exit.code(), 64);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum Exit {
    /// 0: done. Also when whoever read the output has closed it early.
    Ok = 0,
    /// 1: the action ran and failed.
    Failed = 1,
    /// 2: the command line could not be read.
    Usage = 2,
    /// 64: there is no action, no workflow, no run or no signal of that name.
    Unknown = 64,
    /// 65: the params broke a rule; nothing ran.
    Invalid = 65,
    /// 70: the action panicked.
    Panicked = 70,
    /// 77: the action needs somebody's approval and has none; nothing ran.
    Unapproved = 77,
    /// 78: the program itself is wrong: its actions are defective, or a resource is missing.
    Misconfigured = 78,
    /// 124: an attempt or the whole run took too long.
    Timeout = 124,
    /// 130: it was cancelled, as by Ctrl-C.
    Cancelled = 130,
}

impl Exit {
    /// The code that the shell sees.
    pub const fn code(self) -> u8 {
        self as u8
    }

    pub(crate) fn of(failure: &Failure) -> Self {
        match failure.kind() {
            Kind::Invalid => Self::Invalid,
            Kind::Timeout => Self::Timeout,
            Kind::Cancelled => Self::Cancelled,
            Kind::Panicked => Self::Panicked,
            Kind::Misconfigured if failure.code() == UNKNOWN => Self::Unknown,
            #[cfg(feature = "workflow")]
            Kind::Misconfigured if failure.code() == UNKNOWN_WORKFLOW => Self::Unknown,
            #[cfg(feature = "journal")]
            Kind::Misconfigured if failure.code() == UNKNOWN_RUN => Self::Unknown,
            #[cfg(all(feature = "journal", feature = "trail"))]
            Kind::Misconfigured if failure.code() == UNKNOWN_TRAIL => Self::Unknown,
            Kind::Misconfigured => Self::Misconfigured,
            Kind::Failed if UNAPPROVED.contains(&failure.code()) => Self::Unapproved,
            // A kind that comes later is a failure like any other, until it gets its own code.
            _ => Self::Failed,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// Why a verb did not come to its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The command line asks for something that can't be read.
    Usage(String),
    /// Something failed.
    Failed(Failure),
    /// All has been said; only the exit is left.
    Silent(Exit),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}
