//! The action of a step, and how it is run there.

use std::time::Duration;

use enact_action_core::registry::Entry;
use enact_action_core::{Effect, Policy, Retry};

use super::Checker;
use crate::plan::mistake::Code;
use crate::plan::place::Place;
use crate::plan::read::Stated;
use crate::plan::words;

impl<'j> Checker<'j, '_> {
    pub(super) fn entry(&mut self, name: &str, stated: &Stated<'j>) -> Option<&'static Entry> {
        let entry = self.registry.get(name);
        if entry.is_none() {
            let outer = Place::At(&stated.pointer);
            let near = words::nearest(name, self.registry.iter().map(Entry::name));
            let found = format!("the unknown action {}", words::text(name));
            let hint = near.map(words::did_you_mean);
            let allowed = "an action that this plan may use";
            self.notes.hinted(
                &outer.key("action"),
                Code::UnknownAction,
                found,
                allowed,
                hint,
            );
        }
        entry
    }

    /// Notes a step that a saga could not take back.
    pub(super) fn undoable(&mut self, entry: &Entry, stated: &Stated<'j>) {
        let spec = entry.spec();
        if self.draft.saga && spec.effect == Effect::Write && !spec.undo {
            let found = format!("{:?}, which writes and can't be undone", spec.name);
            let allowed = "in a saga, an action that has an undo or does not write; use another, \
                           or leave out \"saga\", and nothing is undone";
            let outer = Place::At(&stated.pointer);
            self.notes
                .add(&outer.key("action"), Code::NoUndo, found, allowed);
        }
    }

    /// The action's policy, with what the step says instead.
    pub(super) fn policy(
        &mut self,
        entry: &Entry,
        timeout: Option<Duration>,
        retry: Option<Retry>,
        stated: &Stated<'j>,
    ) -> Policy {
        let place = Place::At(&stated.pointer);
        let spec = entry.spec();
        if retry.is_some() && spec.effect == Effect::Write {
            let found = format!("a retry of {:?}, which writes", spec.name);
            let allowed = "no retry: run twice, it might do its work twice";
            self.notes
                .add(&place.key("retry"), Code::Retry, found, allowed);
        }
        let policy = Policy {
            timeout: timeout.or(spec.policy.timeout),
            retry: retry.or(spec.policy.retry),
            ..spec.policy
        };
        let attempts = policy
            .retry
            .map_or(1, |retry| retry.times.saturating_add(1));
        let longest = timeout.map(|timeout| timeout.saturating_mul(attempts));
        if let (Some(longest), Some(deadline)) = (longest, self.draft.deadline)
            && longest > deadline
        {
            let found = format!("{longest:?}, retries included");
            let allowed = format!("at most the deadline of the plan, {deadline:?}");
            self.notes
                .add(&place.key("timeout"), Code::Time, found, allowed);
        }
        policy
    }
}
