//! Runs whose engine is dropped and opened again, in one process.

use enact::prelude::*;
use enact::workflow::Signals;

use crate::ledger::{Ledger, folder};
use crate::runs::{Approved, Wait, reopened};

#[tokio::test]
async fn a_run_that_waits_goes_on_in_the_next_engine_and_repeats_nothing() {
    let folder = folder("resume");
    let ledger = folder.join("ledger");
    let builder = Context::builder().resource(Ledger::open(&ledger));
    let cx = builder.resource(Signals::new()).build();
    // A runtime of its own, which ends with all its tasks as a process does.
    let first = {
        let (folder, cx, ledger) = (folder.clone(), cx.clone(), ledger.clone());
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            runtime.unwrap().block_on(async {
                let engine = reopened(&folder, &cx).await;
                let run = engine.start("a", Wait::new("1042")).await.unwrap();
                while Ledger::lines(&ledger).is_empty() {
                    tokio::task::yield_now().await;
                }
                let signal = Approved {
                    by: "ada".to_owned(),
                };
                engine
                    .signal("a", &signal, Some("1".to_owned()))
                    .await
                    .unwrap();
                drop(run);
            });
        })
    };
    first.join().unwrap();
    let engine = reopened(&folder, &cx).await;
    let signal = Approved {
        by: "bob".to_owned(),
    };
    engine
        .signal("a", &signal, Some("1042".to_owned()))
        .await
        .unwrap();
    let answer = engine.run("a").unwrap().answer().await.unwrap();
    assert_eq!(answer, "made early for bob");
    let lines = Ledger::lines(&ledger);
    assert!(
        lines.len() <= 2 && lines.iter().all(|line| line == "a/made"),
        "{lines:?}"
    );
}
