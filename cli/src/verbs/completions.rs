//! `completions`: a shell's completion script.

use clap::{ArgMatches, Command};
use clap_complete::{Shell, generate};

use crate::exit::Stop;
use crate::ui::Ui;

pub(crate) fn completions(matches: &ArgMatches, mut command: Command, ui: &Ui) -> Result<(), Stop> {
    let shell = matches
        .get_one::<Shell>("shell")
        .copied()
        .unwrap_or(Shell::Bash);
    let mut script = Vec::new();
    generate(shell, &mut command, ui.program(), &mut script);
    Ok(ui.data(&String::from_utf8_lossy(&script))?)
}
