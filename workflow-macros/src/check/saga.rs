//! Sagas: one pivot, at the top level, and nothing of a saga where there is none.

use enact_macro_support::Diag;
use proc_macro2::Ident;

use super::walk::{Item, walk};
use crate::model::{Statement, Workflow};

pub(super) fn check(workflow: &Workflow, whole: bool, diag: &mut Diag) {
    let saga = workflow.keys.saga.is_some() || !whole;
    if !saga {
        let on_cancel = workflow.keys.on_cancel.as_ref().map(|(_, key)| key);
        let undo_retry = workflow.keys.undo_retry.as_ref().map(|(_, key)| key);
        if let Some(key) = on_cancel.or(undo_retry) {
            let name = &key.name;
            diag.note(
                name,
                format!("`{name}` is for sagas: add `saga` beside it, or take it out"),
            );
            // One `saga` mends the rest as well.
            return;
        }
    }
    let mut first = true;
    walk(&workflow.body, &mut |item, around| {
        if let Item::Statement(Statement::Step(step)) = item
            && let Some(pivot) = &step.pivot
        {
            if saga {
                one(pivot, first, around, diag);
            } else if first {
                diag.note(pivot, NO_SAGA);
            }
            first &= saga && !around.is_empty();
        }
    });
}

const NO_SAGA: &str = "a pivot divides what a saga undoes from what it finishes: write \
                       `#[workflow(saga)]`, or take `pivot` out";

fn one(pivot: &Ident, first: bool, around: &[&Statement], diag: &mut Diag) {
    if let Some(inner) = around.last() {
        let keyword = inner.keyword();
        diag.note(
            pivot,
            format!(
                "the pivot stands at the top level, where every run comes by once: move the step \
                 out of the `{keyword}`"
            ),
        );
    } else if !first {
        diag.note(
            pivot,
            "a saga has one pivot, behind which it goes only forward: take one of the two out",
        );
    }
}
