//! The compile-fail cases: `tests/ui/<macro>/<mistake>.rs` with the expected error beside it.

use crate::layout::is_ui_case;
use crate::model::{Finding, Workspace};

/// Marks of the standard library's own source, which the compiler quotes only where it is installed.
const QUOTES: [&str; 5] = [
    "$RUST",
    "/rustc/",
    "library/alloc/",
    "library/core/",
    "library/std/",
];

/// Every case has its expected error, every expected error has its case, and each case is run.
pub(crate) fn come_in_pairs(workspace: &Workspace) -> Vec<Finding> {
    let lacks = |path: &&str, other: &str| is_case(path) && workspace.text(other).is_none();
    let deep = workspace.files("rs").chain(workspace.files("stderr"));
    let deep = deep.map(|(path, _)| path);
    let deep = deep.filter(|path| is_ui_case(path) && !is_case(path) && !is_shared(path));
    let cases = workspace
        .files("rs")
        .map(|(path, _)| path)
        .filter(|path| lacks(path, &path.replace(".rs", ".stderr")));
    let errors = workspace
        .files("stderr")
        .map(|(path, _)| path)
        .filter(|path| lacks(path, &path.replace(".stderr", ".rs")));
    let case = "has no `.stderr` beside it; bless it, read what it says, and move a case that \
                compiles to `tests/odd/`";
    let error = "is the expected error of no case; delete it";
    let unrun = "is run by no test; a case stands in the folder of its macro, and what several are \
                 written with is a `mod.rs` in a folder below";
    let cases = cases.map(|path| Finding::new(path, case));
    cases
        .chain(errors.map(|path| Finding::new(path, error)))
        .chain(deep.map(|path| Finding::new(path, unrun)))
        .collect()
}

/// Expected errors are the same with and without the standard library's source.
pub(crate) fn stay_portable(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in workspace.files("stderr") {
        for (at, line) in text.lines().enumerate() {
            let quote = QUOTES.into_iter().find(|quote| line.contains(quote));
            let text = |quote| {
                format!(
                    "`{quote}` quotes the standard library, which only some machines have in \
                     source; make the macro's own error come first"
                )
            };
            findings.extend(quote.map(|quote| Finding::at_line(path, at + 1, text(quote))));
        }
    }
    findings
}

/// A case stands in the folder of its macro.
fn is_case(path: &str) -> bool {
    is_ui_case(path) && path.split('/').count() == 4
}

/// What several cases are written with is a module with a folder of its own.
fn is_shared(path: &str) -> bool {
    path.ends_with("/mod.rs")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::check;

    #[test]
    fn a_case_or_an_error_alone_is_found() {
        let files = [
            ("tests/ui/action/bad.rs", ""),
            ("tests/ui/action/bad.stderr", ""),
            ("tests/ui/action/lonely.rs", ""),
            ("tests/ui/action/pass/legal.rs", ""),
            ("tests/ui/action/pass/legal.stderr", ""),
            ("tests/ui/action/shop/mod.rs", ""),
            ("tests/ui/action/stale.stderr", ""),
            ("tests/ui.rs", ""),
        ];
        let expected = [
            "tests/ui/action/lonely.rs: has no `.stderr` beside it; bless it, read what it says, \
             and move a case that compiles to `tests/odd/`",
            "tests/ui/action/stale.stderr: is the expected error of no case; delete it",
            "tests/ui/action/pass/legal.rs: is run by no test; a case stands in the folder of its \
             macro, and what several are written with is a `mod.rs` in a folder below",
            "tests/ui/action/pass/legal.stderr: is run by no test; a case stands in the folder of \
             its macro, and what several are written with is a `mod.rs` in a folder below",
        ];
        check(come_in_pairs, &files, &expected);
    }

    #[test]
    fn a_quote_of_the_standard_library_is_found() {
        let text = "error: a\n --> $RUST/core/src/fmt/mod.rs\n --> tests/ui/b.rs";
        let expected = "tests/ui/b.stderr:2: `$RUST` quotes the standard library, which only some \
                        machines have in source; make the macro's own error come first";
        check(stay_portable, &[("tests/ui/b.stderr", text)], &[expected]);
    }
}
