//! From the first poll to the last undo: the deadline, cancellation, and what a failure leaves.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use enact_action_core::spec::Policy;
use enact_action_core::{Context, Failure};
use tokio::time::sleep_until;

use super::block::{Block, Stop};
use super::guard::guarded;
use super::place::Indices;
use super::root::{Carried, Root, is_in_saga};
use super::{Scope, Workflow};
use crate::graph::Graph;
use crate::journal::is_of_journal;
use crate::undo::{Stack, go_back};

/// Runs a workflow; what `Run::run` of every workflow calls.
///
/// # Errors
/// What the first step that failed says, with that step's path and what came of the undo.
pub async fn run<W: Workflow>(workflow: &W, cx: &Context) -> Result<W::Output, Failure> {
    if cx.depth() > DEEPEST_RUN {
        return Err(too_deep(&W::GRAPH.name));
    }
    let heard = W::SPEC.telemetry.is_heard();
    let whole = Whole::begin(W::GRAPH, &const { W::SPEC.policy }, heard, cx);
    let scope = whole.scope();
    // Pinned before it is guarded, so that it is not moved.
    let body = pin!(workflow.body(&scope));
    let answer = whole.to_the_end(pin!(guarded(scope, body))).await;
    match answer {
        Ok(output) => {
            whole.finished();
            Ok(output)
        }
        Err(failure) => {
            // A saga around it goes back, and so does what it runs.
            let leave = W::LEAVES_CANCELLED
                && whole.block.stopped() == Some(Stop::Cancelled)
                && !is_in_saga(cx);
            Err(Box::pin(whole.failed(failure, leave)).await)
        }
    }
}

/// How many runs may be inside of each other.
pub const DEEPEST_RUN: u16 = 100;

#[cold]
fn too_deep(name: &str) -> Failure {
    let message = format!(
        "`{name}` runs inside of {DEEPEST_RUN} others, and no deeper; what repeats that often is a \
         `repeat` or a fan-out"
    );
    Failure::terminal("run.too_deep", message)
}

/// A whole run: what its scope borrows from.
pub(crate) struct Whole<'a> {
    pub(crate) root: Root<'a>,
    pub(crate) block: Block<'static>,
    pub(crate) undo: Stack,
    pub(crate) at: Indices,
}

impl<'a> Whole<'a> {
    pub(crate) fn begin(graph: &'a Graph, policy: &Policy, heard: bool, cx: &Context) -> Self {
        let root = Root::new(graph, policy, heard, cx);
        root.tell_start();
        Self {
            root,
            block: Block::default(),
            undo: Stack::default(),
            at: Indices::default(),
        }
    }

    pub(crate) fn scope(&self) -> Scope<'_> {
        Scope {
            root: &self.root,
            block: &self.block,
            undo: &self.undo,
            at: self.at,
        }
    }

    /// Polls the body to its end. It is never dropped midway: what stops it, its steps see.
    pub(crate) async fn to_the_end<O>(
        &self,
        mut body: Pin<&mut impl Future<Output = Result<O, Failure>>>,
    ) -> Result<O, Failure> {
        if let Poll::Ready(answer) = poll_fn(|task| Poll::Ready(body.as_mut().poll(task))).await {
            return answer;
        }
        let cx = &self.root.cx;
        // In a box, since few have one.
        let until = cx
            .deadline()
            .map(|deadline| Box::pin(sleep_until(deadline)));
        let ring = async move {
            match until {
                Some(until) => until.await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            // Before the body, so that nothing in it goes on with what its steps have seen already.
            () = cx.cancelled() => self.block.stop(Stop::Cancelled),
            () = ring => self.block.stop(Stop::Deadline),
            answer = body.as_mut() => return answer,
        }
        body.await
    }

    #[inline]
    pub(crate) fn finished(&self) {
        if self.root.goes_back() {
            let carried = self.root.cx.carried::<Carried>();
            if let Some(outer) = carried.and_then(|carried| carried.undo.as_ref()) {
                outer.take_over(self.undo.take());
            }
        }
        self.root.tell_end(None);
    }

    /// Goes back, unless what is done is to be left.
    #[cold]
    pub(crate) async fn failed(&self, failure: Failure, leave: bool) -> Failure {
        let failure = if leave || is_of_journal(&failure) {
            failure
        } else {
            go_back(&self.root, self.undo.take(), failure).await
        };
        self.root.tell_end(Some(&failure));
        failure
    }
}
