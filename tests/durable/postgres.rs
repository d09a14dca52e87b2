//! Several engines on one database.

use std::collections::BTreeMap;

use enact::prelude::*;
use enact::workflow::Signals;
use enact::workflow::engine::{Client, Engine, Kind as Why};

use crate::ledger::{Everything, Ledger, expected};
use crate::place::{Database, Place};
use crate::runs::{Approved, Wait};

fn cx(place: &Place) -> Context {
    let builder = Context::builder().resource(Ledger::open(&place.folder.join("ledger")));
    builder.resource(Signals::new()).build()
}

fn ledger(place: &Place) -> Vec<String> {
    Ledger::lines(&place.folder.join("ledger"))
}

fn approved(by: &str) -> serde_json::Value {
    serde_json::json!({ "by": by })
}

#[tokio::test]
async fn runs_that_two_engines_are_asked_for_end_once_and_answer_in_both() {
    let Some(database) = Database::new("both") else {
        return;
    };
    let cx = cx(&database.0);
    let engines = [database.0.engine(&cx), database.0.engine(&cx)];
    let mut runs = Vec::new();
    for n in 0..20 {
        let start = |engine: &Engine| {
            let engine = engine.clone();
            async move {
                engine
                    .start(&format!("run-{n}"), Everything::new(n, "end"))
                    .await
            }
        };
        let [first, second] = &engines;
        let (first, second) = tokio::join!(start(first), start(second));
        runs.extend([(n, first.unwrap()), (n, second.unwrap())]);
    }
    for (n, run) in runs {
        assert_eq!(run.answer().await.unwrap(), expected(n));
    }
    let other = engines[1]
        .start("run-3", Everything::new(4_u32, "end"))
        .await;
    assert_eq!(other.unwrap_err().kind(), Why::Taken);
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for line in ledger(&database.0) {
        *counts.entry(line).or_default() += 1;
    }
    let twice: Vec<_> = counts.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty() && counts.len() >= 20 * 8, "{twice:?}");
    let place = database.0.clone();
    // Reading blocks.
    let checked = tokio::task::spawn_blocking(move || crate::killing::check_records(&place, 20));
    checked.await.unwrap();
}

#[tokio::test]
async fn what_is_asked_elsewhere_reaches_whoever_has_the_run() {
    let Some(database) = Database::new("elsewhere") else {
        return;
    };
    let cx = cx(&database.0);
    let (owner, other) = (database.0.engine(&cx), database.0.engine(&cx));
    for id in ["a", "b", "c"] {
        owner.start(id, Wait::new("1042")).await.unwrap();
    }
    let client = Client::with(database.0.reader()).unwrap();
    let subject = || Some("1042".to_owned());
    client
        .signal("a", "order.approved", subject(), approved("ada"))
        .await
        .unwrap();
    client.cancel("b").await.unwrap();
    let signal = Approved {
        by: "bob".to_owned(),
    };
    other.signal("c", &signal, subject()).await.unwrap();
    let answer = async |id: &str| other.run(id).await.unwrap().answer().await;
    assert_eq!(answer("a").await.unwrap(), "made early for ada");
    assert_eq!(answer("b").await.unwrap_err().kind(), Kind::Cancelled);
    assert_eq!(answer("c").await.unwrap(), "made early for bob");
    let effects = ledger(&database.0)
        .into_iter()
        .filter(|line| line.ends_with("/made"));
    assert_eq!(effects.count(), 3);
}

#[tokio::test]
async fn what_a_closed_engine_had_goes_on_in_another_and_repeats_nothing() {
    let Some(database) = Database::new("handed-over") else {
        return;
    };
    let cx = cx(&database.0);
    let (first, second) = (database.0.engine(&cx), database.0.engine(&cx));
    first.start("a", Wait::new("1042")).await.unwrap();
    while ledger(&database.0).is_empty() {
        tokio::task::yield_now().await;
    }
    let signal = Approved {
        by: "eve".to_owned(),
    };
    // It is recorded, and with it what came before: that the step was done.
    first
        .signal("a", &signal, Some("1".to_owned()))
        .await
        .unwrap();
    first.close().await;
    let signal = Approved {
        by: "ada".to_owned(),
    };
    second
        .signal("a", &signal, Some("1042".to_owned()))
        .await
        .unwrap();
    let answer = second.run("a").await.unwrap().answer().await.unwrap();
    assert_eq!(answer, "made early for ada");
    let lines = ledger(&database.0);
    assert!(
        lines.len() <= 2 && lines.iter().all(|line| line == "a/made"),
        "{lines:?}"
    );
}

#[tokio::test]
async fn a_database_that_is_not_there_is_an_error_and_no_panic() {
    let nowhere = "postgres://nobody:secret@127.0.0.1:1/nothing";
    let error = Engine::postgres(nowhere, &Context::new())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), Why::Journal);
    assert!(!error.to_string().contains("secret"), "{error}");
    assert!(Client::postgres(nowhere).await.is_err());
}
