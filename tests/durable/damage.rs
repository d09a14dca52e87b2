//! A file in which something is not as it was written: that run is held, and the others go on.

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
