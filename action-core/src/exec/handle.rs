//! A spawned execution: owned by its handle, cancelled with it.

use std::future::{Future, IntoFuture};

use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::action::BoxFuture;
use crate::failure::Failure;

/// A running execution. Await it for its answer.
///
/// Dropping the handle cancels the execution: its run is stopped and its undo runs, in the
/// background. [`cancel`](Self::cancel) does the same and waits for the end;
/// [`detach`](Self::detach) lets the execution go on by itself.
#[derive(Debug)]
#[must_use = "dropping the handle cancels the execution; `detach` it to let it go on"]
pub struct Handle<O> {
    task: JoinHandle<Result<O, Failure>>,
    guard: DropGuard,
}

impl<O: Send + 'static> Handle<O> {
    #[expect(clippy::disallowed_methods, reason = "the handle owns the task")]
    pub(super) fn spawn(
        run: impl Future<Output = Result<O, Failure>> + Send + 'static,
        token: CancellationToken,
    ) -> Self {
        Self {
            task: tokio::spawn(run),
            guard: token.drop_guard(),
        }
    }

    /// Cancels, and waits until the run has stopped and the undo has ended.
    ///
    /// # Errors
    /// A cancelled failure, with what came of the undo; or the run's own, where it ended first.
    pub async fn cancel(self) -> Result<O, Failure> {
        self.guard.disarm().cancel();
        join(self.task).await
    }

    /// Lets the execution go on without anybody waiting for it.
    pub fn detach(self) {
        drop(self.guard.disarm());
    }

    /// Whether the execution has ended.
    pub fn is_finished(&self) -> bool {
        self.task.is_finished()
    }
}

impl<O: Send + 'static> IntoFuture for Handle<O> {
    type Output = Result<O, Failure>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            // Held until the answer is there: dropping this future cancels.
            let _guard = self.guard;
            join(self.task).await
        })
    }
}

async fn join<O>(task: JoinHandle<Result<O, Failure>>) -> Result<O, Failure> {
    match task.await {
        Ok(answer) => answer,
        Err(error) if error.is_cancelled() => Err(Failure::cancelled()),
        Err(error) => Err(Failure::panicked(error.to_string())),
    }
}
