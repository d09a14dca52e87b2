//! Files that are kept, visited, marked and kept again.

use std::fs::TryLockError;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ffi};

use crate::open::not_locked;
use crate::{Mark, Open, Problem, keep, lock, visit};

/// An empty folder, and a file in it that is not there yet.
fn path(name: &str) -> PathBuf {
    let folder =
        std::env::temp_dir().join(format!("enact-sqlite-file-{}-{name}", std::process::id()));
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    folder.join("a.db")
}

fn kept(path: &Path) -> Open {
    let connection = keep(path).expect("nobody else has it");
    let sql = "CREATE TABLE IF NOT EXISTS things (thing BLOB)";
    connection.execute_batch(sql).expect("a table can be made");
    connection
}

/// Writes so many pages, and a few more.
fn write(connection: &Connection, pages: u32) -> rusqlite::Result<usize> {
    let sql = "INSERT INTO things (thing) VALUES (zeroblob(?1))";
    connection.execute(sql, [pages * 4096])
}

fn size(path: &Path, ending: &str) -> u64 {
    let mut path = path.as_os_str().to_owned();
    path.push(ending);
    std::fs::metadata(path).map_or(0, |file| file.len())
}

fn a_sync_fails(path: &Path) {
    let error = ffi::Error::new(ffi::SQLITE_IOERR_FSYNC);
    let error = rusqlite::Error::SqliteFailure(error, None);
    let error = Mark::of(path).explain(error);
    assert!(matches!(error, Problem::Unsynced(_)), "{error}");
    assert!(Mark::of(path).is_there());
}

fn count(connection: &Connection) -> i64 {
    let sql = "SELECT count(*) FROM things";
    let count = connection.query_row(sql, (), |row| row.get(0));
    count.expect("the table is there")
}

#[test]
fn a_long_log_is_copied_when_a_commit_is_done() {
    let path = path("copied");
    let connection = kept(&path);
    write(&connection, 900).expect("it can be written");
    assert!(size(&path, "") < 100 * 4096);
    write(&connection, 200).expect("it can be written");
    assert!(size(&path, "") > 1100 * 4096);
    let visitor = visit(&path).expect("the file is there");
    write(&visitor, 1200).expect("it can be written");
    assert!(size(&path, "") > 2300 * 4096);
}

#[test]
fn what_is_closed_is_one_file_whoever_is_last() {
    let path = path("closed");
    let (connection, visitor) = (kept(&path), visit(&path).expect("the file is there"));
    write(&connection, 3).expect("it can be written");
    assert_eq!(count(&visitor), 1);
    drop((connection, visitor));
    assert!(!path.with_extension("db-wal").exists());
    assert!(size(&path, "") > 3 * 4096);
}

#[test]
fn only_a_failed_sync_sets_the_mark() {
    let path = path("errors");
    for code in [ffi::SQLITE_FULL, ffi::SQLITE_IOERR_WRITE, ffi::SQLITE_BUSY] {
        let error = ffi::Error::new(code);
        let error = Mark::of(&path).explain(rusqlite::Error::SqliteFailure(error, None));
        assert!(matches!(error, Problem::Sqlite(_)), "{error}");
        assert!(!Mark::of(&path).is_there(), "{code}");
    }
    a_sync_fails(&path);
}

#[test]
fn who_is_not_told_hears_of_it_with_the_next_commit() {
    let path = path("other");
    let (connection, other) = (kept(&path), visit(&path).expect("the file is there"));
    a_sync_fails(&path);
    for connection in [&connection, &other] {
        let error = write(connection, 1).expect_err("a sync has failed");
        let error = Mark::of(&path).explain(error);
        assert!(matches!(error, Problem::Unsynced(_)), "{error}");
    }
}

#[test]
fn a_mark_goes_with_its_file() {
    let path = path("deleted");
    drop(kept(&path));
    a_sync_fails(&path);
    std::fs::remove_file(&path).expect("it can be deleted");
    let connection = kept(&path);
    assert!(!Mark::of(&path).is_there());
    write(&connection, 1).expect("it can be written");
}

#[test]
fn after_a_failed_sync_nobody_copies_the_log_and_commits_that_would_fail() {
    let path = path("failed");
    let (connection, other) = (kept(&path), keep(&path).expect("it cares for no lock"));
    a_sync_fails(&path);
    for connection in [&connection, &other] {
        let error = write(connection, 1200).expect_err("the log can't be copied");
        let error = Mark::of(&path).explain(error);
        assert!(matches!(error, Problem::Unsynced(_)), "{error}");
    }
    drop((connection, other));
    assert!(size(&path, "") < 100 * 4096);
    assert!(size(&path, "-wal") > 2400 * 4096);
}

#[test]
fn who_keeps_the_file_next_has_to_be_alone_with_it() {
    let path = path("anew");
    let connection = kept(&path);
    write(&connection, 3).expect("it can be written");
    let visitor = visit(&path).expect("the file is there");
    assert_eq!(count(&visitor), 1);
    a_sync_fails(&path);
    assert!(matches!(Mark::of(&path).lets_in(), Err(Problem::Marked)));
    drop(connection);
    assert!(matches!(keep(&path), Err(Problem::Shared)));
    assert!(Mark::of(&path).is_there());
    drop(visitor);
    let connection = keep(&path).expect("nobody else has it");
    assert!(!Mark::of(&path).is_there() && Mark::of(&path).lets_in().is_ok());
    assert!(size(&path, "") > 3 * 4096);
    write(&connection, 1).expect("it can be written");
    assert_eq!(count(&connection), 2);
}

/// The pages of the file that were copied are lost, as if the disk had never had them.
fn lose_what_was_copied(path: &Path) {
    let mut content = std::fs::read(path).expect("it can be read");
    content[4096..].fill(0);
    std::fs::write(path, content).expect("it can be written");
}

#[test]
fn what_counts_as_copied_is_copied_anew() {
    let path = path("counted");
    let connection = kept(&path);
    write(&connection, 40).expect("it can be written");
    let visitor = visit(&path).expect("the file is there");
    visitor.execute_batch("BEGIN").expect("it can be read");
    assert_eq!(count(&visitor), 1);
    write(&connection, 1200).expect("it can be written");
    // The visitor reads what was there before, so that only this is copied, and nothing is synced.
    assert!((40 * 4096..1000 * 4096).contains(&size(&path, "")));
    visitor.execute_batch("COMMIT").expect("it has read");
    a_sync_fails(&path);
    drop((connection, visitor));
    lose_what_was_copied(&path);
    let connection = keep(&path).expect("nobody else has it");
    let sound: String = connection
        .pragma_query_value(None, "integrity_check", |row| row.get(0))
        .expect("it can be read");
    assert_eq!((sound.as_str(), count(&connection)), ("ok", 2));
}

#[cfg(unix)]
#[test]
fn a_file_has_one_mark_by_all_its_names() {
    let path = path("names");
    drop(kept(&path));
    let other = path.with_file_name("other.db");
    std::os::unix::fs::symlink(&path, &other).expect("it can have another name");
    a_sync_fails(&other);
    assert!(Mark::of(&path).is_there());
    let connection = keep(&other).expect("nobody else has it");
    assert!(!Mark::of(&path).is_there());
    write(&connection, 1).expect("it can be written");
}

#[cfg(unix)]
#[test]
fn a_mark_that_can_not_be_made_is_known_to_the_process() {
    let path = path("full");
    let connection = kept(&path);
    // Nothing can be made under that name, and it is no file of that name.
    let in_the_way = path.with_extension("db.unsynced");
    std::os::unix::fs::symlink("nowhere/at/all", &in_the_way).expect("it can be made");
    a_sync_fails(&path);
    assert!(!in_the_way.exists());
    write(&connection, 1200).expect_err("the log can't be copied");
}

#[test]
fn a_connection_alone_never_copies_the_log_when_it_is_closed() {
    let path = path("config");
    let kept = kept(&path);
    let visitor = visit(&path).expect("the file is there");
    for connection in [&kept, &visitor] {
        let copies = connection.db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE);
        assert!(copies.expect("it can be read"));
    }
}

#[cfg(unix)]
#[test]
fn a_file_has_one_lock_by_all_its_names() {
    let path = path("locks");
    let names = ["one.db", "two.db"].map(|name| path.with_file_name(name));
    for name in &names {
        std::os::unix::fs::symlink("a.db", name).expect("it can have another name");
    }
    for is_there in [false, true] {
        assert_eq!(path.exists(), is_there);
        let held = lock(&names[0], ".lock").expect("nobody has it");
        for other in [&names[1], &path] {
            let error = lock(other, ".lock").expect_err("somebody has it");
            assert!(matches!(error, Problem::Locked), "{error}");
        }
        drop((held, kept(&names[0])));
    }
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_are_taken_as_they_are() {
    let path = path("round");
    for (name, target) in [("a.db", "b.db"), ("b.db", "a.db")] {
        let name = path.with_file_name(name);
        std::os::unix::fs::symlink(target, name).expect("it can be made");
    }
    keep(&path).expect_err("there is no file");
    drop(lock(&path, ".lock").expect("nobody has it"));
}

#[test]
fn a_lock_that_can_not_be_had_is_not_taken_for_somebody_elses() {
    let refused = |error| not_locked(error, PathBuf::from("a.db.lock"));
    assert!(matches!(refused(TryLockError::WouldBlock), Problem::Locked));
    let none = std::io::Error::from(std::io::ErrorKind::Unsupported);
    let error = refused(TryLockError::Error(none)).to_string();
    assert!(
        error.contains("\"a.db.lock\" could not be locked"),
        "{error}"
    );
}
