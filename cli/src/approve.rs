//! Whether a person approves of what an action would do.

use enact_action_core::Failure;
use enact_action_core::approval::Proposal;

use crate::io::Asks;
use crate::ui::Ui;

/// The longest line that is read for an answer, in bytes.
const MOST: usize = 100;

/// Asks on the terminal; only `y` and `yes` approve.
///
/// # Errors
/// Where nobody approves, or nobody is there; what the action's dry run fails with.
pub(crate) async fn approve(proposal: &Proposal, ui: &Ui) -> Result<(), Failure> {
    let Some(question) = proposal.question() else {
        return Ok(());
    };
    if ui.asks() == Asks::Nobody {
        let text = format!(
            "{} needs approval, and nobody is there to be asked: see with --dry-run what it would do, and approve with --yes",
            proposal.spec().name
        );
        return Err(Failure::terminal("confirm.needed", text));
    }
    let preview = proposal.preview().await?;
    ui.clear_bar();
    ui.note(format_args!("{preview}\n{question} [y/N]"));
    let (reader, token) = (ui.clone(), ui.token());
    let line = tokio::task::spawn_blocking(move || reader.line(MOST));
    let line = tokio::select! {
        biased;
        () = token.cancelled() => return Err(Failure::cancelled()),
        line = line => line,
    };
    // What can't be read is no yes.
    let line = line.ok().and_then(Result::ok).unwrap_or_default();
    match line.trim().to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(()),
        _ => Err(Failure::terminal(
            "confirm.declined",
            "not approved, so nothing was done",
        )),
    }
}
