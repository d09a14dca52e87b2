//! What a run does to the world, so that tests can let a crash fall around it.

use super::RunJournal;

/// What a run does to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Deed {
    Step,
    Emit,
    Undo,
}

impl RunJournal {
    /// Does something to the world, at that path.
    #[cfg(not(feature = "testing"))]
    #[expect(
        clippy::unused_self,
        reason = "on a test's stage it knows where a crash falls"
    )]
    pub(crate) fn doing<F: Future>(&self, _: Deed, _: &str, deed: F) -> F {
        deed
    }

    /// Does something to the world, at that path; on a test's stage a crash may fall around it.
    #[cfg(feature = "testing")]
    pub(crate) async fn doing<F: Future>(&self, kind: Deed, path: &str, deed: F) -> F::Output {
        match self.writer.windows() {
            None => deed.await,
            Some(windows) => windows.doing(kind, path, deed).await,
        }
    }
}
