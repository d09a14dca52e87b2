//! One call that waits for approval.

use std::fmt;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use tokio::time::timeout;

use super::Preview;
use crate::action::BoxFuture;
use crate::context::Context;
use crate::exec::{Attempt, execute_read, guard};
use crate::failure::Failure;
use crate::registry::written;
use crate::spec::Spec;

/// How long a dry run may take, where the action has no timeout of its own.
const DRY_RUN: Duration = Duration::from_secs(30);

/// One call whose params are good, and that has not run; cheap to clone.
#[derive(Clone)]
pub struct Proposal {
    attempt: Arc<dyn Attempt<Value>>,
    cx: Context,
}

impl Proposal {
    pub(crate) fn new(attempt: Box<dyn Attempt<Value>>, cx: &Context) -> Self {
        Self {
            attempt: Arc::from(attempt),
            cx: cx.clone(),
        }
    }

    /// What the action says of itself.
    pub fn spec(&self) -> &'static Spec {
        self.attempt.spec()
    }

    /// The params, without secrets. Values with a `class` are there: whoever decides has to know
    /// whom it is about.
    pub fn params(&self) -> Value {
        self.attempt.shown()
    }

    /// What it would run in: its tenant, its resources.
    pub fn context(&self) -> &Context {
        &self.cx
    }

    /// What whoever approves is asked; none where this call needs no approval.
    ///
    /// An action may need it for some params alone, as `run_plan` does.
    pub fn question(&self) -> Option<&'static str> {
        self.attempt.question(&self.cx)
    }

    /// What running it would do: the action's own dry run, where it has one, and what its spec says.
    ///
    /// # Errors
    /// What the dry run fails with; it is stopped after the action's timeout, else after 30 s.
    pub async fn preview(&self) -> Result<Preview, Failure> {
        let cx = self.cx.clone().dry();
        let told = match self.attempt.dry_run(&cx) {
            None => None,
            Some(run) => {
                let limit = self.spec().policy.timeout.unwrap_or(DRY_RUN);
                let run = pin!(guard::catch(run));
                let told = tokio::select! {
                    told = timeout(limit, run) => told,
                    () = cx.cancelled() => return Err(Failure::cancelled()),
                };
                let late = |_| {
                    let text = format!("the dry run gave no answer within {limit:?}");
                    Failure::timeout("dry_run.timeout", true, text)
                };
                Some(told.map_err(late)??)
            }
        };
        Ok(Preview::new(
            self.spec(),
            self.question(),
            self.params(),
            told,
        ))
    }

    /// Runs it, for whoever has seen to its approval.
    ///
    /// # Errors
    /// What the action fails with.
    pub async fn run(&self, cx: &Context) -> Result<Value, Failure> {
        execute_read(&*self.attempt, cx).await
    }
}

/// What a dry run tells, written as JSON.
pub fn told<'a, T: Serialize>(
    run: impl Future<Output = Result<T, Failure>> + Send + 'a,
) -> BoxFuture<'a, Result<Value, Failure>> {
    Box::pin(async { written(&run.await?) })
}

impl fmt::Debug for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proposal")
            .field("action", &self.spec().name)
            .field("params", &self.attempt.redacted())
            .finish_non_exhaustive()
    }
}
