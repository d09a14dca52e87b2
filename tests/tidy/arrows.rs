//! Which crate may depend on which: the table of arrows, and the rule that keeps it.

use toml::{Table, Value};

use crate::model::{Dependency, Finding, Member, Workspace, at};

/// A folder of the workspace, and the folders whose crates it may depend on.
///
/// Every arrow points at a row above its own, so there are no circles.
const ARROWS: &[(&str, &[&str])] = &[
    ("grammar", &[]),
    ("macro-support", &[]),
    ("sqlite-file", &[]),
    ("action-macros", &["grammar", "macro-support"]),
    ("signal-macros", &["grammar", "macro-support"]),
    ("workflow-macros", &["macro-support"]),
    ("action-core", &["action-macros", "grammar"]),
    ("signal-core", &["action-core", "grammar", "signal-macros"]),
    ("signal-bus", &["grammar", "signal-core", "sqlite-file"]),
    (
        "workflow",
        &[
            "action-core",
            "signal-core",
            "sqlite-file",
            "workflow-macros",
        ],
    ),
    ("mcp", &["action-core", "workflow"]),
    ("cli", &["action-core", "mcp", "signal-bus", "workflow"]),
    ("service", ENGINES),
    ("cluster", ENGINES),
    ("enact", LIBRARIES),
    ("examples", PUBLIC),
    ("tests", PUBLIC),
    ("benches", PUBLIC),
];

/// What the service and the cluster layer build on; they do not know one another.
const ENGINES: &[&str] = &[
    "grammar",
    "macro-support",
    "action-macros",
    "signal-macros",
    "workflow-macros",
    "action-core",
    "signal-core",
    "signal-bus",
    "workflow",
    "mcp",
    "cli",
];

/// What the facade gathers.
const LIBRARIES: &[&str] = &[
    "grammar",
    "macro-support",
    "action-macros",
    "signal-macros",
    "workflow-macros",
    "action-core",
    "signal-core",
    "signal-bus",
    "workflow",
    "mcp",
    "cli",
    "service",
    "cluster",
];

/// What users, and so examples, tests and benches, may name: all but the macro crates' own support.
const PUBLIC: &[&str] = &[
    "grammar",
    "action-macros",
    "signal-macros",
    "workflow-macros",
    "action-core",
    "signal-core",
    "signal-bus",
    "workflow",
    "mcp",
    "cli",
    "service",
    "cluster",
    "enact",
];

/// Members are in the table under their own names, and depend only along its arrows.
pub(crate) fn follow_the_table(workspace: &Workspace) -> Vec<Finding> {
    let shared = workspace.manifest();
    workspace
        .members()
        .iter()
        .flat_map(|member| follow_row(member, &shared))
        .collect()
}

fn follow_row(member: &Member, shared: &Table) -> Vec<Finding> {
    let Some((_, allowed)) = ARROWS.iter().find(|(folder, _)| *folder == member.folder) else {
        let text = "is not in the table of arrows; give it a row in `tests/tidy/arrows.rs` \
                    and in `ARCHITECTURE.md`";
        return vec![Finding::new(member.place(), text)];
    };
    let mut findings = Vec::from_iter(misnamed(member));
    for dependency in member.dependencies() {
        findings.extend(stray(member, &dependency, allowed, shared));
    }
    findings
}

fn misnamed(member: &Member) -> Option<Finding> {
    let wanted = package(&member.folder);
    let name = at(&member.manifest, &["package", "name"]).and_then(Value::as_str);
    let text = format!("call the package `{wanted}`, after its folder");
    (name != Some(&wanted)).then(|| Finding::new(member.place(), text))
}

fn stray(
    member: &Member,
    dependency: &Dependency,
    allowed: &[&str],
    shared: &Table,
) -> Option<Finding> {
    let Dependency { kind, key, .. } = dependency;
    let to = target(dependency, shared)?;
    if allowed.contains(&to.as_str()) {
        return None;
    }
    let from = &member.folder;
    let text = format!(
        "`{key}` in [{kind}] is an arrow {from} -> {to}, which the table does not have; move what \
         is needed to a crate that both may depend on, or decide on the arrow and add it to \
         `tests/tidy/arrows.rs` and `ARCHITECTURE.md`"
    );
    Some(Finding::new(member.place(), text))
}

/// The folder of the crate that is depended on; none for crates of others.
fn target(dependency: &Dependency, shared: &Table) -> Option<String> {
    let Dependency { key, value, .. } = dependency;
    let entry = at(shared, &["workspace", "dependencies", key]);
    let is_shared = value.get("workspace").and_then(Value::as_bool) == Some(true);
    let value = entry.filter(|_| is_shared).unwrap_or(value);
    let text = |field: &str| value.get(field).and_then(Value::as_str);
    if let Some(path) = text("path") {
        let folder = path.trim_end_matches('/').rsplit('/').next();
        return folder.map(str::to_owned);
    }
    folder(text("package").unwrap_or(key)).map(str::to_owned)
}

fn folder(package: &str) -> Option<&str> {
    if package == "enact" {
        Some(package)
    } else {
        package.strip_prefix("enact-")
    }
}

fn package(folder: &str) -> String {
    if folder == "enact" {
        folder.to_owned()
    } else {
        format!("enact-{folder}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;

    /// One member in `folder`, whose manifest names the right package and goes on with `rest`.
    #[track_caller]
    fn check(folder: &str, rest: &str, expected: &[&str]) {
        let root = format!(
            "workspace.members = ['{folder}']
             [workspace.dependencies]
             core = {{ package = 'enact-action-core', version = '1' }}
             enact = {{ path = 'enact' }}
             enact-workflow = {{ path = 'workflow' }}
             renamed = {{ path = './signal-bus/', package = 'enact-signal-bus' }}
             serde = '1'"
        );
        let manifest = format!("package.name = '{}'\n{rest}", package(folder));
        let place = format!("{folder}/Cargo.toml");
        let files = [("Cargo.toml", root.as_str()), (&place, &manifest)];
        model::check(follow_the_table, &files, expected);
    }

    #[track_caller]
    fn check_stray(folder: &str, rest: &str, arrow: &str) {
        let text = format!(
            "{folder}/Cargo.toml: {arrow}, which the table does not have; move what is needed to a \
             crate that both may depend on, or decide on the arrow and add it to \
             `tests/tidy/arrows.rs` and `ARCHITECTURE.md`"
        );
        check(folder, rest, &[&text]);
    }

    #[test]
    fn arrows_point_at_rows_above() {
        for (row, (from, to)) in ARROWS.iter().enumerate() {
            let above: Vec<_> = ARROWS[..row].iter().map(|(folder, _)| *folder).collect();
            assert!(
                to.iter().all(|to| above.contains(to)),
                "{from} points below itself"
            );
        }
    }

    #[test]
    fn arrows_of_the_table_and_crates_of_others_pass() {
        let manifest = "
            dependencies.serde.workspace = true
            dependencies.core.workspace = true
            dev-dependencies.enact-workflow.workspace = true
        ";
        check("mcp", manifest, &[]);
    }

    #[test]
    fn a_macro_crate_may_not_test_with_a_runtime_crate() {
        let manifest = "dev-dependencies.core.workspace = true";
        let arrow = "`core` in [dev-dependencies] is an arrow workflow-macros -> action-core";
        check_stray("workflow-macros", manifest, arrow);
    }

    #[test]
    fn nothing_may_depend_on_the_facade() {
        let manifest = "build-dependencies.enact.workspace = true";
        let arrow = "`enact` in [build-dependencies] is an arrow workflow -> enact";
        check_stray("workflow", manifest, arrow);
    }

    #[test]
    fn service_and_cluster_may_not_know_one_another() {
        let manifest = "dependencies.enact-cluster = '0.1'";
        let arrow = "`enact-cluster` in [dependencies] is an arrow service -> cluster";
        check_stray("service", manifest, arrow);
    }

    #[test]
    fn a_path_is_an_arrow_under_any_name() {
        let manifest = "dependencies.renamed.workspace = true";
        check_stray(
            "mcp",
            manifest,
            "`renamed` in [dependencies] is an arrow mcp -> signal-bus",
        );
        let manifest = "target.'cfg(unix)'.dependencies.other.path = '../mcp'";
        check_stray(
            "workflow",
            manifest,
            "`other` in [dependencies] is an arrow workflow -> mcp",
        );
    }

    #[test]
    fn examples_may_not_use_what_is_not_public() {
        let manifest = "dependencies.enact-macro-support = '0.1'";
        let arrow = "`enact-macro-support` in [dependencies] is an arrow examples -> macro-support";
        check_stray("examples", manifest, arrow);
    }

    #[test]
    fn an_unknown_member_is_found() {
        let text = "extra/Cargo.toml: is not in the table of arrows; give it a row in \
                    `tests/tidy/arrows.rs` and in `ARCHITECTURE.md`";
        check("extra", "", &[text]);
    }

    #[test]
    fn a_misnamed_package_is_found() {
        let root = ("Cargo.toml", "workspace.members = ['cli', 'enact']");
        let files = [
            root,
            ("cli/Cargo.toml", "package.name = 'cli'"),
            ("enact/Cargo.toml", ""),
        ];
        let expected = [
            "cli/Cargo.toml: call the package `enact-cli`, after its folder",
            "enact/Cargo.toml: call the package `enact`, after its folder",
        ];
        model::check(follow_the_table, &files, &expected);
    }
}
