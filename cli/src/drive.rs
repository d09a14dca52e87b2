//! Runs what takes time: the runtime, and what Ctrl-C does to it.

use std::future::Future;

use enact_action_core::Failure;
use tokio::runtime::{Builder, Handle};
use tokio::task::JoinSet;

use crate::exit::{Exit, Stop};
use crate::io::Interrupts;
use crate::ui::Ui;

/// Runs the work to its end on a runtime of its own.
///
/// The first interrupt cancels the context, and the work goes on until it has undone what it must;
/// the second leaves it where it is.
pub(crate) fn drive(
    work: impl Future<Output = Result<(), Failure>> + Send + 'static,
    interrupts: Interrupts,
    ui: &Ui,
) -> Result<(), Stop> {
    if Handle::try_current().is_ok() {
        let text = "the command line starts its own runtime, and there is one already; call it \
                    from a plain `fn main`, without `#[tokio::main]`";
        return Err(Failure::misconfigured("runtime.nested", text).into());
    }
    let runtime = Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::misconfigured("runtime.unavailable", "could not start the runtime")
                .because(error)
        })?;
    let ended = runtime.block_on(watch(work, interrupts, ui));
    // Work that was left, or that blocks its thread, must not keep the program here.
    runtime.shutdown_background();
    ended
}

async fn watch(
    work: impl Future<Output = Result<(), Failure>> + Send + 'static,
    mut interrupts: Interrupts,
    ui: &Ui,
) -> Result<(), Stop> {
    let mut works = JoinSet::new();
    works.spawn(work);
    loop {
        tokio::select! {
            biased;
            ended = works.join_next() => return match ended {
                Some(Ok(answer)) => answer.map_err(Stop::from),
                // The panic has been printed where it happened.
                Some(Err(_)) | None => Err(Stop::Silent(Exit::Panicked)),
            },
            () = interrupts.next() => {
                if ui.token().is_cancelled() {
                    return Err(Stop::Silent(Exit::Cancelled));
                }
                ui.token().cancel();
                ui.note("cancelling; press Ctrl-C again to leave at once");
            }
        }
    }
}
