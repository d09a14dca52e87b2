//! A journal and a log of signals in one file.

use enact::bus::log::Log;
use enact::signal::Envelope;
use enact::workflow::engine::Engine;

use crate::ledger::{Everything, expected};
use crate::runs::cx;

/// Runs and signals, side by side.
async fn both(engine: &Engine, log: &Log, round: u32) {
    let run = async {
        let id = format!("run-{round}");
        let run = engine.start(&id, Everything::new(round, "end".to_owned()));
        run.await.unwrap().answer().await.unwrap()
    };
    let publish = async {
        for n in 0..50 {
            let signal = Envelope::builder("order.created", "/shop").id(format!("{round}-{n}"));
            log.publish(signal).await.unwrap();
        }
    };
    let (answer, ()) = tokio::join!(run, publish);
    assert_eq!(answer, expected(round));
}

#[tokio::test]
async fn a_journal_and_a_log_share_a_file_whichever_was_there_first() {
    let (cx, folder) = cx("sharing");
    let path = folder.join("log-first.db");
    let log = Log::open(&path).unwrap();
    let engine = Engine::open(&path, &cx).unwrap();
    both(&engine, &log, 1).await;
    drop((log, engine));

    let path = folder.join("journal-first.db");
    let engine = Engine::open(&path, &cx).unwrap();
    let log = Log::open(&path).unwrap();
    both(&engine, &log, 2).await;
    assert_eq!(log.last(), 50);
    let checked = rusqlite::Connection::open(&path).unwrap();
    let checked = checked.query_row("PRAGMA integrity_check", (), |row| row.get::<_, String>(0));
    assert_eq!(checked.unwrap(), "ok");
}
