//! An arm as a task of its own, for work that keeps a processor busy.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, OnceLock};

use enact_action_core::Failure;
use enact_action_core::action::BoxFuture;
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;

use super::Scope;
use super::block::Block;
use super::drive::Whole;
use super::guard::guarded;
use super::root::Root;
use crate::graph::Graph;
use crate::undo::Stack;

/// A part of a run that owns all it needs.
#[expect(
    missing_debug_implementations,
    reason = "only generated code holds one"
)]
pub struct Spawned {
    whole: Whole<'static>,
    token: CancellationToken,
}

impl Scope<'_> {
    /// The same part, to be sent to another task.
    pub fn spawned(&self, graph: &'static Graph) -> Spawned {
        let (cx, token) = self.root.cx.child();
        let root = Root {
            graph,
            cx,
            told: self.root.told.clone(),
            saga: self.root.saga,
            forward: self.root.goes_forward().into(),
            undo_retry: self.root.undo_retry,
            taken: OnceLock::from(Arc::clone(self.root.taken())),
            panicked: Mutex::new(None),
        };
        Spawned {
            whole: Whole {
                root,
                block: Block::default(),
                undo: Stack::default(),
                at: self.at,
            },
            token,
        }
    }
}

/// Stops a task, where the run that waits for it is dropped.
struct Left<'a> {
    token: &'a CancellationToken,
    /// Of a durable run, which goes on later: the task is left where it is, as by a crash, and does not
    /// record that it was stopped.
    task: Option<AbortHandle>,
}

impl Drop for Left<'_> {
    fn drop(&mut self) {
        match &self.task {
            Some(task) => task.abort(),
            None => self.token.cancel(),
        }
    }
}

/// Runs an arm as a task of its own, which ends before this does.
///
/// # Errors
/// What the arm fails with; a panic of its is a failure.
#[expect(clippy::disallowed_methods, reason = "this waits for the task")]
pub async fn spawn<T: Send + 'static>(
    scope: Scope<'_>,
    arm: Spawned,
    body: impl for<'s> FnOnce(Scope<'s>) -> BoxFuture<'s, Result<T, Failure>> + Send + 'static,
) -> Result<T, Failure> {
    let Spawned { whole, token } = arm;
    // What a task of its own does, whoever looks at the run can't see.
    let journal = scope.root.journal();
    let _busy = journal.map(|journal| journal.busy());
    let mut task = tokio::spawn(async move {
        let answer = {
            let body = body(whole.scope());
            whole.to_the_end(pin!(guarded(whole.scope(), body))).await
        };
        (answer, whole.undo)
    });
    // Whoever drops this run stops the task too.
    let _left = Left {
        token: &token,
        task: journal.map(|_| task.abort_handle()),
    };
    let joined = poll_fn(|cx| {
        scope.hand_on(&token);
        Pin::new(&mut task).poll(cx)
    })
    .await;
    match joined {
        Ok((answer, undo)) => {
            scope.undo.take_over(undo);
            answer
        }
        Err(error) => Err(Failure::panicked(error.to_string())),
    }
}
