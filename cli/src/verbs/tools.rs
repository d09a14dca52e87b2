//! `tools`: the actions as a model vendor takes them.

use clap::ArgMatches;

use crate::exit::Stop;
use crate::ui::{Ui, pretty};

pub(crate) fn tools(matches: &ArgMatches, ui: &Ui) -> Result<(), Stop> {
    let names: Vec<&str> = matches
        .get_many::<String>("name")
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let format = matches
        .get_one::<String>("format")
        .map(String::as_str)
        .unwrap_or_default();
    let registry = super::view(&names, ui)?;
    let json = crate::tools::json(&registry, format)?;
    Ok(ui.data(&pretty(&json)?)?)
}
