//! Calls whose action holds its thread: what the task that it holds can't say is said past it.
//!
//! An action is begun in the task of its request, since most end at once and a task of its own is dear beside them. Until it has
//! waited for something for the first time, nobody there can hear that the client has gone, or answer when it has to.

use std::any::Any;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use rmcp::model::{RequestId, ServerJsonRpcMessage, ServerResult};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{TARGET, answer};

/// Takes an answer to where its client reads it.
pub(crate) trait Out: Debug + Send + Sync {
    /// Sends it; the library's own is not sent any more then.
    fn send(&self, answer: ServerJsonRpcMessage);
}

/// How to answer a request past its own task; goes with the request.
#[derive(Debug, Clone)]
pub(crate) struct Past {
    pub(crate) held: Arc<Held>,
    pub(crate) out: Arc<dyn Out>,
}

/// The calls that are in their first moment.
#[derive(Debug, Default)]
pub(crate) struct Held(Mutex<Calls>);

#[derive(Debug, Default)]
struct Calls {
    by_number: BTreeMap<u64, Watched>,
    born: u64,
    /// Whether nobody looks after them any more.
    is_over: bool,
}

#[derive(Debug)]
struct Watched {
    call: Call,
    /// None, once it is answered.
    out: Option<Arc<dyn Out>>,
}

/// One call.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) tool: &'static str,
    pub(crate) id: RequestId,
    /// When the client is answered at the latest.
    pub(crate) end: Instant,
    /// Tells that the client wants it no more.
    pub(crate) asked: CancellationToken,
    /// Tells the action so.
    pub(crate) token: CancellationToken,
}

/// What a panic said.
pub(crate) type Panicked = Box<dyn Any + Send>;

impl Past {
    /// The first poll of a call's work; not ready, where it was not polled. It wakes nobody: whoever goes on with the work polls it
    /// again at once.
    ///
    /// # Errors
    /// Where it panicked.
    pub(crate) fn first<F: Future>(
        &self,
        call: Call,
        work: Pin<&mut F>,
    ) -> Result<Poll<F::Output>, Panicked> {
        let Some(_watch) = self.watch(call) else {
            return Ok(Poll::Pending);
        };
        let mut cx = Context::from_waker(Waker::noop());
        catch_unwind(AssertUnwindSafe(|| work.poll(&mut cx)))
    }

    fn watch(&self, call: Call) -> Option<Watch<'_>> {
        let out = Some(Arc::clone(&self.out));
        let mut calls = self.held.calls();
        if calls.is_over || call.asked.is_cancelled() {
            return None;
        }
        calls.born += 1;
        let number = calls.born;
        calls.by_number.insert(number, Watched { call, out });
        Some(Watch {
            held: &self.held,
            number,
        })
    }
}

impl Held {
    /// Tells actions that their clients have gone, and answers where that has to be.
    pub(crate) fn sweep(&self) {
        // Whoever hears of it may do anything, so it is told once the lock is gone.
        let told = self.calls().tell();
        for (call, out) in told {
            if let Some(out) = out {
                tracing::warn!(target: TARGET, tool = call.tool, "an action holds its thread; let it await, or use `spawn_blocking`");
                let late = ServerResult::CallToolResult(answer::failure(&answer::late()));
                out.send(ServerJsonRpcMessage::response(late, call.id));
            }
            call.token.cancel();
        }
    }

    /// Tells all that nobody wants them any more, and lets no other in.
    pub(crate) fn end(&self) {
        let mut calls = self.calls();
        calls.is_over = true;
        let watched = calls.by_number.values();
        let tokens: Vec<_> = watched.map(|one| one.call.token.clone()).collect();
        drop(calls);
        for token in tokens {
            token.cancel();
        }
    }

    fn calls(&self) -> MutexGuard<'_, Calls> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Calls {
    /// Those that are to be told that nobody wants them, and where they are to be answered for it.
    fn tell(&mut self) -> Vec<(Call, Option<Arc<dyn Out>>)> {
        let now = Instant::now();
        let watched = self.by_number.values_mut();
        let told = watched.filter_map(|Watched { call, out }| {
            let out = out.take_if(|_| now >= call.end);
            (out.is_some() || call.asked.is_cancelled()).then(|| (call.clone(), out))
        });
        told.collect()
    }
}

/// A call that is watched.
struct Watch<'a> {
    held: &'a Held,
    number: u64,
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        // It is let go once the lock is gone.
        let watched = self.held.calls().by_number.remove(&self.number);
        drop(watched);
    }
}
