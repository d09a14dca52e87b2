//! From arguments to the verb that they name.

use std::ffi::OsString;
use std::sync::Arc;
#[cfg(feature = "sealed")]
use std::sync::Mutex;

use enact_action_core::Registry;

use crate::app::App;
use crate::command::command;
use crate::drive::drive;
use crate::exit::{Exit, Stop};
use crate::io::{Given, Interrupts};
use crate::screen::Screen;
use crate::ui::{Journal, Output, Ui, defective};
use crate::verbs;

impl App {
    /// Does what the arguments say.
    pub(crate) fn start(
        self,
        args: Vec<OsString>,
        (output, journal): (Output, Option<String>),
        screen: Arc<Screen>,
        given: Given,
        interrupts: Interrupts,
    ) -> Result<(), Stop> {
        let registry = Registry::open()
            .and_then(self.view)
            .map_err(|error| defective(&error))?;
        let (commands, mut verbs): (Vec<_>, Vec<_>) = self.own.into_iter().unzip();
        let mut command = command(&self.program, &registry, &commands);
        if self.otherwise.is_none() {
            command = command
                .subcommand_required(true)
                .arg_required_else_help(true);
        }
        let mut matches = match command.try_get_matches_from_mut(args) {
            Ok(matches) => matches,
            Err(error) => return told(&error, &screen),
        };
        let journal = Journal {
            named: journal.filter(|_| self.program.journal.is_some()),
            default: self.program.journal,
            #[cfg(all(feature = "journal", feature = "trail"))]
            log: self.program.log,
            #[cfg(feature = "sealed")]
            keys: Mutex::new(self.keys),
        };
        let ui = Ui::new(
            (self.program.name, self.program.version),
            (output, journal),
            registry,
            self.connect,
            screen,
            given,
        );
        let chosen = matches.remove_subcommand();
        let Some((name, matches)) = chosen else {
            let verb = self.otherwise.map(|verb| verb(matches, ui.clone()));
            return verb.map_or(Ok(()), |work| drive(work, interrupts, &ui));
        };
        if let Some(index) = commands.iter().position(|own| own.get_name() == name) {
            let work = verbs.swap_remove(index)(matches, ui.clone());
            return drive(work, interrupts, &ui);
        }
        match name.as_str() {
            "list" => verbs::list(&matches, &ui),
            "describe" => verbs::describe(&matches, &ui),
            "run" => verbs::run(&matches, interrupts, &ui),
            "tools" => verbs::tools(&matches, &ui),
            #[cfg(feature = "workflow")]
            "graph" => verbs::graph(&matches, &ui),
            #[cfg(feature = "journal")]
            verb if crate::runs::VERBS.contains(&verb) => {
                let work = Box::pin(verbs::runs(name, matches, ui.clone()));
                drive(work, interrupts, &ui)
            }
            #[cfg(all(feature = "journal", feature = "trail"))]
            "trail" => drive(verbs::trail(matches, ui.clone()), interrupts, &ui),
            #[cfg(feature = "mcp")]
            "mcp" => drive(verbs::mcp(matches, self.serve, ui.clone()), interrupts, &ui),
            "completions" => verbs::completions(&matches, command, &ui),
            _ => Err(Stop::Usage(format!("there is no verb {name:?}"))),
        }
    }
}

/// Writes what clap has to say: help and version as answers, all else as a complaint.
fn told(error: &clap::Error, screen: &Screen) -> Result<(), Stop> {
    let text = error.render().ansi().to_string();
    // Between a description and the values below it, clap leaves a line of blanks.
    let text: String = text
        .lines()
        .flat_map(|line| [line.trim_end(), "\n"])
        .collect();
    if error.use_stderr() {
        screen.note(&text);
        return Err(Stop::Silent(Exit::Usage));
    }
    Ok(screen.say(&text)?)
}
