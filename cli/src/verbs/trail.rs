//! `trail`: a signal or a run, and all that came of it.

use std::path::Path;

use clap::ArgMatches;
use enact_action_core::Failure;
use enact_signal_bus::trail::Trail;

use super::runs::open;
use crate::exit::UNKNOWN_TRAIL;
use crate::story::{Bounds, Root, Teller};
use crate::ui::Ui;

/// How much is told, unless more or less is asked for.
const MOST: u32 = 200;
const DEPTH: u32 = 24;

pub(crate) async fn trail(matches: ArgMatches, ui: Ui) -> Result<(), Failure> {
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let number = |name: &str, default: u32| {
        let given = matches.get_one::<u32>(name).copied();
        given.unwrap_or(default) as usize
    };
    let bounds = Bounds {
        most: number("most", MOST),
        depth: number("depth", DEPTH),
    };
    let (teller, place) = teller(text("log"), &ui)?;
    let id = text("id").unwrap_or_default();
    let root = match teller.find(id, text("source")).await? {
        Root::Nothing => return Err(unknown(id, &teller, &place, &ui)),
        Root::Several(sources) => return Err(several(id, &sources)),
        root => root,
    };
    let story = teller.tell(root, bounds).await?;
    if text("format") == Some("mermaid") {
        return ui.data(&story.mermaid());
    }
    ui.show(&story, &story)
}

/// The journal and the log, of which one may be missing where nobody has named it; and where they are.
fn teller(named: Option<&str>, ui: &Ui) -> Result<(Teller, String), Failure> {
    let journal = ui.journal_or_default();
    let log = named
        .map(Path::new)
        .map(Path::to_owned)
        .or_else(|| ui.log());
    let is_named = log.is_some();
    let file = log.or_else(|| journal.clone());
    let client = journal.as_deref().map(|journal| open(journal, ui));
    let trail = file.as_deref().map(signals);
    let mut places: Vec<String> = Vec::new();
    places.extend(journal.iter().map(|path| path.display().to_string()));
    places.extend(file.iter().map(|path| path.display().to_string()));
    places.dedup();
    let place = places.join(" and ");
    let (client, trail) = match (client, trail) {
        (Some(Err(error)), None | Some(Err(_))) => return Err(error),
        (_, Some(Err(error))) if is_named => return Err(error),
        both => both,
    };
    let client = client.and_then(|client| with_note(client, "the runs", ui));
    let trail = trail.and_then(|trail| with_note(trail, "the signals", ui));
    Ok((Teller { client, trail }, place))
}

fn signals(file: &Path) -> Result<Trail, Failure> {
    Trail::open(file).map_err(|error| {
        let why =
            std::error::Error::source(&error).map_or_else(String::new, |why| format!(": {why}"));
        let message = format!("{error}{why}");
        Failure::misconfigured(error.kind().code(), message).because(error)
    })
}

/// What is there; where it is not, that the story goes without is not kept quiet.
fn with_note<T>(opened: Result<T, Failure>, what: &str, ui: &Ui) -> Option<T> {
    opened
        .map_err(|failure| ui.note(format_args!("without {what}: {}", failure.message())))
        .ok()
}

fn unknown(id: &str, teller: &Teller, place: &str, ui: &Ui) -> Failure {
    let runs = match teller.client {
        Some(_) => format!("`{} runs` lists the runs; ", ui.program()),
        None => String::new(),
    };
    let message = format!(
        "there is neither a run nor a signal {id:?} in {place}; {runs}a signal is named by the `id` of its \
         event, and by its `--source` where several have that id"
    );
    Failure::misconfigured(UNKNOWN_TRAIL, message)
}

fn several(id: &str, sources: &[String]) -> Failure {
    let sources: Vec<String> = sources
        .iter()
        .map(|source| format!("--source {source}"))
        .collect();
    let message = format!(
        "several sources have a signal {id:?}; say which: {}",
        sources.join(", or ")
    );
    Failure::misconfigured("trail.several", message)
}
