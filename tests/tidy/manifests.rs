//! What manifests share: facts, lints and dependency versions are said once, in the root manifest.

use toml::{Table, Value};

use crate::model::{Dependency, Finding, Member, Workspace, at};

const INHERITED: [&[&str]; 5] = [
    &["package", "edition"],
    &["package", "license"],
    &["package", "rust-version"],
    &["package", "version"],
    &["lints"],
];

/// Every folder that the root manifest lists has a manifest of its own.
pub(crate) fn exist(workspace: &Workspace) -> Vec<Finding> {
    let places = workspace
        .folders()
        .into_iter()
        .map(|folder| format!("{folder}/Cargo.toml"));
    let missing = places.filter(|place| workspace.text(place).is_none());
    let text = "is not there; list members by their folders, and only those that exist";
    missing.map(|place| Finding::new(place, text)).collect()
}

/// Members inherit their lints, edition, licence, compiler and version.
pub(crate) fn inherit(workspace: &Workspace) -> Vec<Finding> {
    workspace.members().iter().flat_map(inherit_all).collect()
}

fn inherit_all(member: &Member) -> Vec<Finding> {
    let own = |keys: &&&[&str]| !at(&member.manifest, keys).is_some_and(is_shared);
    let finding = |keys: &&[&str]| {
        let text = format!("write `{}.workspace = true`", keys.join("."));
        Finding::new(member.place(), text)
    };
    INHERITED.iter().filter(own).map(finding).collect()
}

/// Members take every dependency from the root manifest.
pub(crate) fn share_dependencies(workspace: &Workspace) -> Vec<Finding> {
    workspace.members().iter().flat_map(share_all).collect()
}

fn share_all(member: &Member) -> Vec<Finding> {
    let own = member
        .dependencies()
        .into_iter()
        .filter(|found| !is_shared(&found.value));
    let finding = |found: Dependency| {
        let (key, kind) = (&found.key, found.kind);
        let text = format!(
            "`{key}` in [{kind}] has its own version; list it under `[workspace.dependencies]` \
             in the root manifest and write `{key}.workspace = true`"
        );
        Finding::new(member.place(), text)
    };
    own.map(finding).collect()
}

/// Macro crates, which speak to hidden modules, are used in exactly their own version.
pub(crate) fn pin_macros(workspace: &Workspace) -> Vec<Finding> {
    let manifest = workspace.manifest();
    let shared = at(&manifest, &["workspace", "dependencies"]).and_then(Value::as_table);
    let loose = |(key, value): &(&String, &Value)| is_macro_crate(key) && !is_pinned(value);
    let finding = |(key, _)| {
        let text =
            format!("pin `{key}` with `version = \"=...\"`; generated code fits one version");
        Finding::new("Cargo.toml", text)
    };
    shared
        .into_iter()
        .flat_map(Table::iter)
        .filter(loose)
        .map(finding)
        .collect()
}

fn is_macro_crate(key: &str) -> bool {
    let folder = key.strip_prefix("enact-");
    folder.is_some_and(|folder| folder.ends_with("-macros") || folder == "macro-support")
}

fn is_pinned(value: &Value) -> bool {
    let version = value.as_str().or_else(|| value.get("version")?.as_str());
    version.is_some_and(|version| version.starts_with('='))
}

fn is_shared(value: &Value) -> bool {
    value.get("workspace").and_then(Value::as_bool) == Some(true)
}

/// Members, dependencies and lints of the root manifest stand in order.
///
/// A blank line or a comment starts a new list, so that long tables can have parts.
pub(crate) fn sort_lists(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    let (mut list, mut last) = (List::Unsorted, String::new());
    for (at, line) in workspace
        .text("Cargo.toml")
        .unwrap_or_default()
        .lines()
        .enumerate()
    {
        let name = list.name(line);
        list = list.after(line);
        if !name.is_empty() && name < last.as_str() {
            let text = format!("`{name}` stands after `{last}`; sort the list");
            findings.push(Finding::at_line("Cargo.toml", at + 1, text));
        }
        name.clone_into(&mut last);
    }
    findings
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum List {
    Unsorted,
    Members,
    Keys,
}

impl List {
    /// The list that the next line belongs to.
    fn after(self, line: &str) -> Self {
        let is_sorted = |table: &str| {
            table == "[workspace.dependencies]" || table.starts_with("[workspace.lints.")
        };
        match (self, line.trim_end()) {
            (_, "members = [") => Self::Members,
            (Self::Members, "]") => Self::Unsorted,
            (_, table) if is_sorted(table) => Self::Keys,
            (_, table) if table.starts_with('[') => Self::Unsorted,
            (list, _) => list,
        }
    }

    /// What `line` lists; empty for a line that is no entry.
    fn name(self, line: &str) -> &str {
        let name = match self {
            Self::Unsorted => "",
            Self::Members => line.trim(),
            Self::Keys => line.split(['=', '.', ' ']).next().unwrap_or_default(),
        };
        if name.starts_with(['#', '[', ']']) {
            ""
        } else {
            name.trim_matches(['"', ','])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::check;

    const ROOT: (&str, &str) = ("Cargo.toml", "workspace.members = ['one']");

    #[test]
    fn a_member_without_a_manifest_is_found() {
        let root = ("Cargo.toml", "workspace.members = ['one', 'two', 'm*']");
        let text = "is not there; list members by their folders, and only those that exist";
        let expected = [
            format!("two/Cargo.toml: {text}"),
            format!("m*/Cargo.toml: {text}"),
        ];
        check(
            exist,
            &[root, ("one/Cargo.toml", "")],
            &expected.each_ref().map(String::as_str),
        );
    }

    #[test]
    fn a_member_that_inherits_everything_passes() {
        let manifest = "
            lints.workspace = true
            [package]
            edition.workspace = true
            license.workspace = true
            rust-version.workspace = true
            version.workspace = true
        ";
        check(inherit, &[ROOT, ("one/Cargo.toml", manifest)], &[]);
    }

    #[test]
    fn everything_that_is_not_inherited_is_found() {
        let manifest = "package.edition = '2024'\npackage.version.workspace = false";
        let expected = [
            "one/Cargo.toml: write `package.edition.workspace = true`",
            "one/Cargo.toml: write `package.license.workspace = true`",
            "one/Cargo.toml: write `package.rust-version.workspace = true`",
            "one/Cargo.toml: write `package.version.workspace = true`",
            "one/Cargo.toml: write `lints.workspace = true`",
        ];
        check(inherit, &[ROOT, ("one/Cargo.toml", manifest)], &expected);
    }

    #[test]
    fn a_dependency_with_its_own_version_is_found() {
        let manifest = "dependencies.a.workspace = true\ndev-dependencies.b = '1'";
        let expected = "one/Cargo.toml: `b` in [dev-dependencies] has its own version; list it under \
                        `[workspace.dependencies]` in the root manifest and write \
                        `b.workspace = true`";
        check(
            share_dependencies,
            &[ROOT, ("one/Cargo.toml", manifest)],
            &[expected],
        );
    }

    #[test]
    fn a_macro_crate_without_a_pin_is_found() {
        let root = "
            [workspace.dependencies]
            enact-action-macros = '=0.1.0'
            enact-macro-support = { path = 'macro-support', version = '=0.1.0' }
            enact-signal-macros = { path = 'signal-macros', version = '0.1.0' }
            enact-workflow = '0.1.0'
        ";
        let expected = "Cargo.toml: pin `enact-signal-macros` with `version = \"=...\"`; generated \
                        code fits one version";
        check(pin_macros, &[("Cargo.toml", root)], &[expected]);
    }

    #[test]
    fn unsorted_lists_are_found() {
        let root = r#"
members = [
    "b",
    "a",
]
[workspace.package]
version = "1"
edition = "2024"
[workspace.dependencies]
enact = "1"

b.path = "1"
a = "1"
[workspace.lints.clippy]
pedantic = "warn"
# Another part.
d = "warn"
c = "warn"
"#;
        let expected = [
            "Cargo.toml:4: `a` stands after `b`; sort the list",
            "Cargo.toml:13: `a` stands after `b`; sort the list",
            "Cargo.toml:18: `c` stands after `d`; sort the list",
        ];
        check(sort_lists, &[("Cargo.toml", root)], &expected);
    }
}
