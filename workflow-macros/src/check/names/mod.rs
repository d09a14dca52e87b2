//! Names: made once, before they are read, and read where they are known.
//!
//! A name that nobody here has made may be a constant or a function of the user's, so rustc
//! judges it; only a name that was probably meant for a step is told of.

mod made;
mod paths;
mod scope;
mod unknown;

use enact_macro_support::Diag;

use self::scope::Scope;
use crate::model::Workflow;

pub(super) fn check(workflow: &Workflow, whole: bool, diag: &mut Diag) {
    let made = made::all(workflow);
    let twice = Scope::new(&made, whole, diag).check(workflow);
    paths::check(workflow, &twice, diag);
}
