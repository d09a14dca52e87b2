//! Schemas as reviewed files: a change of what an action accepts shows in the diff.

use std::path::Path;

use crate::params::Params;

/// Set to `1`, this variable writes snapshots instead of comparing them.
const UPDATE: &str = "ENACT_UPDATE_SNAPSHOTS";

/// Compares the schema of `P` with the file.
///
/// With the environment variable `ENACT_UPDATE_SNAPSHOTS=1` it writes the file instead.
///
/// # Panics
/// Where they differ, or the file can't be read or written.
#[track_caller]
#[expect(clippy::panic, reason = "an assertion panics")]
pub fn assert_schema<P: Params>(file: impl AsRef<Path>) {
    let file = file.as_ref();
    let schema = format!("{:#}\n", P::schema());
    if std::env::var_os(UPDATE).is_some_and(|value| value == "1") {
        if let Err(error) = std::fs::write(file, &schema) {
            panic!("could not write the snapshot {}: {error}", file.display());
        }
        return;
    }
    let kept = match std::fs::read_to_string(file) {
        Ok(kept) => kept,
        Err(error) => panic!(
            "could not read the snapshot {}: {error}; run once with {UPDATE}=1 to write it",
            file.display()
        ),
    };
    assert!(
        kept == schema,
        "the schema is not what {} says{}; if that is meant, run once with {UPDATE}=1.\nThe schema now:\n{schema}",
        file.display(),
        first_difference(&kept, &schema),
    );
}

fn first_difference(kept: &str, now: &str) -> String {
    let lines = kept.lines().zip(now.lines()).enumerate();
    match lines.into_iter().find(|(_, (kept, now))| kept != now) {
        Some((index, (kept, now))) => {
            format!(
                ", first in line {}: {:?} is now {:?}",
                index + 1,
                kept.trim(),
                now.trim()
            )
        }
        None => ", which is longer or shorter".to_owned(),
    }
}
