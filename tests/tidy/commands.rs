//! The commands that the README gives a newcomer, and that the gate must keep true.

use crate::model::{Finding, Workspace};

const README: &str = "README.md";
const GATE: &str = ".ci/run";

/// The README's command that tests everything; the gate runs the same.
const TEST: &str = "cargo test --workspace";

/// How the README's command begins that runs an example.
const RUN: &str = "cargo run ";

/// The README shows how to test and how to run, and the gate tests in the same way.
pub(crate) fn agree(workspace: &Workspace) -> Vec<Finding> {
    let shows = |place: &str, shown: &dyn Fn(&str) -> bool| {
        workspace
            .text(place)
            .is_some_and(|text| text.lines().any(shown))
    };
    let command = |line: &str| line.trim().trim_start_matches("$ ").to_owned();
    let mut findings = Vec::new();
    if !shows(README, &|line| command(line) == TEST) {
        findings.push(Finding::new(
            README,
            format!("show `{TEST}` on a line of its own"),
        ));
    }
    if !shows(README, &|line| command(line).starts_with(RUN)) {
        findings.push(Finding::new(
            README,
            format!("show a command that begins with `{RUN}`"),
        ));
    }
    if !shows(GATE, &runs_tests) {
        findings.push(Finding::new(
            GATE,
            format!("run `{TEST}`, as the README says"),
        ));
    }
    findings
}

fn runs_tests(line: &str) -> bool {
    !line.trim_start().starts_with('#') && line.trim_end().ends_with(TEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::check;

    #[test]
    fn the_same_commands_pass() {
        let readme = "# Enact\n```sh\n$ cargo run -p enact-examples\ncargo test --workspace\n```";
        let files = [
            ("README.md", readme),
            (".ci/run", "step cargo test --workspace\n"),
        ];
        check(agree, &files, &[]);
    }

    #[test]
    fn missing_files_are_found() {
        let expected = [
            "README.md: show `cargo test --workspace` on a line of its own",
            "README.md: show a command that begins with `cargo run `",
            ".ci/run: run `cargo test --workspace`, as the README says",
        ];
        check(agree, &[], &expected);
    }

    #[test]
    fn other_commands_are_found() {
        let readme = "cargo run --example a\ncargo test --workspace --all-features";
        let gate = "# cargo test --workspace\ncargo test --workspace --lib";
        let expected = [
            "README.md: show `cargo test --workspace` on a line of its own",
            ".ci/run: run `cargo test --workspace`, as the README says",
        ];
        check(
            agree,
            &[("README.md", readme), (".ci/run", gate)],
            &expected,
        );
    }
}
