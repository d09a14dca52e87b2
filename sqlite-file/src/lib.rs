//! Files of `SQLite` whose commits survive what disks do.
//!
//! A journal and a log of signals ask the same of their file: one process keeps it, others look into it or leave
//! something there; a commit is on disk before it returns; and a sync that fails is never taken for one that went well.
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
//! [mark](Mark) stands beside the file: nobody copies the log any more, whoever only visits the file adds nothing, and who [keeps](keep)
//! it next writes the log anew and copies all of it. That one has to be alone with the file, since others would hold on to
//! what counts as copied.
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
