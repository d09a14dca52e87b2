//! Journals that are sealed: secrets go in, and nobody without the key finds them there.
//!
//! That the search finds them in a journal that is not sealed is shown by the test `in_clear`, whose program has no
//! workflow with a secret.

#![expect(clippy::unwrap_used, reason = "a test that can't go on stops")]

mod showing;
mod verbs;
mod world;

use std::path::Path;

use enact::prelude::*;
use enact::workflow::engine::{Client, Engine, Keyring, Kind, Status};

use crate::world::{Fail, TEXT, Through, Told, cx, folder, found, long, settings, tell_both};

tell!(#[param(secret)]);

pub(crate) fn keys() -> Keyring {
    Keyring::new(1, &[17; 32])
}

fn open(path: &Path) -> Engine {
    Engine::open_with(path, settings().keys(keys()), &cx()).unwrap()
}

/// A journal with a run that answered and one that failed; looks into its files at every turn.
pub(crate) async fn journal(folder: &Path) {
    let path = folder.join("runs.db");
    let engine = open(&path);
    engine.start("good", Tell::new(TEXT, false)).await.unwrap();
    engine.start("bad", Tell::new(long(), true)).await.unwrap();
    assert_eq!(found(folder, "runs.db", TEXT.as_bytes()), 0);
    // Mail that waits for an engine.
    engine.close().await;
    let client = Client::open_with(&path, &keys()).unwrap();
    let data = serde_json::json!({ "text": TEXT });
    client
        .signal("good", "text.other", None, data)
        .await
        .unwrap();
    assert_eq!(found(folder, "runs.db", TEXT.as_bytes()), 0);
    let engine = open(&path);
    tell_both(&engine).await;
    assert_eq!(found(folder, "runs.db", TEXT.as_bytes()), 0);
    engine.close().await;
}

#[tokio::test]
async fn no_file_of_a_sealed_journal_has_a_secret() {
    let folder = folder("secret");
    journal(&folder).await;
    assert_eq!(found(&folder, "runs.db", TEXT.as_bytes()), 0);
    // What is said not to be hidden is there, so the files are those of the runs.
    for clear in ["good", "tell", "through"] {
        assert!(found(&folder, "runs.db", clear.as_bytes()) > 0, "{clear}");
    }
    let db = rusqlite::Connection::open(folder.join("runs.db")).unwrap();
    let count: i64 = db
        .query_row("SELECT count(*) FROM counted", (), |row| row.get(0))
        .unwrap();
    assert_eq!(count, 2, "an effect is there once");
    let sql = "SELECT count(*) FROM journal WHERE sum <> 0 OR typeof(body) <> 'blob'";
    let clear: i64 = db.query_row(sql, (), |row| row.get(0)).unwrap();
    assert_eq!(clear, 0, "no record is in clear, nor its checksum");
}

#[tokio::test]
async fn whoever_has_the_key_sees_all() {
    let folder = folder("seen");
    journal(&folder).await;
    let client = Client::open_with(folder.join("runs.db"), &keys()).unwrap();
    let good = client.timeline("good").await.unwrap();
    assert_eq!(good.input["text"], TEXT);
    let through = good.spans.iter().find(|span| span.path == "through");
    assert_eq!(through.unwrap().detail, Some(TEXT.into()));
    let bad = client.find("bad").await.unwrap();
    assert_eq!(bad.status, Status::Failed);
    assert_eq!(bad.body.unwrap()["message"], long());
}

#[tokio::test]
async fn a_body_that_can_not_be_opened_holds_its_run_and_no_other() {
    let folder = folder("held");
    let path = folder.join("runs.db");
    let engine = open(&path);
    for id in ["good", "moved"] {
        engine.start(id, Tell::new(TEXT, false)).await.unwrap();
    }
    until_it_waits(&engine, "good").await;
    until_it_waits(&engine, "moved").await;
    engine.close().await;
    let db = rusqlite::Connection::open(&path).unwrap();
    // The outcome of another run's step, in the place of its own.
    let of =
        |id: &str| format!("run = (SELECT run FROM runs WHERE id = '{id}') AND path = 'through'");
    let sql = format!(
        "UPDATE journal SET body = (SELECT max(body) FROM journal WHERE {}) WHERE {}",
        of("good"),
        of("moved")
    );
    assert!(db.execute(&sql, ()).unwrap() > 0);
    drop(db);
    let engine = open(&path);
    let told = Told {
        text: "told".to_owned(),
    };
    engine.signal("good", &told, None).await.unwrap();
    let answer = engine.run("good").await.unwrap().answer().await.unwrap();
    assert_eq!(answer, format!("{TEXT} told"));
    let held = engine.held().await.unwrap();
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].id, "moved");
    let why = &held[0].why;
    assert!(
        why.contains("`through` is damaged") && why.contains("after it was sealed"),
        "{why}"
    );
    assert!(!why.contains(TEXT), "{why}");
    engine.close().await;
}

/// Until what the run's first step came to is recorded, and that it waits.
async fn until_it_waits(engine: &Engine, id: &str) {
    loop {
        let timeline = engine.client().timeline(id).await.unwrap();
        let mut spans = timeline.spans.iter();
        if spans.any(|span| span.path == "told") {
            return;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn without_keys_secrets_are_refused_and_so_is_a_sealed_journal() {
    let folder = folder("refused");
    let path = folder.join("runs.db");
    let error = Engine::open_with(&path, settings(), &cx()).unwrap_err();
    assert_eq!(error.kind(), Kind::Secret);
    let text = error.to_string();
    for part in ["the params of `tell`", "`Settings::keys`"] {
        assert!(text.contains(part), "{text}");
    }
    open(&path).close().await;
    assert_eq!(Client::open(&path).unwrap_err().kind(), Kind::Sealed);
    let other = settings().keys(Keyring::new(1, &[18; 32]));
    let error = Engine::open_with(&path, other, &cx()).unwrap_err();
    assert_eq!(error.kind(), Kind::Sealed);
}
