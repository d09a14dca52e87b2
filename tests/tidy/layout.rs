//! How files are laid out: a sentence on top, not too long, under a name that says something.

use std::collections::BTreeSet;

use crate::model::{Finding, Workspace};
use crate::source::{Source, find_word, line_of};

/// How many lines a file may have before it wants to be two.
const LONGEST: usize = 400;

/// Names that only say that somebody had no name.
const EMPTY_NAMES: [&str; 6] = ["common", "helper", "helpers", "misc", "util", "utils"];

/// Folders in which cargo takes every file for the root of a crate of its own.
const ROOTS: [&str; 4] = ["benches", "bin", "examples", "tests"];

/// Every source file but a compile-fail case begins with what it is for.
pub(crate) fn open_with_a_sentence(workspace: &Workspace) -> Vec<Finding> {
    let silent = |(path, text): &(&str, &str)| !is_ui_case(path) && !text.starts_with("//!");
    let finding =
        |(path, _)| Finding::new(path, "say on the first line, with `//!`, what it is for");
    workspace.files("rs").filter(silent).map(finding).collect()
}

/// Source files but those of tests have at most 400 lines.
pub(crate) fn stay_short(workspace: &Workspace) -> Vec<Finding> {
    let shipped = workspace
        .files("rs")
        .filter(|(path, _)| !is_for_tests(path));
    let lengths = shipped.map(|(path, text)| (path, text.lines().count()));
    let finding = |(path, length)| {
        let text =
            format!("has {length} lines, {LONGEST} at most; cut it where it has two subjects");
        Finding::new(path, text)
    };
    lengths
        .filter(|(_, length)| *length > LONGEST)
        .map(finding)
        .collect()
}

/// No file, folder or inline module has a name that says nothing.
pub(crate) fn say_something(workspace: &Workspace) -> Vec<Finding> {
    let text = |name| format!("`{name}` says nothing; name it after what is inside");
    let mut findings = Vec::new();
    for path in workspace.paths() {
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.split('.').next().unwrap_or(name);
        if EMPTY_NAMES.contains(&stem) {
            findings.push(Finding::new(path, text(stem)));
        }
    }
    for (path, source) in workspace.files("rs") {
        let code = Source::of(source).code;
        for name in EMPTY_NAMES {
            let found = find_word(&code, &format!("mod {name} {{"));
            let line = found.map(|at| line_of(&code, at));
            findings.extend(line.map(|line| Finding::at_line(path, line, text(name))));
        }
    }
    findings
}

/// A module with a folder is the `mod.rs` in it.
pub(crate) fn keep_modules_in_their_folder(workspace: &Workspace) -> Vec<Finding> {
    let folders: BTreeSet<_> = workspace
        .files("rs")
        .filter_map(|(path, _)| folder(path))
        .collect();
    let split = |path: &&str| {
        let module = path.trim_end_matches(".rs");
        folders.contains(module) && !is_root(path)
    };
    let finding = |path: &str| {
        let module = path.trim_end_matches(".rs");
        Finding::new(
            path,
            format!("move it to `{module}/mod.rs`, beside what it declares"),
        )
    };
    workspace
        .files("rs")
        .map(|(path, _)| path)
        .filter(split)
        .map(finding)
        .collect()
}

/// Is it a compile-fail case, which shows a mistake of users?
pub(crate) fn is_ui_case(path: &str) -> bool {
    path.starts_with("tests/ui/")
}

/// Is the file at `path` there only for tests?
pub(crate) fn is_for_tests(path: &str) -> bool {
    path.split('/')
        .any(|part| part == "tests" || part == "tests.rs")
}

fn is_root(path: &str) -> bool {
    let parent = folder(path).and_then(|folder| folder.rsplit('/').next());
    parent.is_some_and(|name| ROOTS.contains(&name))
}

fn folder(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::check;

    #[test]
    fn a_file_without_a_sentence_is_found() {
        let files = [
            ("a/src/lib.rs", "//! Here."),
            ("a/src/mute.rs", "use std::fmt;"),
            ("tests/ui/action/no_doc.rs", "fn main() {}"),
        ];
        let expected = ["a/src/mute.rs: say on the first line, with `//!`, what it is for"];
        check(open_with_a_sentence, &files, &expected);
    }

    #[test]
    fn a_long_file_is_found() {
        let (full, over) = ("\n".repeat(LONGEST), "\n".repeat(LONGEST + 1));
        let files = [
            ("a/src/full.rs", full.as_str()),
            ("a/src/over.rs", &over),
            ("a/src/over/tests.rs", &over),
            ("a/tests/over.rs", &over),
        ];
        let expected =
            ["a/src/over.rs: has 401 lines, 400 at most; cut it where it has two subjects"];
        check(stay_short, &files, &expected);
    }

    #[test]
    fn empty_names_are_found() {
        let files = [
            (
                "a/src/lib.rs",
                "// mod util {\nmod name {}\npub mod helpers {}",
            ),
            ("a/src/utils/a.rs", ""),
            ("a/src/utils/b.rs", ""),
            ("docs/misc.md", ""),
            ("docs/commons.md", ""),
        ];
        let expected = [
            "a/src/utils: `utils` says nothing; name it after what is inside",
            "docs/misc.md: `misc` says nothing; name it after what is inside",
            "a/src/lib.rs:3: `helpers` says nothing; name it after what is inside",
        ];
        check(say_something, &files, &expected);
    }

    #[test]
    fn a_module_beside_its_folder_is_found() {
        let files = [
            ("a/src/beside.rs", ""),
            ("a/src/beside/part.rs", ""),
            ("a/src/inside/mod.rs", ""),
            ("a/src/inside/part.rs", ""),
            ("tests/ui.rs", ""),
            ("tests/ui/case.rs", ""),
        ];
        let expected =
            ["a/src/beside.rs: move it to `a/src/beside/mod.rs`, beside what it declares"];
        check(keep_modules_in_their_folder, &files, &expected);
    }
}
