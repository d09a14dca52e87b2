//! What can never run: behind a `stop`, behind a condition that always holds, under one that never
//! does.

use super::Checker;
use crate::plan::mistake::Code;
use crate::plan::place::Place;

impl Checker<'_, '_> {
    pub(super) fn behind_stop(&mut self, place: &Place<'_>, what: &str) {
        let found = format!("{what} behind a stop, which never runs");
        self.notes
            .add(place, Code::Unreachable, found, "nothing behind a stop");
    }

    pub(super) fn behind_true(&mut self, place: &Place<'_>) {
        let found = "an arm behind a condition that always holds, which never runs";
        let allowed = "no arm behind such a condition; write its statements without a branch";
        self.notes.add(place, Code::Unreachable, found, allowed);
    }

    pub(super) fn under_false(&mut self, place: &Place<'_>) {
        let found = "a condition that never holds";
        let allowed = "a condition that can hold; take the arm out";
        self.notes.add(place, Code::Unreachable, found, allowed);
    }
}
