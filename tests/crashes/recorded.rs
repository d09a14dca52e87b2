//! What a journal's file has, read without the engine.

use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::world;

/// What a journal's file has.
#[derive(Debug, Default)]
pub(crate) struct Recorded {
    /// The runs, and whether each has ended.
    pub(crate) runs: BTreeMap<String, bool>,
    /// The runs that a signal was recorded for.
    pub(crate) signalled: HashSet<String>,
    /// The keys of the steps that are recorded, and of what was undone.
    pub(crate) steps: HashSet<String>,
}

/// Reads the journal in a folder, and leaves the folder as it is.
pub(crate) fn read(folder: &Path) -> Result<Recorded, String> {
    let copy = folder.join("copy");
    std::fs::create_dir(&copy).unwrap();
    for file in ["runs.db", "runs.db-wal", "runs.db-journal"] {
        let from = folder.join(file);
        if from.exists() {
            std::fs::copy(from, copy.join(file)).unwrap();
        }
    }
    let found = query(&world::journal(&copy));
    std::fs::remove_dir_all(&copy).unwrap();
    found.map_err(|error| error.to_string())
}

fn query(path: &Path) -> rusqlite::Result<Recorded> {
    let mut found = Recorded::default();
    if !path.exists() {
        return Ok(found);
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
    let connection = Connection::open_with_flags(path, flags)?;
    let tables: u32 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", (), |row| row.get(0))?;
    if tables == 0 {
        return Ok(found);
    }
    let mut statement =
        connection.prepare("SELECT id, endings.run FROM runs LEFT JOIN endings USING (run)")?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        let ended = row.get::<_, Option<i64>>(1)?.is_some();
        found.runs.insert(row.get(0)?, ended);
    }
    // The tag comes first in a body, which may be long.
    let sql = "SELECT id, path, substr(journal.body, 1, 20) FROM journal JOIN runs USING (run)";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query(())?;
    while let Some(row) = rows.next()? {
        let (id, path): (String, String) = (row.get(0)?, row.get(1)?);
        let body: String = row.get(2)?;
        match body.split('"').nth(3).unwrap_or_default() {
            "step" => drop(found.steps.insert(format!("{id}/{path}"))),
            "undone" => drop(found.steps.insert(format!("{id}/{path}/undo"))),
            "signal" => drop(found.signalled.insert(id)),
            _ => {}
        }
    }
    Ok(found)
}
