//! What one statement alone can't show.

use enact_macro_support::Diag;

use crate::model::Workflow;

pub(crate) fn workflow(_workflow: &Workflow, _diag: &mut Diag) {}
