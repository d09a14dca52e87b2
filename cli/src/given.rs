//! Values that stand in a file, in the standard input or in the environment.

use std::fs;

use serde_json::Value;

use crate::exit::Stop;
use crate::ui::Ui;

/// JSON given as `@FILE`, as `-` for the standard input, or as itself.
pub(crate) fn json(flag: &str, given: &str, ui: &Ui) -> Result<Value, Stop> {
    let text = match elsewhere(flag, given, ui)? {
        Some(text) => text,
        None => given.to_owned(),
    };
    parsed(flag, &text)
}

/// The JSON that a secret stands for, given as [`secret`] takes it.
pub(crate) fn secret_json(flag: &str, given: &str, ui: &Ui) -> Result<Value, Stop> {
    parsed(flag, &secret(flag, given, ui)?)
}

fn parsed(flag: &str, text: &str) -> Result<Value, Stop> {
    serde_json::from_str(text).map_err(|error| {
        Stop::Usage(format!(
            "--{flag}: this is no JSON: {error}; write @FILE, - or JSON text"
        ))
    })
}

/// A secret given as `@FILE`, as `-`, as `env:NAME`, or as itself.
pub(crate) fn secret(flag: &str, given: &str, ui: &Ui) -> Result<String, Stop> {
    if let Some(name) = given.strip_prefix("env:") {
        return ui.env(name).ok_or_else(|| {
            Stop::Usage(format!(
                "--{flag}: the environment has no variable {name:?}; set it first"
            ))
        });
    }
    match elsewhere(flag, given, ui)? {
        Some(text) => Ok(without_line_end(&text).to_owned()),
        None => Ok(given.to_owned()),
    }
}

/// What stands in the file or in the standard input, where the value names one.
fn elsewhere(flag: &str, given: &str, ui: &Ui) -> Result<Option<String>, Stop> {
    let (text, what) = match given.strip_prefix('@') {
        Some(file) => (fs::read_to_string(file), format!("the file {file:?}")),
        None if given == "-" => (ui.input(), "the standard input".to_owned()),
        None => return Ok(None),
    };
    text.map(Some)
        .map_err(|error| Stop::Usage(format!("--{flag}: can't read {what}: {error}")))
}

fn without_line_end(text: &str) -> &str {
    let text = text.strip_suffix('\n').unwrap_or(text);
    text.strip_suffix('\r').unwrap_or(text)
}
