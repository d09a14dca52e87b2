//! `list`: the actions, those that fit best first.

use clap::ArgMatches;
use enact_action_core::registry::Entry;
use serde_json::Value;

use crate::exit::Stop;
use crate::spec;
use crate::style::{DIM, NAME, PLAIN};
use crate::table::table;
use crate::ui::{Output, Ui};

pub(crate) fn list(matches: &ArgMatches, ui: &Ui) -> Result<(), Stop> {
    let found = find(matches, ui);
    if found.is_empty() && ui.output() == Output::Text {
        ui.note(format_args!(
            "no action fits; `{} list` shows all",
            ui.program()
        ));
        return Ok(());
    }
    let json: Vec<Value> = found
        .iter()
        .map(|entry| spec::brief(entry.spec()))
        .collect();
    Ok(ui.show(&json, text(&found))?)
}

fn find(matches: &ArgMatches, ui: &Ui) -> Vec<&'static Entry> {
    let many = |id: &str| -> Vec<&str> {
        matches
            .get_many::<String>(id)
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect()
    };
    let (words, tags) = (many("words").join(" "), many("tag"));
    let category = matches.get_one::<String>("category").map(String::as_str);
    let mut found = ui.registry().search(&words);
    found.retain(|entry| {
        let spec = entry.spec();
        (category.is_none() || category == spec.category)
            && tags.iter().all(|tag| spec.tags.contains(tag))
    });
    found
}

fn text(found: &[&'static Entry]) -> String {
    let rows: Vec<[String; 3]> = found
        .iter()
        .map(|entry| {
            let spec = entry.spec();
            [
                spec.name.to_owned(),
                spec.effect.to_string(),
                spec::summary(spec),
            ]
        })
        .collect();
    table("", [NAME, DIM, PLAIN], &rows)
}
