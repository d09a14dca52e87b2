//! Mistakes that do not compile and what rustc says of each; uses that are odd and do compile.
//!
//! A case is a file named after its mistake; what is expected stands beside it in `.stderr`. Bless
//! with `TRYBUILD=overwrite`, then read every changed line as its reader will.

#[test]
fn mistakes_are_told_where_they_are_and_odd_uses_compile() {
    let cases = trybuild::TestCases::new();
    for derive in ["action", "params"] {
        cases.compile_fail(format!("ui/{derive}/*.rs"));
        cases.pass(format!("ui/{derive}/pass/*.rs"));
    }
}
