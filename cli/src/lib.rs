//! The command line that an application embeds with one line.
//!
//! ```no_run
//! fn main() -> std::process::ExitCode {
//!     enact_cli::main()
//! }
//! ```
//!
//! gives a program these verbs over all its actions, with nothing written twice: flags, help,
//! completions and checks come from the actions themselves.
//!
//! | verb | what it does |
//! | --- | --- |
//! | `list [WORDS…] [--category C] [--tag T]` | shows the actions, those that fit the words best first |
//! | `describe NAME` | shows all that one action says of itself |
//! | `run NAME [--json @FILE\|-\|JSON] [--FIELD VALUE…]` | runs one, and writes its output |
//! | `tools --format VENDOR [NAME…]` | writes the tools JSON that a model vendor takes |
//! | `graph [NAME] [--format mermaid\|dot\|json\|svg]` | draws a workflow; with the feature `workflow` |
//! | `runs`, `show ID`, `timeline ID [--html FILE]` | tell of recorded runs; with the feature `journal`, in a program that says where they are |
//! | `trail ID [--source S] [--format text\|mermaid] [--log FILE]` | tells what came of a signal or a run: signals, runs and their steps as one story; with the features `journal` and `trail` |
//! | `cancel ID`, `terminate ID`, `retry ID`, `undo ID`, `signal ID TYPE [JSON]` | ask something of one |
//! | `mcp [--allow NAME…] [--http ADDRESS [--token-env VARIABLE] [--host HOST…]]` | serves the actions as tools of the Model Context Protocol, on the standard streams or over HTTP; with the feature `mcp` |
//! | `completions SHELL` | writes the shell's completion script, names of actions and flags included |
//!
//! All take `--output text|json` and `--color auto|always|never`. What a verb answers goes to the
//! standard output, all else to the standard error; with `--output json` a failure is JSON on the
//! standard output too, and the [exit code](Exit) tells the two apart.
//!
//! What is told to `tracing` is written to the standard error where the variable `RUST_LOG` asks for it, as `info` or
//! `warn,enact=debug,hyper=off`, unless the application has a subscriber of its own; where nothing asks, there is none, and
//! telling costs nothing.
//!
//! An application that has resources, a name, or verbs of its own says so with [`App`]; the verbs
//! get a [`Ui`], with which theirs look the same.

mod app;
mod approve;
mod command;
mod drive;
mod exit;
mod flags;
mod given;
mod io;
mod log;
mod param;
mod progress;
mod report;
mod rules;
#[cfg(feature = "journal")]
mod runs;
mod screen;
#[cfg(feature = "mcp")]
mod serve;
mod shape;
mod spec;
mod start;
#[cfg(all(feature = "journal", feature = "trail"))]
mod story;
mod style;
mod table;
mod tools;
mod ui;
mod verbs;

pub use clap;

pub use self::app::{App, main};
pub use self::exit::Exit;
pub use self::io::Io;
pub use self::progress::Bar;
pub use self::ui::{Output, Ui};
