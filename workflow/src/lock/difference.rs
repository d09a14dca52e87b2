//! Which workflows the lock file does not hold as they are.

use std::fmt;

use super::file::Held;
use crate::graph::{Change, Outline};

/// A workflow that the lock file does not hold as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stale {
    /// The file lacks this version of it.
    New {
        /// Its name.
        workflow: String,
        /// Its version.
        version: u32,
    },
    /// It was changed while its version stayed the same.
    Changed {
        /// Its name.
        workflow: String,
        /// Its version.
        version: u32,
        /// The newest version of it that the file holds.
        newest: u32,
        /// Each change.
        changes: Vec<Change>,
    },
}

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::New { workflow, version } => write!(
                f,
                "version {version} of workflow {workflow:?} is not in it; add it with \
                 `ENACT_LOCK=update cargo test`, and check the file in"
            ),
            Self::Changed {
                workflow,
                version,
                newest,
                changes,
            } => {
                write!(
                    f,
                    "workflow {workflow:?} was changed, and is still version {version}:"
                )?;
                for change in changes {
                    write!(f, "\n- {change}")?;
                }
                write!(
                    f,
                    "\nruns of version {version} that are under way could not go on: "
                )?;
                if version < newest {
                    f.write_str("it is kept for them, so take the change back")?;
                } else {
                    write!(f, "write `version = {}`", version.saturating_add(1))?;
                }
                f.write_str(
                    "; or, when no run can be under way, run again with `ENACT_LOCK=update`",
                )
            }
        }
    }
}

/// How a workflow differs from what is held of its version; none, where it does not.
pub(super) fn of(held: &Held, new: &Outline) -> Option<Stale> {
    let (workflow, version) = (new.name.clone(), new.version);
    let Some(old) = held.get(&new.name, new.version) else {
        return Some(Stale::New { workflow, version });
    };
    let changes = old.changes(new);
    (!changes.is_empty()).then_some(Stale::Changed {
        workflow,
        version,
        newest: held.newest(&new.name),
        changes,
    })
}
