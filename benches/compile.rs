//! How long a crate with 100 actions takes to build, beside the same structs with serde's and
//! schemars' derives: aim, at most 1.3 times.
//!
//! Writes three crates below the target folder, builds what they depend on, and then builds each
//! again and again in turns. `derives` only derives; `used` also calls what it derives, as any
//! program does that reads, writes and describes these structs: what an action's registry entry
//! does too.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How many structs each crate has.
const STRUCTS: usize = 100;
/// How often each crate is built.
const ROUNDS: usize = 5;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()?;
    let home = workspace.join("target/compile-bench");
    let crates = [
        ("derives", peers(&Use::None)?),
        ("used", peers(&Use::All)?),
        ("actions", actions()?),
    ];
    let mut places = Vec::new();
    for (name, source) in &crates {
        places.push(write(&home, &workspace, name, source)?);
    }
    let mut out = std::io::stdout().lock();
    for verb in ["check", "build"] {
        let mut times = vec![Vec::new(); places.len()];
        for place in &places {
            cargo(verb, place)?;
        }
        for _ in 0..ROUNDS {
            for (place, times) in places.iter().zip(&mut times) {
                times.push(rebuild(verb, place)?);
            }
        }
        let medians: Vec<Duration> = times.iter_mut().map(|times| median(times)).collect();
        writeln!(out, "\ncargo {verb} of {STRUCTS} structs of five fields")?;
        for ((name, _), median) in crates.iter().zip(&medians) {
            let ratio = |base: Duration| median.as_secs_f64() / base.as_secs_f64();
            let (derives, used) = (ratio(medians[0]), ratio(medians[1]));
            writeln!(
                out,
                "  {name:<10} {median:>8.2?}  {derives:>5.2} x derives  {used:>5.2} x used"
            )?;
        }
    }
    Ok(())
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

fn write(home: &Path, workspace: &Path, name: &str, source: &str) -> Outcome<PathBuf> {
    let place = home.join(name);
    std::fs::create_dir_all(place.join("src"))?;
    let depends = match name {
        "actions" => format!("enact = {{ path = \"{}\", default-features = false }}\n", workspace.join("enact").display()),
        _ => "schemars = { version = \"1.2\", features = [\"preserve_order\"] }\nserde = { version = \"1\", features = [\"derive\"] }\n\
              serde_json = { version = \"1\", features = [\"preserve_order\"] }\n"
            .to_owned(),
    };
    let manifest = format!(
        "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{depends}"
    );
    std::fs::write(place.join("Cargo.toml"), manifest)?;
    std::fs::copy(workspace.join("Cargo.lock"), place.join("Cargo.lock"))?;
    std::fs::write(place.join("src/lib.rs"), source)?;
    Ok(place)
}

fn cargo(verb: &str, place: &Path) -> Outcome<()> {
    let status = Command::new(env!("CARGO"))
        .args([verb, "--quiet", "--offline"])
        .current_dir(place)
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TARGET_DIR", place.join("target"))
        .stdout(Stdio::null())
        .status()?;
    if status.success() {
        return Ok(());
    }
    Err(format!("`cargo {verb}` failed in {}", place.display()).into())
}

fn rebuild(verb: &str, place: &Path) -> Outcome<Duration> {
    let source = place.join("src/lib.rs");
    let text = std::fs::read(&source)?;
    std::fs::write(&source, text)?;
    let begun = Instant::now();
    cargo(verb, place)?;
    Ok(begun.elapsed())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
