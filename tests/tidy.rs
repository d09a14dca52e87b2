//! The tidy test: the repository's own rules, each a function from the workspace to findings.
//!
//! A rule that a reader must remember is forgotten; a rule that fails a test is kept. Every rule
//! has its own tests with planted faults, so that a green run means something.

#[path = "tidy/arrows.rs"]
mod arrows;
#[path = "tidy/code.rs"]
mod code;
#[path = "tidy/commands.rs"]
mod commands;
#[path = "tidy/layout.rs"]
mod layout;
#[path = "tidy/links.rs"]
mod links;
#[path = "tidy/manifests.rs"]
mod manifests;
#[path = "tidy/model.rs"]
mod model;
#[path = "tidy/source.rs"]
mod source;
#[path = "tidy/ui_cases.rs"]
mod ui_cases;

use std::path::Path;

use model::{Rule, Workspace};

#[test]
fn every_arrow_between_crates_is_in_the_table() {
    check(arrows::follow_the_table);
}

#[test]
fn every_member_has_a_manifest() {
    check(manifests::exist);
}

#[test]
fn every_member_inherits_from_the_workspace() {
    check(manifests::inherit);
}

#[test]
fn every_dependency_comes_from_the_workspace() {
    check(manifests::share_dependencies);
}

#[test]
fn macro_crates_are_pinned() {
    check(manifests::pin_macros);
}

#[test]
fn workspace_lists_are_sorted() {
    check(manifests::sort_lists);
}

#[test]
fn every_source_file_says_what_it_is_for() {
    check(layout::open_with_a_sentence);
}

#[test]
fn source_files_stay_short() {
    check(layout::stay_short);
}

#[test]
fn names_say_something() {
    check(layout::say_something);
}

#[test]
fn a_module_with_a_folder_is_its_mod_rs() {
    check(layout::keep_modules_in_their_folder);
}

#[test]
fn finished_code_only() {
    check(code::finish);
}

#[test]
fn nothing_sleeps_on_a_thread() {
    check(code::never_sleep);
}

#[test]
fn every_silenced_lint_has_a_reason() {
    check(code::give_reasons);
}

#[test]
fn every_unfinished_mark_has_an_issue() {
    check(code::name_the_issue);
}

#[test]
fn every_test_runs() {
    check(code::run_every_test);
}

#[test]
fn every_relative_link_resolves() {
    check(links::resolve);
}

#[test]
fn every_ui_case_has_its_expected_error() {
    check(ui_cases::come_in_pairs);
}

#[test]
fn expected_errors_do_not_quote_the_standard_library() {
    check(ui_cases::stay_portable);
}

#[test]
fn readme_and_ci_run_the_same_commands() {
    check(commands::agree);
}

#[track_caller]
fn check(rule: Rule) {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    check_in(
        tests.parent().expect("the package lies in the workspace"),
        rule,
    );
}

#[track_caller]
fn check_in(root: &Path, rule: Rule) {
    let workspace = Workspace::read(root).expect("the workspace is readable");
    let findings = model::print(&rule(&workspace));
    assert!(
        findings.is_empty(),
        "the workspace is not tidy:\n{}\n",
        findings.join("\n")
    );
}
