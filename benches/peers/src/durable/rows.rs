//! The rows of the table.

/// In which program a peer is.
pub(crate) enum Program {
    /// In this one.
    Ours,
    /// In that of the folder `others`.
    Others,
}

/// One way to run five durable writes.
pub(crate) struct Row {
    /// The name by which its program knows it.
    pub(crate) peer: &'static str,
    /// What the table calls it.
    pub(crate) name: &'static str,
    /// Where it is.
    pub(crate) program: Program,
    /// Whether it is given a database of `PostgreSQL`.
    pub(crate) database: Database,
    /// Whether a step that it has acknowledged survives a loss of power, by default.
    pub(crate) safe: &'static str,
}

/// Whether a peer is given a database.
#[derive(PartialEq, Eq)]
pub(crate) enum Database {
    /// One of its own, made before the cell and dropped after it.
    Own,
    /// None.
    None,
}

/// The first is that to which all others are compared.
///
/// Enact on another store is one more row of [`Program::Ours`], and one more line in `main` for what opens
/// its engine.
pub(crate) const ROWS: [Row; 11] = [
    ours("enact-sqlite", "Enact, SQLite", "yes"),
    Row {
        database: Database::Own,
        ..ours("enact-postgres", "Enact, Postgres", "yes")
    },
    ours("floor-commits", "floor: five bare SQLite commits", "yes"),
    ours("floor-groups", "floor: five rows, group commits", "yes"),
    others("duroxide", "duroxide 0.1, SQLite", "no: NORMAL"),
    others(
        "duroxide-quick",
        "duroxide 0.1, polls each ms",
        "no: NORMAL",
    ),
    others(
        "apalis",
        "apalis-workflow 1.0, SQLite",
        "no: OFF; FULL here",
    ),
    postgres("dbos", "dbos 0.5, Postgres", "yes"),
    postgres("underway", "underway 0.2, Postgres", "yes"),
    others("restate", "Restate 1.7, as it comes", "yes"),
    others("restate-two", "Restate 1.7, two partitions", "yes"),
];

const fn ours(peer: &'static str, name: &'static str, safe: &'static str) -> Row {
    Row {
        peer,
        name,
        program: Program::Ours,
        database: Database::None,
        safe,
    }
}

const fn others(peer: &'static str, name: &'static str, safe: &'static str) -> Row {
    Row {
        program: Program::Others,
        ..ours(peer, name, safe)
    }
}

const fn postgres(peer: &'static str, name: &'static str, safe: &'static str) -> Row {
    Row {
        database: Database::Own,
        ..others(peer, name, safe)
    }
}
