//! The command line as clap knows it.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command};
use enact_action_core::Registry;
use enact_action_core::registry::Entry;

use crate::flags::{self, Suggest};
use crate::{style, tools};

/// What the application says of itself.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    /// Where the journal of its runs is, unless `--db` says otherwise; none, where it has none.
    pub(crate) journal: Option<String>,
    /// Where the log of its signals is, where that is another file.
    #[cfg(all(feature = "journal", feature = "trail"))]
    pub(crate) log: Option<String>,
    pub(crate) name: String,
    pub(crate) about: Option<String>,
    pub(crate) version: Option<String>,
}

/// The whole command line; the application's verbs take the place of ours of the same name.
pub(crate) fn command(program: &Program, registry: &Registry, own: &[Command]) -> Command {
    let version = program.version.clone();
    let ours = [
        list(),
        describe(registry),
        run(registry),
        tools(registry),
        #[cfg(feature = "workflow")]
        graph(registry),
        #[cfg(feature = "mcp")]
        mcp(),
        completions(),
    ];
    #[cfg(feature = "journal")]
    let journal = program.journal.as_ref().map(|_| crate::runs::verbs());
    #[cfg(not(feature = "journal"))]
    let journal: Option<[Command; 0]> = None;
    #[cfg(all(feature = "journal", feature = "trail"))]
    let trail = program.journal.as_ref().map(|_| crate::runs::trail());
    #[cfg(not(all(feature = "journal", feature = "trail")))]
    let trail: Option<Command> = None;
    let ours = ours.into_iter().chain(journal.into_iter().flatten());
    let ours = ours.chain(trail);
    let is_own = |verb: &Command| own.iter().any(|own| own.get_name() == verb.get_name());
    Command::new(program.name.clone())
        .bin_name(program.name.clone())
        .about(program.about.clone().unwrap_or_default())
        .version(
            version
                .unwrap_or_else(|| concat!("(enact ", env!("CARGO_PKG_VERSION"), ")").to_owned()),
        )
        .no_binary_name(true)
        .disable_help_subcommand(true)
        .subcommand_value_name("VERB")
        .subcommand_help_heading("Verbs")
        .styles(style::HELP)
        .args([output(), color()])
        .args(program.journal.as_deref().map(db))
        .subcommands(own.iter().cloned())
        .subcommands(ours.filter(|verb| !is_own(verb)))
}

fn output() -> Arg {
    Arg::new("output")
        .long("output")
        .value_name("FORMAT")
        .global(true)
        .value_parser(PossibleValuesParser::new(["text", "json"]))
        .help("Write for people or for programs [default: text]")
}

fn db(file: &str) -> Arg {
    Arg::new("db")
        .long("db")
        .value_name("FILE")
        .global(true)
        .help(format!(
            "The journal that runs are recorded in [default of the verbs over runs: {file}]"
        ))
}

fn color() -> Arg {
    Arg::new("color")
        .long("color")
        .value_name("WHEN")
        .global(true)
        .value_parser(PossibleValuesParser::new(["auto", "always", "never"]))
        .help("Use colours; auto does on a terminal, unless NO_COLOR is set [default: auto]")
}

fn list() -> Command {
    let words = Arg::new("words")
        .value_name("WORDS")
        .action(ArgAction::Append);
    let category = Arg::new("category").long("category").value_name("CATEGORY");
    let tag = Arg::new("tag")
        .long("tag")
        .value_name("TAG")
        .action(ArgAction::Append);
    Command::new("list").about("List the actions").args([
        words.help("Only those that fit, the best first"),
        category.help("Only those of this category"),
        tag.help("Only those with this tag; with each, where it is given more than once"),
    ])
}

fn describe(registry: &Registry) -> Command {
    let name = name(registry).required(true).help("The action's name");
    Command::new("describe")
        .about("Show all that an action says of itself")
        .arg(name)
}

fn run(registry: &Registry) -> Command {
    Command::new("run")
        .about("Run an action")
        .subcommand_value_name("NAME")
        .subcommand_help_heading("Actions")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        // An unknown name gets our own answer, with the nearest name and its own exit code.
        .allow_external_subcommands(true)
        .subcommands(registry.iter().map(flags::command))
}

fn tools(registry: &Registry) -> Command {
    let format = Arg::new("format")
        .long("format")
        .value_name("VENDOR")
        .required(true)
        .value_parser(PossibleValuesParser::new(tools::formats()))
        .help("Whose JSON");
    let names = name(registry)
        .action(ArgAction::Append)
        .help("Only these actions");
    Command::new("tools")
        .about("Write the actions as tools for a model")
        .args([format, names])
}

#[cfg(feature = "workflow")]
fn graph(registry: &Registry) -> Command {
    let graphs = crate::verbs::visible(registry).into_iter();
    let name = Arg::new("name")
        .value_name("NAME")
        .value_parser(Suggest::any_of(graphs.map(|graph| graph.name.to_string())))
        .hide_possible_values(true)
        .help("The workflow's name; may be left out where there is only one");
    let format = Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .value_parser(PossibleValuesParser::new(crate::verbs::FORMATS))
        .default_value(crate::verbs::FORMATS[0])
        .help("How to draw it");
    Command::new("graph")
        .about("Draw a workflow")
        .args([name, format])
}

#[cfg(feature = "mcp")]
fn mcp() -> Command {
    let allow = Arg::new("allow")
        .long("allow")
        .value_name("NAME")
        .action(ArgAction::Append)
        .help("Only these actions; `*` in a name stands for any characters [default: all]");
    let http = Arg::new("http")
        .long("http")
        .value_name("ADDRESS")
        .help("Serve over HTTP at this address, as 127.0.0.1:8931, and not the standard streams");
    let token = Arg::new("token-env")
        .long("token-env")
        .value_name("VARIABLE")
        .requires("http")
        .help("The environment variable that holds the bearer token to ask for");
    let host = Arg::new("host")
        .long("host")
        .value_name("HOST")
        .requires("http")
        .action(ArgAction::Append)
        .help("Take requests for this host too, besides this machine");
    Command::new("mcp")
        .about("Serve the actions as tools to clients of the Model Context Protocol")
        .args([allow, http, token, host])
}

fn completions() -> Command {
    let shell = Arg::new("shell")
        .value_name("SHELL")
        .required(true)
        .value_parser(clap::builder::EnumValueParser::<clap_complete::Shell>::new())
        .help("The shell");
    Command::new("completions")
        .about("Write a shell's completion script")
        .arg(shell)
}

fn name(registry: &Registry) -> Arg {
    let names = registry.iter().map(Entry::name).map(str::to_owned);
    Arg::new("name")
        .value_name("NAME")
        .value_parser(Suggest::any_of(names))
        .hide_possible_values(true)
}
