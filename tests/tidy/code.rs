//! What code may not say: unfinished parts, sleeping threads, lints silenced without a reason.

use crate::layout::is_for_tests;
use crate::model::{Finding, Workspace};
use crate::source::{Attribute, Source, attributes, find_word, is_word};

/// What stands for code that is still to be written or that gives up, and what to do instead.
const UNFINISHED: [(&str, &str); 4] = [
    ("todo!", "write the code, or leave the feature out"),
    ("unimplemented!", "write the code, or leave the feature out"),
    ("dbg!", "take it out, or trace an event"),
    (
        ".unwrap()",
        "return an error, or say with `expect` why it cannot fail",
    ),
];

/// Marks of work that is left.
const MARKS: [&str; 2] = ["TODO", "FIXME"];

/// Shipped code is finished, and answers with errors.
pub(crate) fn finish(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in workspace
        .files("rs")
        .filter(|(path, _)| !is_for_tests(path))
    {
        let code = Source::of(text).shipped();
        for (call, advice) in UNFINISHED {
            let text = format!("`{call}` outside of tests; {advice}");
            findings.extend(lines_with(&code, call).map(|at| Finding::at_line(path, at, &text)));
        }
    }
    findings
}

/// No code, that of tests included, puts a thread to sleep.
pub(crate) fn never_sleep(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in workspace.files("rs") {
        let code = Source::of(text).code;
        let text = "`thread::sleep` blocks and guesses; wait for what is to happen, or use a timer";
        let lines = lines_with(&code, "thread::sleep");
        findings.extend(lines.map(|at| Finding::at_line(path, at, text)));
    }
    findings
}

/// Every silenced lint says why.
pub(crate) fn give_reasons(workspace: &Workspace) -> Vec<Finding> {
    let text = "silences a lint without a reason; add `reason = \"...\"`";
    find_attributes(workspace, text, |attribute| {
        let silences = uses(attribute, "allow") || uses(attribute, "expect");
        silences
            && !attribute
                .body
                .split(|c| !is_word(c))
                .any(|word| word == "reason")
    })
}

/// No test is switched off.
pub(crate) fn run_every_test(workspace: &Workspace) -> Vec<Finding> {
    let text = "a test that does not run proves nothing; repair it or delete it";
    find_attributes(workspace, text, |attribute| uses(attribute, "ignore"))
}

/// Every mark of work that is left has the number of an issue on its line.
pub(crate) fn name_the_issue(workspace: &Workspace) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, text) in workspace.files("rs") {
        let comments = Source::of(text).comments;
        for (at, line) in comments.lines().enumerate() {
            let mark = MARKS.into_iter().find(|mark| is_mark(line, mark));
            let mark = mark.filter(|_| !names_issue(line));
            let text =
                |mark| format!("{mark} without an issue; write `{mark}(#12): ...`, or do it");
            findings.extend(mark.map(|mark| Finding::at_line(path, at + 1, text(mark))));
        }
    }
    findings
}

fn lines_with<'c>(code: &'c str, call: &'c str) -> impl Iterator<Item = usize> + 'c {
    let found = move |line: &str| {
        // A method follows its receiver; everything else has to be a word of its own.
        if call.starts_with('.') {
            line.contains(call)
        } else {
            find_word(line, call).is_some()
        }
    };
    code.lines()
        .enumerate()
        .filter(move |(_, line)| found(line))
        .map(|(at, _)| at + 1)
}

fn find_attributes(
    workspace: &Workspace,
    text: &str,
    is_wrong: fn(&Attribute<'_>) -> bool,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (path, source) in workspace.files("rs") {
        let code = Source::of(source).code;
        let wrong = attributes(&code).into_iter().filter(is_wrong);
        findings.extend(wrong.map(|found| Finding::at_line(path, found.line(&code), text)));
    }
    findings
}

/// Is it the attribute called `name`, directly or under a condition?
fn uses(attribute: &Attribute<'_>, name: &str) -> bool {
    let mut words = attribute.body.split(|c| !is_word(c));
    match attribute.name() {
        "cfg_attr" => words.any(|word| word == name),
        own => own == name,
    }
}

fn is_mark(line: &str, mark: &str) -> bool {
    let after = find_word(line, mark).map(|at| &line[at + mark.len()..]);
    after.is_some_and(|after| !after.starts_with(is_word))
}

fn names_issue(line: &str) -> bool {
    line.split('#')
        .skip(1)
        .any(|number| number.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::check;

    #[test]
    fn unfinished_code_is_found_where_it_ships() {
        let text = "//! `todo!()`\nfn a() { todo!() }\nfn b() { dbg!(c).unwrap() }\n\
                    fn d() { my_todo!(\".unwrap()\").unwrap_or(e) }\n\
                    #[cfg(test)]\nmod tests { fn f() { g.unwrap() } }\n\
                    fn h() { unimplemented!() }";
        let files = [
            ("a/src/lib.rs", text),
            ("a/src/tests.rs", text),
            ("a/tests/it.rs", text),
        ];
        let expected = [
            "a/src/lib.rs:2: `todo!` outside of tests; write the code, or leave the feature out",
            "a/src/lib.rs:7: `unimplemented!` outside of tests; write the code, or leave the \
             feature out",
            "a/src/lib.rs:3: `dbg!` outside of tests; take it out, or trace an event",
            "a/src/lib.rs:3: `.unwrap()` outside of tests; return an error, or say with `expect` \
             why it cannot fail",
        ];
        check(finish, &files, &expected);
    }

    #[test]
    fn a_sleeping_thread_is_found_in_tests_too() {
        let text = "#[test]\nfn waits() { std::thread::sleep(d) } // thread::sleep";
        let expected = "a/tests/it.rs:2: `thread::sleep` blocks and guesses; wait for what is to \
                        happen, or use a timer";
        check(never_sleep, &[("a/tests/it.rs", text)], &[expected]);
    }

    #[test]
    fn a_silenced_lint_without_a_reason_is_found() {
        let text = "#![allow(a, reason = \"b\")]\n#[expect(c)]\n#[cfg_attr(d,\n    allow(e))]\n\
                    #[cfg_attr(f, expect(g, reason = \"h\"))]\n#[param(allow)]";
        let expected = [
            "a/src/lib.rs:2: silences a lint without a reason; add `reason = \"...\"`",
            "a/src/lib.rs:3: silences a lint without a reason; add `reason = \"...\"`",
        ];
        check(give_reasons, &[("a/src/lib.rs", text)], &expected);
    }

    #[test]
    fn a_test_that_is_switched_off_is_found() {
        let text = "#[test]\n#[ignore = \"slow\"]\nfn a() {}\n#[cfg_attr(b, ignore)]\n// #[ignore]";
        let expected = [
            "a/tests/it.rs:2: a test that does not run proves nothing; repair it or delete it",
            "a/tests/it.rs:4: a test that does not run proves nothing; repair it or delete it",
        ];
        check(run_every_test, &[("a/tests/it.rs", text)], &expected);
    }

    #[test]
    fn a_mark_without_an_issue_is_found() {
        let text = "// TODO: a\n// TODO(#7): b\nlet c = \"TODO\"; /* FIXME */\n/// TODOS, # none";
        let expected = [
            "a/src/lib.rs:1: TODO without an issue; write `TODO(#12): ...`, or do it",
            "a/src/lib.rs:3: FIXME without an issue; write `FIXME(#12): ...`, or do it",
        ];
        check(name_the_issue, &[("a/src/lib.rs", text)], &expected);
    }
}
