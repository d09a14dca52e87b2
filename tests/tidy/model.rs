//! The workspace as the rules see it: paths with their text, and members with their manifests.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fmt, fs, io};

use toml::{Table, Value};

/// A rule of the repository.
pub(crate) type Rule = fn(&Workspace) -> Vec<Finding>;

/// One broken rule: where, and what to do about it.
pub(crate) struct Finding {
    place: String,
    text: String,
}

impl Finding {
    pub(crate) fn new(place: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            text: text.into(),
        }
    }

    pub(crate) fn at_line(path: &str, line: usize, text: impl Into<String>) -> Self {
        Self::new(format!("{path}:{line}"), text)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.text)
    }
}

/// Findings as the lines that a failing test prints.
pub(crate) fn print(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(Finding::to_string).collect()
}

/// Every file below the root by its relative path, with `/` between folders on every system.
#[derive(Default)]
pub(crate) struct Workspace {
    files: BTreeMap<String, String>,
}

impl Workspace {
    /// Reads everything below `root` but build results and git's own files.
    pub(crate) fn read(root: &Path) -> io::Result<Self> {
        let mut workspace = Self::default();
        workspace.read_folder(root, "")?;
        Ok(workspace)
    }

    /// A workspace of the given paths and texts, to plant faults in.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let own = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        Self {
            files: files.iter().map(own).collect(),
        }
    }

    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// The files whose names end in `.extension`.
    pub(crate) fn files(&self, extension: &str) -> impl Iterator<Item = (&str, &str)> {
        let ending = format!(".{extension}");
        let files = self
            .files
            .iter()
            .filter(move |(path, _)| path.ends_with(&ending));
        files.map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Every path, of folders too; the root is the empty one.
    pub(crate) fn paths(&self) -> BTreeSet<&str> {
        let folders = |path: &str| {
            path.match_indices('/')
                .map(|(at, _)| at)
                .collect::<Vec<_>>()
        };
        let mut paths = BTreeSet::from([""]);
        for path in self.files.keys() {
            paths.insert(path);
            paths.extend(folders(path).into_iter().map(|end| &path[..end]));
        }
        paths
    }

    /// The root manifest, empty if there is none. Cargo has already refused one that is not TOML.
    pub(crate) fn manifest(&self) -> Table {
        self.table("Cargo.toml")
    }

    /// The folders that the root manifest lists, in its order.
    pub(crate) fn folders(&self) -> Vec<String> {
        let manifest = self.manifest();
        let folders = at(&manifest, &["workspace", "members"]).and_then(Value::as_array);
        let folders = folders.into_iter().flatten().filter_map(Value::as_str);
        folders.map(str::to_owned).collect()
    }

    /// The members whose manifests are there.
    pub(crate) fn members(&self) -> Vec<Member> {
        let member = |folder: String| {
            let place = format!("{folder}/Cargo.toml");
            self.text(&place)?;
            let manifest = self.table(&place);
            Some(Member { folder, manifest })
        };
        self.folders().into_iter().filter_map(member).collect()
    }

    fn table(&self, path: &str) -> Table {
        self.text(path)
            .and_then(|text| text.parse().ok())
            .unwrap_or_default()
    }

    fn read_folder(&mut self, folder: &Path, path: &str) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let below = if path.is_empty() {
                name.clone()
            } else {
                format!("{path}/{name}")
            };
            if !entry.file_type()?.is_dir() {
                self.read_file(&entry.path(), below)?;
            } else if !matches!(name.as_str(), "target" | ".git") {
                self.read_folder(&entry.path(), &below)?;
            }
        }
        Ok(())
    }

    /// Reads one file; one that another test has just removed is none of ours.
    fn read_file(&mut self, file: &Path, path: String) -> io::Result<()> {
        match fs::read(file) {
            Ok(bytes) => {
                self.files
                    .insert(path, String::from_utf8_lossy(&bytes).into_owned());
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// A package of the workspace.
pub(crate) struct Member {
    pub(crate) folder: String,
    pub(crate) manifest: Table,
}

impl Member {
    /// The path of its manifest.
    pub(crate) fn place(&self) -> String {
        format!("{}/Cargo.toml", self.folder)
    }

    /// Everything it depends on: normal, build and dev alike, for every platform.
    pub(crate) fn dependencies(&self) -> Vec<Dependency> {
        let targets = self.manifest.get("target").and_then(Value::as_table);
        let targets = targets
            .into_iter()
            .flat_map(Table::values)
            .filter_map(Value::as_table);
        std::iter::once(&self.manifest)
            .chain(targets)
            .flat_map(dependencies)
            .collect()
    }
}

/// One line of one of a member's dependency tables.
pub(crate) struct Dependency {
    pub(crate) kind: &'static str,
    pub(crate) key: String,
    pub(crate) value: Value,
}

fn dependencies(table: &Table) -> Vec<Dependency> {
    let mut found = Vec::new();
    for kind in ["dependencies", "build-dependencies", "dev-dependencies"] {
        for (key, value) in table
            .get(kind)
            .and_then(Value::as_table)
            .into_iter()
            .flatten()
        {
            found.push(Dependency {
                kind,
                key: key.clone(),
                value: value.clone(),
            });
        }
    }
    found
}

/// The value below a path of keys.
pub(crate) fn at<'t>(table: &'t Table, keys: &[&str]) -> Option<&'t Value> {
    let (last, tables) = keys.split_last()?;
    let inner = tables
        .iter()
        .try_fold(table, |table, key| table.get(*key)?.as_table());
    inner?.get(*last)
}

/// Runs a rule over planted files and compares the lines that it prints.
#[track_caller]
pub(crate) fn check(rule: Rule, files: &[(&str, &str)], expected: &[&str]) {
    assert_eq!(print(&rule(&Workspace::of(files))), expected);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_hold_every_folder_once() {
        let workspace = Workspace::of(&[("a/b/c.rs", ""), ("a/d.rs", "")]);
        assert!(
            workspace
                .paths()
                .into_iter()
                .eq(["", "a", "a/b", "a/b/c.rs", "a/d.rs"])
        );
    }

    #[test]
    fn dependencies_are_found_in_every_table() {
        let manifest = "
            dependencies.a = '1'
            build-dependencies.b = '1'
            dev-dependencies.c = '1'
            target.'cfg(unix)'.dependencies.d = '1'
        ";
        let root = "workspace.members = ['one']";
        let workspace = Workspace::of(&[("Cargo.toml", root), ("one/Cargo.toml", manifest)]);
        let members = workspace.members();
        let found = members
            .iter()
            .flat_map(Member::dependencies)
            .map(|found| found.key);
        assert!(found.eq(["a", "b", "c", "d"]));
    }

    #[test]
    fn a_folder_is_read_without_its_build_results() {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("tidy-reads-a-folder");
        fs::create_dir_all(root.join("src/target")).expect("the folder can be made");
        fs::write(root.join("src/target/built.rs"), "").expect("the file can be written");
        fs::write(root.join("src/lib.rs"), "//! Here.").expect("the file can be written");
        let workspace = Workspace::read(&root).expect("the folder can be read");
        assert!(workspace.files("rs").eq([("src/lib.rs", "//! Here.")]));
    }

    #[test]
    fn a_folder_without_a_manifest_is_no_member_yet() {
        let workspace = Workspace::of(&[("Cargo.toml", "workspace.members = ['gone']")]);
        assert_eq!(workspace.folders(), ["gone"]);
        assert!(workspace.members().is_empty());
    }
}
