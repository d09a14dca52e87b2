//! The lock file itself: JSON with one node a line, so that differences read well.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::{Deserialize, Serialize};

use super::error::LockError;
use crate::graph::Outline;

/// Counted up when files of the former shape can't be read any more.
const FORMAT: u32 = 1;

/// What a lock file holds.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Held {
    format: u32,
    workflows: Vec<Outline>,
}

impl Held {
    /// What the file holds; none, where there is no file.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, LockError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => {
                let path = path.into();
                return Err(LockError::Unreadable { path, source });
            }
        };
        let malformed = |source| LockError::Malformed {
            path: path.into(),
            source: Some(source),
        };
        let held: Self = serde_json::from_str(&text).map_err(malformed)?;
        if held.format != FORMAT {
            return Err(LockError::Malformed {
                path: path.into(),
                source: None,
            });
        }
        Ok(Some(held))
    }

    /// The outline of that version.
    pub(super) fn get(&self, name: &str, version: u32) -> Option<&Outline> {
        let mut outlines = self.workflows.iter();
        outlines.find(|outline| outline.name == name && outline.version == version)
    }

    /// The newest version of that workflow.
    pub(super) fn newest(&self, name: &str) -> u32 {
        let outlines = self.workflows.iter();
        let versions = outlines
            .filter(|outline| outline.name == name)
            .map(|outline| outline.version);
        versions.max().unwrap_or_default()
    }

    /// Puts an outline in the place of the one of the same version.
    pub(super) fn put(&mut self, outline: Outline) {
        let same = |held: &Outline| held.name == outline.name && held.version == outline.version;
        self.workflows.retain(|held| !same(held));
        self.workflows.push(outline);
        self.workflows
            .sort_by(|a, b| (&a.name, a.version).cmp(&(&b.name, b.version)));
    }

    /// Writes the file at once or not at all.
    pub(super) fn write(&self, path: &Path) -> Result<(), LockError> {
        let unwritable = |source| LockError::Unwritable {
            path: path.into(),
            source,
        };
        let text = self.text().map_err(|error| unwritable(error.into()))?;
        let draft = draft(path);
        fs::write(&draft, text)
            .and_then(|()| fs::rename(&draft, path))
            .map_err(unwritable)
    }

    fn text(&self) -> serde_json::Result<String> {
        let mut workflows = Vec::new();
        for outline in &self.workflows {
            workflows.push(text(outline)?);
        }
        let workflows = list(&workflows, "  ");
        Ok(format!(
            "{{\n  \"format\": {FORMAT},\n  \"workflows\": {workflows}\n}}\n"
        ))
    }
}

/// Beside the file, since only within a folder renaming happens at once.
fn draft(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    path.with_file_name(name)
}

fn text(outline: &Outline) -> serde_json::Result<String> {
    let mut text = "{\n".to_owned();
    let mut key = |name: &str, value: &str| {
        // Writing to a String can't fail.
        let _ = writeln!(text, "      \"{name}\": {value},");
    };
    key("name", &json(&outline.name)?);
    key("version", &json(&outline.version)?);
    key("fingerprint", &json(&outline.fingerprint)?);
    key("code", &json(&outline.code)?);
    key("saga", &json(&outline.saga)?);
    if let Some(deadline) = &outline.deadline {
        key("deadline", &json(deadline)?);
    }
    let mut nodes = Vec::new();
    for node in &outline.nodes {
        nodes.push(json(node)?);
    }
    let nodes = list(&nodes, "      ");
    Ok(format!("{text}      \"nodes\": {nodes}\n    }}"))
}

fn json(value: &impl Serialize) -> serde_json::Result<String> {
    serde_json::to_string(value)
}

/// A list with one item a line.
fn list(items: &[String], indent: &str) -> String {
    if items.is_empty() {
        return "[]".to_owned();
    }
    let items: Vec<String> = items
        .iter()
        .map(|item| format!("\n{indent}  {item}"))
        .collect();
    format!("[{}\n{indent}]", items.join(","))
}
