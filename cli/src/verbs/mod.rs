//! The verbs, one file each.

mod completions;
mod describe;
#[cfg(feature = "workflow")]
mod graph;
mod list;
#[cfg(feature = "mcp")]
mod mcp;
mod run;
#[cfg(feature = "journal")]
mod runs;
mod tools;
#[cfg(all(feature = "journal", feature = "trail"))]
mod trail;

use enact_action_core::registry::{Defect, Entry, RegistryError};
use enact_action_core::{Failure, Registry};

pub(crate) use self::completions::completions;
pub(crate) use self::describe::describe;
#[cfg(feature = "workflow")]
pub(crate) use self::graph::{FORMATS, graph, visible};
pub(crate) use self::list::list;
#[cfg(feature = "mcp")]
pub(crate) use self::mcp::mcp;
pub(crate) use self::run::run;
#[cfg(feature = "journal")]
pub(crate) use self::runs::runs;
pub(crate) use self::tools::tools;
#[cfg(all(feature = "journal", feature = "trail"))]
pub(crate) use self::trail::trail;
use crate::exit::UNKNOWN;
use crate::ui::Ui;

/// The action of that name.
fn entry(name: &str, ui: &Ui) -> Result<&'static Entry, Failure> {
    ui.registry().get(name).ok_or_else(|| unknown(&[name], ui))
}

/// The view that holds these actions; all, where none is named.
fn view(names: &[&str], ui: &Ui) -> Result<Registry, Failure> {
    if names.is_empty() {
        return Ok(ui.registry().clone());
    }
    ui.registry()
        .allow(names.iter().copied())
        .map_err(|_| unknown(names, ui))
}

/// The failure that names every action that is not there, and what was probably meant.
fn unknown(names: &[&str], ui: &Ui) -> Failure {
    let refused = ui.registry().allow(names.iter().copied()).err();
    let defects = refused
        .as_ref()
        .map(RegistryError::defects)
        .unwrap_or_default();
    let texts: Vec<String> = defects
        .iter()
        .filter_map(|defect| missing(defect, ui))
        .collect();
    Failure::misconfigured(UNKNOWN, texts.join("\n"))
}

fn missing(defect: &Defect, ui: &Ui) -> Option<String> {
    let Defect::NotThere { name, nearest } = defect else {
        return None;
    };
    Some(match nearest {
        Some(near) => format!("there is no action {name:?}; did you mean {near:?}?"),
        None => format!(
            "there is no action {name:?}; `{} list` shows all",
            ui.program()
        ),
    })
}
