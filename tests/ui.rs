//! Mistakes that do not compile and what rustc says of each; uses that are odd and do compile.
//!
//! A case is a file named after its mistake; what is expected stands beside it in `.stderr`. Bless
//! with `TRYBUILD=overwrite`, then read every changed line as its reader will.

#[test]
fn mistakes_are_told_where_they_are_and_odd_uses_compile() {
    check(&["action", "params"]);
}

#[test]
fn mistakes_of_workflows_are_told_on_their_statement_and_odd_ones_compile() {
    check(&["workflow"]);
}

#[test]
fn mistakes_of_signals_are_told_on_their_tokens_and_odd_ones_compile() {
    check(&["signal"]);
}

fn check(macros: &[&str]) {
    let cases = trybuild::TestCases::new();
    for name in macros {
        cases.compile_fail(format!("ui/{name}/*.rs"));
        cases.pass(format!("ui/{name}/pass/*.rs"));
    }
}
