//! What one statement alone can't show.

mod dead;
mod flow;
mod head;
mod names;
mod saga;
mod time;
mod walk;

#[cfg(test)]
mod tests;

use enact_macro_support::Diag;

use crate::model::Workflow;

pub(crate) fn workflow(workflow: &Workflow, diag: &mut Diag) {
    // Where something could not be read, what seems to be missing may stand there.
    let whole = diag.is_clean();
    head::check(workflow, diag);
    names::check(workflow, whole, diag);
    time::check(workflow, diag);
    saga::check(workflow, whole, diag);
    flow::check(workflow, diag);
    dead::check(workflow, whole, diag);
}
