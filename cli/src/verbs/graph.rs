//! `graph`: a workflow, drawn.

use clap::ArgMatches;
use enact_action_core::{Failure, Registry};
use enact_workflow::Graph;
use enact_workflow::registry::{nearest, workflows};

use crate::exit::{Stop, UNKNOWN_WORKFLOW};
use crate::ui::{Ui, pretty};

/// The formats that a graph is written in, the default first.
pub(crate) const FORMATS: [&str; 4] = ["mermaid", "dot", "json", "svg"];

pub(crate) fn graph(matches: &ArgMatches, ui: &Ui) -> Result<(), Stop> {
    let text = |id| matches.get_one::<String>(id).map(String::as_str);
    let graph = chosen(text("name"), ui)?;
    let drawn = match text("format").unwrap_or_default() {
        "dot" => graph.dot(),
        "json" => pretty(&graph.json())?,
        "svg" => graph.svg(),
        _ => graph.mermaid(),
    };
    Ok(ui.data(&drawn)?)
}

/// The workflows, without those whose actions the application hides.
pub(crate) fn visible(registry: &Registry) -> Vec<&'static Graph> {
    let is_hidden =
        |name: &str| registry.get(name).is_none() && Registry::global().get(name).is_some();
    workflows()
        .filter(|graph| !is_hidden(&graph.name))
        .collect()
}

/// The workflow of that name; where none is named, the only one there is.
fn chosen(name: Option<&str>, ui: &Ui) -> Result<&'static Graph, Stop> {
    let graphs = visible(ui.registry());
    let names = || graphs.iter().map(|graph| graph.name.as_ref());
    match (graphs.as_slice(), name) {
        ([], _) => {
            let text = "there are no workflows in this program; define one with `workflow!`";
            Err(Failure::misconfigured(UNKNOWN_WORKFLOW, text).into())
        }
        (all, Some(name)) => {
            let found = all.iter().copied().find(|graph| graph.name == name);
            found.ok_or_else(|| {
                let hint = match nearest(name, names()) {
                    Some(near) => format!("did you mean {near:?}?"),
                    None => format!(
                        "the workflows are {}",
                        names().collect::<Vec<_>>().join(", ")
                    ),
                };
                let text = format!("there is no workflow {name:?}; {hint}");
                Failure::misconfigured(UNKNOWN_WORKFLOW, text).into()
            })
        }
        ([one], None) => Ok(one),
        (_, None) => {
            let names: Vec<&str> = names().collect();
            let text = format!("say which workflow: {}", names.join(", "));
            Err(Stop::Usage(text))
        }
    }
}
