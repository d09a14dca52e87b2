//! The verbs over the runs of a journal, as clap knows them.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command, value_parser};

/// Their names.
pub(crate) const VERBS: [&str; 8] = [
    "runs",
    "show",
    "timeline",
    "cancel",
    "terminate",
    "retry",
    "undo",
    "signal",
];

/// The verbs.
pub(crate) fn verbs() -> [Command; 8] {
    let verb = |name: &'static str, about: &'static str| Command::new(name).about(about).arg(id());
    let html = Arg::new("html")
        .long("html")
        .value_name("FILE")
        .help("Write it as a page to that file; - for the standard output");
    [
        runs(),
        verb("show", "Show all that is recorded of a run").arg(reveal()),
        verb(
            "timeline",
            "Draw a run: what it did, when, and what it waits for",
        )
        .args([html, reveal()]),
        verb(
            "cancel",
            "Ask a run to stop, and to go back where it is a saga",
        ),
        verb("terminate", "End a run where it stands; nothing is undone"),
        verb(
            "retry",
            "Go on with a run that failed, from the step that did",
        ),
        verb(
            "undo",
            "Go on undoing what a run that failed could not undo",
        ),
        signal(),
    ]
}

fn reveal() -> Arg {
    let reveal = Arg::new("reveal").long("reveal").action(ArgAction::SetTrue);
    reveal.help("Show secrets and classed values too, which are [secret] and their class else")
}

fn id() -> Arg {
    let id = Arg::new("id").value_name("ID").required(true);
    id.help("The run's id")
}

/// The verb over runs and signals.
#[cfg(feature = "trail")]
pub(crate) fn trail() -> Command {
    let source = Arg::new("source").long("source").value_name("SOURCE");
    let log = Arg::new("log").long("log").value_name("FILE");
    let format = Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .value_parser(PossibleValuesParser::new(["text", "mermaid"]));
    let number = |name: &'static str, most: i64| {
        let arg = Arg::new(name).long(name).value_name("N");
        arg.value_parser(value_parser!(u32).range(1..=most))
    };
    Command::new("trail")
        .about("Tell what came of a signal or a run: signals, runs and their steps")
        .args([
            id().help("The signal's id, or the run's"),
            source.help("The source of the signal, where several have given that id"),
            format.help("Draw it so, unless the output is JSON [default: text]"),
            number("most", 10_000).help("So many signals, runs and steps at most [default: 200]"),
            number("depth", 96).help("So many of them below one another [default: 24]"),
            log.help("The log of signals [default: in the journal's file]"),
        ])
}

fn runs() -> Command {
    let status = Arg::new("status")
        .long("status")
        .value_name("STATUS")
        .value_parser(PossibleValuesParser::new(["open", "answered", "failed"]))
        .help("Only those that stand there");
    let workflow = Arg::new("workflow")
        .long("workflow")
        .value_name("NAME")
        .help("Only those of this workflow");
    let most = Arg::new("most")
        .long("most")
        .value_name("N")
        .value_parser(value_parser!(u32))
        .help("So many at most [default: 20]");
    Command::new("runs")
        .about("List the runs that are recorded, the latest first")
        .args([status, workflow, most])
}

fn signal() -> Command {
    let kind = Arg::new("type").value_name("TYPE").required(true);
    let data = Arg::new("data").value_name("JSON");
    let subject = Arg::new("subject").long("subject").value_name("SUBJECT");
    Command::new("signal")
        .about("Send a signal to a run")
        .args([
            id(),
            kind.help("The signal's type, as order.approved"),
            data.help("What it says [default: {}]"),
            subject.help("Whom or what it is about"),
        ])
}
