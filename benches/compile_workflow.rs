//! How long a crate with a workflow of 20 steps takes to build, beside the same code written by
//! hand: aim, at most 1.5 times.
//!
//! All three crates have the same 20 actions. `by_hand` calls them from an `async fn`; `in_action`
//! does so in an action of its own, as a workflow is one too.

use std::fmt::Write as _;

use enact_benches::crates::{Crate, Outcome, compare_builds};

/// How many steps there are.
const STEPS: usize = 20;

fn main() -> Outcome<()> {
    let crates = [
        Crate::of_enact("by_hand", by_hand()?),
        Crate::of_enact("in_action", in_action()?),
        Crate::of_enact("workflow", workflow()?),
    ];
    compare_builds(&format!("{STEPS} steps"), &crates)
}

fn actions() -> Outcome<String> {
    let mut source = String::from("//! Steps.\nuse enact::prelude::*;\n");
    for n in 0..STEPS {
        write!(
            source,
            "/// Adds number {n}.\n#[derive(Debug, Action)]\n#[action(effect = read)]\npub struct Add{n} {{\n    \
             /// One.\n    pub a: u64,\n    /// The other.\n    pub b: u64,\n}}\n\
             impl Run for Add{n} {{\n type Output = u64;\n async fn run(&self, _cx: &Context) -> Result<u64, Failure> {{ Ok(self.a + self.b) }}\n}}\n",
        )?;
    }
    Ok(source)
}

fn calls() -> Outcome<String> {
    let mut calls = String::new();
    for n in 0..STEPS {
        let before = before(n);
        writeln!(
            calls,
            "    let s{n} = Add{n} {{ a: {before}, b: {n} }}.exec(cx).await?;"
        )?;
    }
    Ok(calls)
}

fn before(n: usize) -> String {
    match n.checked_sub(1) {
        None => "start".to_owned(),
        Some(before) => format!("s{before}"),
    }
}

fn by_hand() -> Outcome<String> {
    let (mut source, calls, last) = (actions()?, calls()?, STEPS - 1);
    write!(
        source,
        "/// Adds it all.\n/// # Errors\n/// As the steps.\npub async fn all(start: u64, cx: &Context) -> Result<u64, Failure> {{\n{calls}    Ok(s{last})\n}}\n"
    )?;
    Ok(source)
}

fn in_action() -> Outcome<String> {
    let (mut source, calls, last) = (actions()?, calls()?, STEPS - 1);
    write!(
        source,
        "/// Adds it all.\n#[derive(Debug, Action)]\n#[action(effect = read)]\npub struct All {{\n    /// Where it starts.\n    pub start: u64,\n}}\n\
         impl Run for All {{\n type Output = u64;\n async fn run(&self, cx: &Context) -> Result<u64, Failure> {{\n    let start = self.start;\n{calls}    Ok(s{last})\n}}\n}}\n"
    )?;
    Ok(source)
}

fn workflow() -> Outcome<String> {
    let mut source = actions()?;
    source.push_str("workflow! {\n    /// Adds it all.\n    pub All { start: u64 } -> u64 {\n");
    for n in 0..STEPS {
        writeln!(
            source,
            "        step s{n} = Add{n} {{ a: {}, b: {n} }};",
            before(n)
        )?;
    }
    writeln!(source, "        s{}\n    }}\n}}", STEPS - 1)?;
    Ok(source)
}
