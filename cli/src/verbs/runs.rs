//! The verbs over the runs of a journal: `runs`, `show`, `timeline`, and what is asked of one.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use clap::ArgMatches;
use enact_action_core::Failure;
use enact_workflow::engine::{Client, EngineError, Kind, List, Status, Summary};
use enact_workflow::registry::version;
use enact_workflow::timeline::{Kind as SpanKind, State, Timeline};
use serde_json::{Value, json};

use crate::exit::UNKNOWN_RUN;
use crate::style::{DIM, HEADING, NAME, PLAIN, styled};
use crate::table::table;
use crate::ui::{Ui, pretty};

/// Does what one of these verbs asks for.
pub(crate) async fn runs(verb: String, matches: ArgMatches, ui: Ui) -> Result<(), Failure> {
    let journal = ui.journal_or_default().ok_or_else(no_journal)?;
    let client = open(&journal, &ui)?;
    let id = match matches.try_get_one::<String>("id") {
        Ok(Some(id)) => id.clone(),
        _ => String::new(),
    };
    let done = match verb.as_str() {
        "runs" => return list(&client, &matches, &ui).await,
        "show" => return show(&client, &id, &matches, &ui).await,
        "timeline" => return timeline(&client, &id, &matches, &ui).await,
        "cancel" => client.cancel(&id).await,
        "terminate" => client.terminate(&id).await,
        "retry" => client.retry(&id).await,
        "undo" => client.undo(&id).await,
        _ => signal(&client, &id, &matches).await?,
    };
    done.map_err(|error| failure(error, &ui))?;
    let asked = json!({ "run": id, "asked": verb });
    ui.show(
        &asked,
        format_args!("{verb} is in the journal; it happens as soon as an engine runs it"),
    )
}

/// The journal in a file, to be looked at.
pub(super) fn open(journal: &Path, ui: &Ui) -> Result<Client, Failure> {
    #[cfg(feature = "sealed")]
    if let Some(keys) = ui.keys()? {
        return Client::open_with(journal, &keys).map_err(|error| failure(error, ui));
    }
    Client::open(journal).map_err(|error| failure(error, ui))
}

fn no_journal() -> Failure {
    let message = "say which file the journal is in: `--db FILE`";
    Failure::misconfigured("journal.not_named", message)
}

fn failure(error: EngineError, ui: &Ui) -> Failure {
    let code = match error.kind() {
        Kind::NotThere => UNKNOWN_RUN,
        Kind::NotFailed => "run.not_failed",
        Kind::NothingLeft => "run.nothing_left",
        _ => "journal.failed",
    };
    let message = error
        .to_string()
        .replace("`list`", &format!("`{} runs`", ui.program()));
    Failure::misconfigured(code, message).because(error)
}

async fn signal(
    client: &Client,
    id: &str,
    matches: &ArgMatches,
) -> Result<Result<(), EngineError>, Failure> {
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    let data = text("data").unwrap_or_else(|| "{}".to_owned());
    let data: Value = serde_json::from_str(&data).map_err(|error| {
        let message = format!("what the signal says is no JSON: {error}");
        Failure::misconfigured("signal.no_json", message)
    })?;
    let kind = text("type").unwrap_or_default();
    Ok(client.signal(id, &kind, text("subject"), data).await)
}

async fn list(client: &Client, matches: &ArgMatches, ui: &Ui) -> Result<(), Failure> {
    let list = List {
        most: matches
            .get_one::<u32>("most")
            .map_or(20, |most| *most as usize),
        status: match matches.get_one::<String>("status").map(String::as_str) {
            Some("open") => Some(Status::Open),
            Some("answered") => Some(Status::Answered),
            Some("failed") => Some(Status::Failed),
            _ => None,
        },
        workflow: matches.get_one::<String>("workflow").cloned(),
        before: None,
    };
    let runs = client
        .select(list)
        .await
        .map_err(|error| failure(error, ui))?;
    let rows: Vec<[String; 5]> = runs.iter().map(row).collect();
    let text = if rows.is_empty() {
        "there are no such runs".to_owned()
    } else {
        table("", [NAME, PLAIN, PLAIN, DIM, PLAIN], &rows)
    };
    ui.show(&runs, text)
}

fn row(run: &Summary) -> [String; 5] {
    let status = match (run.status, run.wake) {
        (Status::Open, Some(0)) => "due".to_owned(),
        (Status::Open, Some(_)) => "waits".to_owned(),
        (status, _) => status.to_string(),
    };
    [
        run.id.clone(),
        format!("{} v{}", run.workflow, run.version),
        status,
        time(run.started),
        note(run),
    ]
}

/// How long it took, or what it waits for, and why it failed.
fn note(run: &Summary) -> String {
    let waits = run.wake.filter(|wake| (1..u64::MAX).contains(wake));
    if let Some(wake) = waits {
        return format!("until {}", time(wake));
    }
    let Some(ended) = run.ended else {
        return String::new();
    };
    let took = Duration::from_millis(ended.saturating_sub(run.started));
    let took = humantime::format_duration(took);
    match run.body.as_ref().filter(|_| run.status == Status::Failed) {
        Some(body) => format!("{took}, {}", body["code"].as_str().unwrap_or_default()),
        None => took.to_string(),
    }
}

fn time(millis: u64) -> String {
    let time = UNIX_EPOCH.checked_add(Duration::from_millis(millis));
    time.map_or_else(String::new, |time| {
        humantime::format_rfc3339_seconds(time).to_string()
    })
}

async fn show(client: &Client, id: &str, matches: &ArgMatches, ui: &Ui) -> Result<(), Failure> {
    let timeline = told(client, id, matches, ui).await?;
    let mut text = format!(
        "{}  {} v{}  {}\n",
        styled(NAME, &timeline.id),
        timeline.workflow,
        timeline.version,
        timeline.status
    );
    let failed = timeline.status == Status::Failed;
    let answer = if failed { "Failure" } else { "Answer" };
    for (name, value) in [
        ("Params", Some(&timeline.input)),
        (answer, timeline.body.as_ref()),
    ] {
        if let Some(value) = value {
            // Writing to a String can't fail.
            let _ = write!(text, "\n{}\n{}\n", styled(HEADING, name), pretty(value)?);
        }
    }
    let _ = write!(
        text,
        "\n{}\n{}",
        styled(HEADING, "Record"),
        spans(&timeline)
    );
    ui.show(&timeline, text)
}

/// What is recorded, line by line.
fn spans(timeline: &Timeline) -> String {
    let row = |span: &enact_workflow::timeline::Span| {
        let place = match span.kind {
            SpanKind::Step => span.path.clone(),
            kind if span.path.is_empty() => kind.as_str().to_owned(),
            kind => format!("{} {}", kind.as_str(), span.path),
        };
        let state = match span.state {
            State::Done if span.attempts > 1 => format!("done, try {}", span.attempts),
            state => state.as_str().to_owned(),
        };
        let detail = span.detail.as_ref().filter(|_| span.note.is_empty());
        let detail = detail.map_or_else(|| span.note.clone(), short);
        [place, state, detail]
    };
    let rows: Vec<_> = timeline.spans.iter().map(row).collect();
    table("  ", [NAME, DIM, PLAIN], &rows)
}

/// The beginning of a value, in one line.
fn short(value: &Value) -> String {
    const MOST: usize = 80;
    let text = value.to_string();
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// A run as its journal tells it, without its secrets unless they are asked for.
async fn told(
    client: &Client,
    id: &str,
    matches: &ArgMatches,
    ui: &Ui,
) -> Result<Timeline, Failure> {
    let timeline = client
        .timeline(id)
        .await
        .map_err(|error| failure(error, ui))?;
    if matches.get_flag("reveal") {
        return Ok(timeline);
    }
    Ok(timeline.redacted(ui.registry()))
}

async fn timeline(client: &Client, id: &str, matches: &ArgMatches, ui: &Ui) -> Result<(), Failure> {
    let timeline = told(client, id, matches, ui).await?;
    let Some(file) = matches.get_one::<String>("html") else {
        return ui.show(&timeline, timeline.text(ui.columns()));
    };
    let graph = version(&timeline.workflow, timeline.version);
    let page = timeline.html(graph);
    if file == "-" {
        return ui.data(&page);
    }
    std::fs::write(file, page).map_err(|error| {
        let message = format!("could not write the page to {file:?}");
        Failure::terminal("output.unwritable", message).because(error)
    })?;
    ui.note(format_args!("the page is in {file}"));
    Ok(())
}
