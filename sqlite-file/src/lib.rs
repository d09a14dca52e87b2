//! Files of `SQLite` whose commits survive what disks do.
//!
//! A journal and a log of signals ask the same of their file: one process keeps it, others look into it or leave
//! something there; a commit is on disk before it returns; and a sync that fails is never taken for one that went well.
//!
//! ```
//! use enact_sqlite_file::{keep, visit};
//!
//! # let folder = std::env::temp_dir().join(format!("enact-doc-sqlite-file-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # let path = folder.join("things.db");
//! let kept = keep(&path)?;
//! kept.execute_batch("CREATE TABLE things (thing TEXT); INSERT INTO things VALUES ('a chair')")?;
//! let count = |sql| visit(&path)?.query_row(sql, (), |row| row.get::<_, i64>(0)).map_err(enact_sqlite_file::Problem::from);
//! assert_eq!(count("SELECT count(*) FROM things")?, 1);
//! # drop(kept);
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! ## When a sync fails
//! The system may have thrown away what a failed sync was to write, and says so once: later syncs go well, and what was
//! thrown away is read as before until the power goes (`fsync(2)`, and <https://wiki.postgresql.org/wiki/Fsync_Errors>).
//! `SQLite` by itself has two ways to build on it:
//!
//! - It copies its write-ahead log into the file when that gets long, and lets nobody know where that fails. Where somebody
//!   read meanwhile, a part was counted as copied before it was synced, and is never copied again.
//! - A commit whose sync failed is undone; but who opens the file next finds it whole in the log, and takes it for one that
//!   was made.
//!
//! So the log is copied in `SQLite`'s hook for that, as the end of a commit, which fails where a sync of that fails. Then a
//! [mark](Mark) stands beside the file: nobody copies the log any more, commits fail, whoever only visits the file adds nothing, and
//! who [keeps](keep) it next copies all of the log. That one has to be alone with the file, since others would hold on to
//! what counts as copied. A log that is found is written anew in any case, before anything is added to it.
//!
//! Connections of other programs copy the log as `SQLite` does by itself, unless they set `PRAGMA wal_autocheckpoint = 0` and
//! `SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE`.

mod error;
mod mark;
mod open;

#[cfg(test)]
mod tests;

pub use self::error::Problem;
pub use self::mark::Mark;
pub use self::open::{Open, keep, lock, look, sync_folder, visit};
