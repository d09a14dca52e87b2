//! How long a crate with 100 actions takes to build, beside the same structs with serde's and
//! schemars' derives: aim, at most 1.3 times.
//!
//! Writes three crates below the target folder, builds what they depend on, and then builds each
//! again and again in turns. `derives` only derives; `used` also calls what it derives, as any
//! program does that reads, writes and describes these structs: what an action's registry entry
//! does too.

use std::fmt::Write as _;

use enact_benches::crates::{Crate, Outcome, compare_builds};

/// How many structs each crate has.
const STRUCTS: usize = 100;

fn main() -> Outcome<()> {
    let title = format!("{STRUCTS} structs of five fields");
    let crates = [
        Crate::plain("derives", peers(&Use::None)?),
        Crate::plain("used", peers(&Use::All)?),
        Crate::of_enact("actions", actions()?),
    ];
    compare_builds(&title, &crates)
}

#[derive(PartialEq, Eq)]
enum Use {
    None,
    All,
}

fn fields(public: &str) -> String {
    format!(
        "    /// The guest's name.\n    {public} name: String,\n    /// How many come.\n    {public} guests: u8,\n    \
         /// The day.\n    {public} day: u32,\n    /// A window?\n    {public} window: bool,\n    \
         /// What else.\n    {public} wish: Option<String>,\n"
    )
}

fn peers(used: &Use) -> Outcome<String> {
    let mut source = String::from(
        "//! Structs.\nuse schemars::JsonSchema;\nuse serde::{Deserialize, Serialize};\n",
    );
    for n in 0..STRUCTS {
        write!(
            source,
            "/// Books table {n}.\n#[derive(Debug, Serialize, Deserialize, JsonSchema)]\n\
             #[serde(deny_unknown_fields)]\npub struct Book{n} {{\n{}}}\n\
             impl Book{n} {{ /// Runs.\n pub async fn run(&self) -> Result<u64, std::io::Error> {{ Ok(self.day.into()) }} }}\n",
            fields("pub")
        )?;
    }
    if *used == Use::All {
        source.push_str(
            "/// Reads, writes and describes.\npub type Verb = (fn(serde_json::Value) -> serde_json::Result<serde_json::Value>, fn() -> schemars::Schema);\n\
             /// All of them.\npub static VERBS: &[Verb] = &[\n",
        );
        for n in 0..STRUCTS {
            writeln!(
                source,
                "(|json| serde_json::to_value(serde_json::from_value::<Book{n}>(json)?), || schemars::schema_for!(Book{n})),"
            )?;
        }
        source.push_str("];\n");
    }
    Ok(source)
}

fn actions() -> Outcome<String> {
    let mut source = String::from("//! Actions.\nuse enact::prelude::*;\n");
    for n in 0..STRUCTS {
        write!(
            source,
            "/// Books table {n}.\n#[derive(Debug, Action)]\n#[action(effect = read)]\npub struct Book{n} {{\n{}}}\n\
             impl Run for Book{n} {{\n type Output = u64;\n async fn run(&self, _cx: &Context) -> Result<u64, Failure> {{ Ok(self.day.into()) }}\n}}\n",
            fields("pub")
        )?;
    }
    Ok(source)
}
