//! Whole crates, built again and again in turns.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How often each crate is built.
const ROUNDS: usize = 5;

/// What a benchmark of builds comes to.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// A crate to be built: its name, its one file, what it depends on.
#[derive(Debug)]
pub struct Crate {
    name: &'static str,
    source: String,
    depends: String,
}

impl Crate {
    /// One that depends on serde and schemars.
    pub fn plain(name: &'static str, source: String) -> Self {
        let depends = "schemars = { version = \"1.2\", features = [\"preserve_order\"] }\n\
                       serde = { version = \"1\", features = [\"derive\"] }\n\
                       serde_json = { version = \"1\", features = [\"preserve_order\"] }\n";
        Self {
            name,
            source,
            depends: depends.to_owned(),
        }
    }

    /// One that depends on Enact, without its command line.
    pub fn of_enact(name: &'static str, source: String) -> Self {
        let enact = Path::new(env!("CARGO_MANIFEST_DIR")).join("../enact");
        let depends = format!(
            "enact = {{ path = {:?}, default-features = false, features = [\"workflow\"] }}\n",
            enact.display().to_string()
        );
        Self {
            name,
            source,
            depends,
        }
    }

    fn write(&self, home: &Path, workspace: &Path) -> Outcome<PathBuf> {
        let (name, depends) = (self.name, &self.depends);
        let place = home.join(name);
        std::fs::create_dir_all(place.join("src"))?;
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
             [dependencies]\n{depends}"
        );
        std::fs::write(place.join("Cargo.toml"), manifest)?;
        std::fs::copy(workspace.join("Cargo.lock"), place.join("Cargo.lock"))?;
        std::fs::write(place.join("src/lib.rs"), &self.source)?;
        Ok(place)
    }
}

/// Writes the crates below the target folder, builds what they depend on, then builds each in turns
/// and prints its median beside those of the crates before it.
///
/// # Errors
/// Where a crate can't be written or does not build.
pub fn compare_builds(title: &str, crates: &[Crate]) -> Outcome<()> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()?;
    let home = workspace.join("target/compile-bench");
    let mut places = Vec::new();
    for one in crates {
        places.push(one.write(&home, &workspace)?);
    }
    let mut out = std::io::stdout().lock();
    for verb in ["check", "build"] {
        let medians = medians(verb, &places)?;
        writeln!(out, "\ncargo {verb} of {title}")?;
        for (index, (one, median)) in crates.iter().zip(&medians).enumerate() {
            write!(out, "  {:<22} {median:>8.2?}", one.name)?;
            for (other, base) in crates.iter().zip(&medians).take(index) {
                let ratio = median.as_secs_f64() / base.as_secs_f64();
                write!(out, "  {ratio:>5.2} x {}", other.name)?;
            }
            writeln!(out)?;
        }
    }
    Ok(())
}

fn medians(verb: &str, places: &[PathBuf]) -> Outcome<Vec<Duration>> {
    let mut times = vec![Vec::new(); places.len()];
    for place in places {
        cargo(verb, place)?;
    }
    for _ in 0..ROUNDS {
        for (place, times) in places.iter().zip(&mut times) {
            times.push(rebuild(verb, place)?);
        }
    }
    Ok(times.iter_mut().map(|times| median(times)).collect())
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
