//! The verbs over the runs of a journal, as clap knows them.

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, value_parser};

/// Their names.
pub(crate) const VERBS: [&str; 7] = [
    "runs",
    "show",
    "timeline",
    "cancel",
    "terminate",
    "retry",
    "signal",
];

/// The verbs.
pub(crate) fn verbs() -> [Command; 7] {
    let verb = |name: &'static str, about: &'static str| Command::new(name).about(about).arg(id());
    let html = Arg::new("html")
        .long("html")
        .value_name("FILE")
        .help("Write it as a page to that file; - for the standard output");
    [
        runs(),
        verb("show", "Show all that is recorded of a run"),
        verb(
            "timeline",
            "Draw a run: what it did, when, and what it waits for",
        )
        .arg(html),
        verb(
            "cancel",
            "Ask a run to stop, and to go back where it is a saga",
        ),
        verb("terminate", "End a run where it stands; nothing is undone"),
        verb(
            "retry",
            "Go on with a run that failed, from the step that did",
        ),
        signal(),
    ]
}

fn id() -> Arg {
    let id = Arg::new("id").value_name("ID").required(true);
    id.help("The run's id")
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
