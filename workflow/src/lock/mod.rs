//! The lock file: a changed graph without a new version is a failing test.
//!
//! A run that is under way goes on by the graph it was begun with. Who changes a workflow must
//! therefore say whether such runs can go on, and count its version up where they can't, keeping
//! the old version beside the new one while there are such runs. The lock file, checked in beside the code, remembers the graph of every version, so that a change can't
//! slip by.

mod difference;
mod error;
mod file;

use std::path::Path;

pub use self::difference::Stale;
pub use self::error::LockError;
use self::file::Held;
use crate::Graph;
pub use crate::graph::Change;
use crate::graph::Outline;
use crate::registry::versions;

/// The variable that asks for a new lock file: `ENACT_LOCK=update`.
const ASK: &str = "ENACT_LOCK";

/// What the lock file holds of some workflows.
///
/// ```
/// use enact_workflow::testing::Lock;
/// # use enact_workflow::Graph;
/// # fn graph(version: u32, code: u64) -> Graph {
/// #     Graph { name: "pay".into(), version, saga: false, deadline: None, nodes: [][..].into(), place: None, code }
/// # }
/// # let folder = std::env::temp_dir().join(format!("enact-lock-doc-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let path = folder.join("enact.lock");
/// # let (pay, changed, counted_up) = (graph(1, 5), graph(1, 6), graph(2, 6));
/// # Lock::of([&pay]).update(&path)?;
///
/// assert!(Lock::of([&pay]).check(&path).is_ok());
/// let error = Lock::of([&changed]).check(&path).unwrap_err();
/// assert_eq!(error.code(), "lock.changed");
///
/// Lock::of([&counted_up]).update(&path)?;
/// assert!(Lock::of([&pay, &counted_up]).check(&path).is_ok());
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Lock {
    outlines: Vec<Outline>,
}

impl Lock {
    /// Of these workflows.
    ///
    /// # Panics
    /// With every defect, where the program's actions are defective.
    pub fn of<'a>(graphs: impl IntoIterator<Item = &'a Graph>) -> Self {
        Self {
            outlines: graphs.into_iter().map(Graph::outline).collect(),
        }
    }

    /// Of every version of every workflow that is linked in.
    ///
    /// # Panics
    /// With every defect, where the program's actions are defective.
    pub fn linked() -> Self {
        Self::of(versions())
    }

    /// Compares with the lock file.
    ///
    /// What only the file has is let be: former versions, and workflows of other programs.
    ///
    /// # Errors
    /// When the file is missing, can't be read, or holds another graph, or none, for one of them.
    pub fn check(&self, path: impl AsRef<Path>) -> Result<(), LockError> {
        let path = path.as_ref();
        let held = Held::read(path)?.ok_or_else(|| LockError::Missing { path: path.into() })?;
        let compared = self.outlines.iter();
        let stale: Vec<Stale> = compared
            .filter_map(|outline| difference::of(&held, outline))
            .collect();
        if stale.is_empty() {
            return Ok(());
        }
        Err(LockError::Changed {
            path: path.into(),
            stale,
        })
    }

    /// Writes these graphs to the lock file, which keeps all else that it holds.
    ///
    /// # Errors
    /// When the file is there and can't be read, or can't be written.
    pub fn update(&self, path: impl AsRef<Path>) -> Result<(), LockError> {
        let path = path.as_ref();
        let mut held = Held::read(path)?.unwrap_or_default();
        for outline in &self.outlines {
            held.put(outline.clone());
        }
        held.write(path)
    }

    /// Compares with the lock file, or writes it where `ENACT_LOCK=update` is set.
    ///
    /// # Panics
    /// With all that differs and what to do, where [`check`](Self::check) gives an error; when the
    /// file can't be written; when it is to be written in continuous integration, that is with
    /// `CI` set.
    #[track_caller]
    pub fn assert(&self, path: impl AsRef<Path>) {
        let var = |name| std::env::var(name).unwrap_or_default();
        if let Err(error) = self.keep(path.as_ref(), &var(ASK), &var("CI")) {
            error.stop();
        }
    }

    fn keep(&self, path: &Path, ask: &str, ci: &str) -> Result<(), LockError> {
        if ask != "update" {
            return self.check(path);
        }
        if !matches!(ci, "" | "0" | "false") {
            return Err(LockError::Refused { path: path.into() });
        }
        self.update(path)
    }
}

/// Compares every workflow that is linked in with the lock file, or writes the file where
/// `ENACT_LOCK=update` is set.
///
/// A test in the crate that defines the workflows calls it; the path is relative to that crate's
/// folder.
///
/// ```no_run
/// #[test]
/// fn versions_are_counted_up() {
///     enact_workflow::testing::assert_lock("enact.lock");
/// }
/// ```
///
/// # Panics
/// As [`Lock::assert`] does.
#[track_caller]
pub fn assert_lock(path: impl AsRef<Path>) {
    Lock::linked().assert(path);
}

/// Compares these workflows with the lock file.
///
/// # Errors
/// As [`Lock::check`].
pub fn check_lock<'a>(
    path: impl AsRef<Path>,
    graphs: impl IntoIterator<Item = &'a Graph>,
) -> Result<(), LockError> {
    Lock::of(graphs).check(path)
}

#[cfg(test)]
mod tests;
