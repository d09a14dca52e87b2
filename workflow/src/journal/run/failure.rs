//! The journal's own failures: they stop a run, which stays open.

use std::error::Error;
use std::sync::Arc;

use enact_action_core::Failure;

use crate::journal::store::StoreError;

/// Whether it is the journal's own failure: the run then stops where it is and stays open, to go on
/// later.
pub(crate) fn is_of_journal(failure: &Failure) -> bool {
    // By the cause, which nobody else can make: a code may be anybody's.
    failure.source().is_some_and(<dyn Error>::is::<Stop>)
}

/// Why the journal stops a run.
#[derive(Debug, thiserror::Error)]
enum Stop {
    #[error(transparent)]
    Store(Arc<StoreError>),
    #[error("the journal has it otherwise")]
    Otherwise,
    #[error("what was recorded can't be read back")]
    Unreadable(#[source] serde_json::Error),
    #[error("its params are refused by now")]
    Refused,
}

/// The failure of a run whose journal can't be written.
pub(crate) fn unwritable(error: Arc<StoreError>) -> Failure {
    let why = match error.source() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    };
    let message =
        format!("{why}; the run stops here and is open; mend the journal and open it again");
    Failure::terminal("journal.unwritable", message).because(Stop::Store(error))
}

/// The failure of a run that goes another way than its journal says.
pub(crate) fn diverged(path: &str, how: &str) -> Failure {
    let message = format!(
        "`{path}` goes another way than the journal has it ({how}): an expression there depends on \
         something that is not recorded; move it into an action"
    );
    Failure::terminal("journal.diverged", message).because(Stop::Otherwise)
}

/// The failure of a run whose recorded outputs are of another shape by now.
pub(crate) fn unreadable(path: &str, error: serde_json::Error) -> Failure {
    let message = format!(
        "the recorded output of `{path}` can't be read back: its type has changed; run the program \
         that recorded it"
    );
    Failure::terminal("journal.unreadable", message).because(Stop::Unreadable(error))
}

/// The failure of a run that has begun, and whose params this program would not take any more.
pub(crate) fn refused(failure: &Failure) -> Failure {
    let message = format!(
        "the params with which the run began are refused by now ({failure}): run the program that began it, or \
         take them again"
    );
    Failure::terminal("journal.refused", message).because(Stop::Refused)
}

/// The failure of a step whose output is too large for a journal; the run's own, not the journal's.
pub(crate) fn too_large(path: &str, bytes: usize, most: usize) -> Failure {
    let message = format!(
        "the output of `{path}` has {bytes} bytes as JSON and a journal keeps at most {most}: put it \
         somewhere else and answer where it is, or raise `Settings::most_output`"
    );
    Failure::terminal("journal.too_large", message)
}
