//! A file in which something is not as it was written: that run is held, and the others go on.

use std::error::Error as _;

use enact::workflow::engine::{Engine, Kind as Why};
use rusqlite::Connection;

use crate::ledger::Ledger;
use crate::runs::{Approved, Wait, cx};

/// Starts three runs that wait, spoils something of the one named `b`, and opens the file again.
async fn spoilt(name: &str, sql: &str) -> (Engine, std::path::PathBuf) {
    let (cx, folder) = cx(name);
    let path = folder.join("runs.db");
    let engine = Engine::open(&path, &cx).unwrap();
    for id in ["a", "b", "c"] {
        engine.start(id, Wait::new("1042")).await.unwrap();
    }
    while Ledger::lines(&folder.join("ledger")).len() < 3 {
        tokio::task::yield_now().await;
    }
    engine.close().await;
    let file = Connection::open(&path).unwrap();
    assert!(file.execute(sql, ()).unwrap() > 0, "nothing is spoilt");
    drop(file);
    (Engine::open(&path, &cx).unwrap(), folder)
}

async fn others_go_on(engine: &Engine) {
    for id in ["a", "c"] {
        let signal = Approved {
            by: "ada".to_owned(),
        };
        engine
            .signal(id, &signal, Some("1042".to_owned()))
            .await
            .unwrap();
        let run = engine.run(id).await.unwrap();
        assert_eq!(run.answer().await.unwrap(), "made early for ada");
    }
}

#[tokio::test]
async fn a_damaged_record_holds_its_run_alone() {
    let sql = "UPDATE journal SET body = replace(body, 'early', 'later') WHERE run = \
               (SELECT run FROM runs WHERE id = 'b')";
    let (engine, folder) = spoilt("damage-record", sql).await;
    others_go_on(&engine).await;
    let held = engine.held().await.unwrap();
    assert_eq!((held.len(), &*held[0].id), (1, "b"));
    assert!(
        held[0].why.contains("its record of `made` is damaged"),
        "{held:?}"
    );
    assert_eq!(engine.run("b").await.unwrap_err().kind(), Why::Held);
    assert_eq!(Ledger::lines(&folder.join("ledger")).len(), 3);
    engine.terminate("b").await.unwrap();
    while !engine.held().await.unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn damaged_params_hold_their_run_alone() {
    let sql = "UPDATE runs SET input = '{\"order\":\"1043\"}' WHERE id = 'b'";
    let (engine, _) = spoilt("damage-params", sql).await;
    others_go_on(&engine).await;
    let held = engine.held().await.unwrap();
    assert!(
        held[0].why.contains("its record of `the start` is damaged"),
        "{held:?}"
    );
}

#[tokio::test]
async fn a_row_that_is_no_run_holds_itself_alone() {
    for (name, spoil) in [
        ("name", "workflow = CAST(x'ff' AS TEXT)"),
        ("version", "version = -1"),
        ("start", "started = 1"),
    ] {
        let sql = format!("UPDATE runs SET {spoil} WHERE id = 'b'");
        let (engine, _) = spoilt(&format!("damage-row-{name}"), &sql).await;
        others_go_on(&engine).await;
        let held = engine.held().await.unwrap();
        assert_eq!((held.len(), &*held[0].id), (1, "b"), "{name}");
        assert!(held[0].why.contains("`the start` is damaged"), "{held:?}");
    }
}

#[tokio::test]
async fn a_run_of_an_impossible_status_is_told_of_and_the_others_go_on() {
    let sql = "INSERT INTO endings SELECT run, 7, 1, 1, 'null' FROM runs WHERE id = 'b'";
    let (engine, _) = spoilt("damage-status", sql).await;
    others_go_on(&engine).await;
    let run = engine.run("b").await.unwrap();
    let error = run.answer().await.unwrap_err();
    assert!(error.message().contains("`the end` is damaged"), "{error}");
}

#[tokio::test]
async fn a_damaged_run_that_is_started_again_is_told_of_as_such() {
    let sql = "UPDATE runs SET input = '{\"order\":\"1043\"}' WHERE id = 'b'";
    let (engine, _) = spoilt("damage-again", sql).await;
    let error = engine.start("b", Wait::new("1042")).await.unwrap_err();
    assert_eq!(error.kind(), Why::Held);
    let why = error.source().unwrap().to_string();
    assert!(why.contains("`the start` is damaged"), "{why}");
    engine.terminate("b").await.unwrap();
}

/// Spoils an index in the file, below all that SQL can see.
fn lose_from_index(path: &std::path::Path, index: &str) {
    let file = Connection::open(path).unwrap();
    let page: i64 = file
        .query_row(
            "SELECT rootpage FROM sqlite_schema WHERE name = ?1",
            [index],
            |row| row.get(0),
        )
        .unwrap();
    let size: i64 = file
        .query_row("PRAGMA page_size", (), |row| row.get(0))
        .unwrap();
    drop(file);
    let mut content = std::fs::read(path).unwrap();
    let end = usize::try_from(page * size).unwrap();
    content[end - 512..end].fill(0);
    std::fs::write(path, content).unwrap();
}

#[tokio::test]
async fn what_an_index_has_lost_is_noticed_when_the_file_is_opened() {
    let (engine, folder) = spoilt("damage-index", "UPDATE runs SET wake = 0").await;
    engine.close().await;
    drop(engine);
    let path = folder.join("runs.db");
    let file = Connection::open(&path).unwrap();
    // Whoever is at work is in no such index.
    assert_eq!(file.execute("UPDATE runs SET owner = 0", ()).unwrap(), 3);
    // The log is copied into the file.
    let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
    let busy: i64 = file.query_row(sql, (), |row| row.get(0)).unwrap();
    assert_eq!(busy, 0);
    drop(file);
    for index in ["free_runs", "sqlite_autoindex_runs_1"] {
        let before = std::fs::read(&path).unwrap();
        lose_from_index(&path, index);
        let error = Engine::open(&path, &cx("damage-index-again").0).unwrap_err();
        assert_eq!(error.kind(), Why::Journal);
        assert!(error.to_string().contains("runs.db"), "{error}");
        let causes = std::iter::successors(error.source(), |error| (*error).source());
        let text: String = causes.map(ToString::to_string).collect();
        assert!(text.contains("REINDEX"), "{text}");
        std::fs::write(&path, before).unwrap();
    }
}
