//! Where a panic ends: at the whole run or at an arm, with the path of the step it happened in.

use std::future::Future;
use std::mem::ManuallyDrop;

use enact_action_core::__private::catch;
use enact_action_core::{Failure, Kind};

use super::Scope;

/// Runs the body of a part of a run; a panic in it is a failure.
///
/// # Errors
/// What the body fails with, or the panic, with the path of the step where it happened in one.
#[expect(
    clippy::manual_async_fn,
    reason = "an async fn keeps what it is given twice, and each part of a run has one of these"
)]
pub fn guarded<T>(
    scope: Scope<'_>,
    body: impl Future<Output = Result<T, Failure>>,
) -> impl Future<Output = Result<T, Failure>> {
    async move { catch(body).await.map_err(|failure| placed(scope, failure)) }
}

fn placed(scope: Scope<'_>, failure: Failure) -> Failure {
    if failure.kind() != Kind::Panicked || failure.step().is_some() {
        return failure;
    }
    match scope.root.panicked() {
        None => failure,
        Some((node, at)) => Scope { at, ..scope }.failed(node, failure.after(1)),
    }
}

/// Notes, while a panic goes through, which step it happened in.
///
/// A guard of each step would do so too, and take a fifth of the time that a step may take.
pub(super) struct Here<'a> {
    pub(super) scope: &'a Scope<'a>,
    pub(super) node: u32,
}

impl Here<'_> {
    /// No panic went through: saves asking whether one did.
    #[inline]
    pub(super) fn passed(self) {
        let _undropped = ManuallyDrop::new(self);
    }
}

impl Drop for Here<'_> {
    #[inline]
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.scope.root.panics(self.node, self.scope.at);
        }
    }
}
