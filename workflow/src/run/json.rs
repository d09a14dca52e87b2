//! A step whose types are erased: JSON in and JSON out, as plans run it.

use std::pin::pin;
use std::sync::Arc;

use enact_action_core::__private::{Attempt, undo};
use enact_action_core::action::BoxFuture;
use enact_action_core::registry::Entry;
use enact_action_core::spec::Policy;
use enact_action_core::{Context, Failure, Undone};
use serde_json::Value;

use super::Scope;
use super::guard::Here;
use super::step::is_plain;
use crate::undo::Undoable;

impl Scope<'_> {
    /// Runs a step of a plan under its policy.
    ///
    /// # Errors
    /// What the action fails with, at the step's path.
    pub(crate) async fn step_json(
        &self,
        node: u32,
        entry: &'static Entry,
        params: Value,
        policy: &Policy,
    ) -> Result<Arc<Value>, Failure> {
        let journal = self.root.journal().filter(|_| !entry.spec().ends_itself);
        if journal.is_none() && !self.may_have_begun() {
            self.may_go_on()?;
        }
        let _here = Here { scope: self, node };
        let prepared = entry.prepare(params);
        let attempt = prepared.map_err(|failure| self.refused(node, failure))?;
        let spec = entry.spec();
        let kept = spec.undo && !spec.ends_itself && self.root.goes_back();
        let more = spec.ends_itself || spec.undo || !policy.grace.is_zero() || !is_plain(policy);
        if !more && !kept && self.root.told.is_none() {
            let run = pin!(attempt.run(&self.root.cx));
            let answer = self.until_stopped(run).await;
            return answer
                .map(Arc::new)
                .map_err(|failure| self.failed(node, failure.after(1)));
        }
        let answer = match journal {
            None => self.announced(node, &*attempt, policy, !kept).await,
            Some(journal) => match self.known(journal, node, spec.effect).await {
                Some(answer) => answer,
                None => self.recorded(journal, node, &*attempt, policy, kept).await,
            },
        };
        let output = match answer {
            Err(failure) if !kept || !self.may_have_done(&failure) => return Err(failure),
            answer => answer.map(Arc::new),
        };
        if kept {
            let output = output.as_ref().ok().map(Arc::clone);
            self.keep(node, Arc::new(RanJson { attempt, output }), policy);
        }
        output
    }
}

/// A step of a plan that has run, for its undo.
struct RanJson {
    attempt: Box<dyn Attempt<Value>>,
    /// None where it died midway.
    output: Option<Arc<Value>>,
}

impl Undoable for RanJson {
    fn undo<'a>(&'a self, policy: &'a Policy, cx: &'a Context) -> BoxFuture<'a, Option<Undone>> {
        Box::pin(undo(&*self.attempt, self.output.as_deref(), policy, cx))
    }
}
