//! Mistakes that do not compile, and what rustc says of each.
//!
//! A case is a file named after its mistake; what is expected stands beside it in `.stderr`. Bless
//! with `TRYBUILD=overwrite`, then read every changed line as its reader will. What is odd and does
//! compile is in `odd/`: with such a case here, each would be built alone, which takes ten times
//! as long.

#[test]
fn mistakes_are_told_where_they_are() {
    check(&["action", "params"]);
}

#[test]
fn mistakes_of_workflows_are_told_on_their_statement() {
    check(&["workflow"]);
}

#[test]
fn mistakes_of_signals_are_told_on_their_tokens() {
    check(&["signal"]);
}

fn check(macros: &[&str]) {
    let cases = trybuild::TestCases::new();
    for name in macros {
        cases.compile_fail(format!("ui/{name}/*.rs"));
    }
}
