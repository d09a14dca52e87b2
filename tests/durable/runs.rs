//! Runs that nothing disturbs.

use std::error::Error as _;

use enact::prelude::*;
use enact::signal::{Data, Envelope};
use enact::workflow::Signals;
use enact::workflow::engine::{Engine, Kind as Why, Status};
use enact::workflow::signals::Signal;

use crate::ledger::{Everything, Ledger, expected, folder};

pub(crate) fn cx(name: &str) -> (Context, std::path::PathBuf) {
    let folder = folder(name);
    let ledger = folder.join("ledger");
    let builder = Context::builder().resource(Ledger::open(&ledger));
    (builder.resource(Signals::new()).build(), folder)
}

#[tokio::test]
async fn a_run_answers_and_is_kept() {
    let (cx, folder) = cx("kept");
    let engine = Engine::open(folder.join("runs.db"), &cx).unwrap();
    let run = engine
        .start("a", Everything::new(2_u32, "end"))
        .await
        .unwrap();
    assert_eq!(run.answer().await.unwrap(), expected(2));
    let listed = engine.list(10).await.unwrap();
    let listed: Vec<_> = listed
        .iter()
        .map(|run| (&*run.id, &*run.workflow, run.status))
        .collect();
    assert_eq!(listed, [("a", "everything", Status::Answered)]);
}

#[tokio::test]
async fn starting_again_finds_the_run_and_other_params_are_refused() {
    let (cx, folder) = cx("again");
    let engine = Engine::memory(&cx).unwrap();
    let first = engine
        .start("a", Everything::new(1_u32, "end"))
        .await
        .unwrap();
    let second = engine
        .start("a", Everything::new(1_u32, "end"))
        .await
        .unwrap();
    assert_eq!(
        first.answer().await.unwrap(),
        second.answer().await.unwrap()
    );
    let after = engine
        .start("a", Everything::new(1_u32, "end"))
        .await
        .unwrap();
    assert_eq!(after.answer().await.unwrap(), expected(1));
    let other = engine
        .start("a", Everything::new(2_u32, "end"))
        .await
        .unwrap_err();
    assert_eq!(other.kind(), Why::Taken);
    let lines = Ledger::lines(&folder.join("ledger"));
    assert_eq!(lines.iter().filter(|line| *line == "a/first").count(), 1);
}

#[tokio::test]
async fn a_saga_that_fails_goes_back_and_its_failure_is_kept() {
    let (cx, folder) = cx("fails");
    let engine = Engine::open(folder.join("runs.db"), &cx).unwrap();
    let run = engine
        .start("a", Everything::new(2_u32, "bad"))
        .await
        .unwrap();
    let failure = run.answer().await.unwrap_err();
    assert_eq!((failure.code(), failure.step()), ("make.bad", Some("last")));
    let undone = Ledger::lines(&folder.join("ledger"));
    let undone = undone.iter().filter(|line| line.ends_with("/undo"));
    assert_eq!(undone.count(), 9);
    drop((run, engine));
    let engine = reopened(&folder, &cx).await;
    let kept = engine.run("a").await.unwrap().answer().await.unwrap_err();
    assert_eq!((kept.code(), kept.step()), ("make.bad", Some("last")));
}

#[tokio::test]
async fn an_id_that_no_store_could_look_up_is_refused_and_the_engine_goes_on() {
    let (cx, _) = cx("ids");
    let engine = Engine::memory(&cx).unwrap();
    for id in ["", "nul \0", &"long".repeat(257)] {
        let error = engine
            .start(id, Everything::new(2_u32, "end"))
            .await
            .unwrap_err();
        assert_eq!(error.kind(), Why::Refused, "{error}");
    }
    let longest = "long".repeat(256);
    let run = engine.start(&longest, Everything::new(2_u32, "end")).await;
    assert_eq!(run.unwrap().answer().await.unwrap(), expected(2));
}

/// Opens a journal whose last engine is just going away.
pub(crate) async fn reopened(folder: &std::path::Path, cx: &Context) -> Engine {
    loop {
        match Engine::open(folder.join("runs.db"), cx) {
            Ok(engine) => return engine,
            // Its writer has a thread of its own, which ends a moment later.
            Err(error) if error.kind() == Why::Journal => tokio::task::yield_now().await,
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn a_journal_has_one_process_and_another_file_is_refused() {
    let (cx, folder) = cx("one");
    let path = folder.join("runs.db");
    let _engine = Engine::open(&path, &cx).unwrap();
    let error = Engine::open(&path, &cx).unwrap_err();
    assert_eq!(error.kind(), Why::Journal);
    let text = folder.join("text.db");
    std::fs::write(&text, "not a database, but long enough to be read as one").unwrap();
    assert_eq!(Engine::open(&text, &cx).unwrap_err().kind(), Why::Journal);
}

/// Somebody has approved.
#[derive(Debug, Clone, Params)]
pub(crate) struct Approved {
    /// Who.
    pub(crate) by: String,
}

impl Signal for Approved {
    const TYPE: &'static str = "order.approved";
}

workflow! {
    /// Waits for somebody.
    #[workflow(saga)]
    pub(crate) Wait { order: String } -> String {
        step made = crate::ledger::Make { what: "early".to_owned() };
        wait approval = Approved where subject == order;
        format!("{made} for {}", approval.by)
    }
}

workflow! {
    /// Waits for two.
    Twice { order: String } -> String {
        wait one = Approved where subject == order;
        wait other = Approved where subject == order;
        format!("{} and {}", one.by, other.by)
    }
}

#[tokio::test]
async fn a_signal_may_come_before_the_run_waits() {
    let (cx, folder) = cx("signal");
    let engine = Engine::open(folder.join("runs.db"), &cx).unwrap();
    let run = engine.start("a", Wait::new("1042")).await.unwrap();
    for (by, subject) in [("eve", "1"), ("ada", "1042")] {
        let signal = Approved { by: by.to_owned() };
        engine
            .signal("a", &signal, Some(subject.to_owned()))
            .await
            .unwrap();
    }
    assert_eq!(run.answer().await.unwrap(), "made early for ada");
}

#[tokio::test]
async fn a_cancelled_run_goes_back() {
    let (cx, folder) = cx("cancel");
    let engine = Engine::open(folder.join("runs.db"), &cx).unwrap();
    let run = engine.start("a", Wait::new("1042")).await.unwrap();
    while Ledger::lines(&folder.join("ledger")).is_empty() {
        tokio::task::yield_now().await;
    }
    engine.cancel("a").await.unwrap();
    let failure = run.answer().await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Cancelled);
    assert_eq!(
        Ledger::lines(&folder.join("ledger")),
        ["a/made", "a/made/undo"]
    );
    assert_eq!(engine.cancel("a").await.unwrap_err().kind(), Why::NotThere);
}

#[tokio::test]
async fn a_users_own_code_is_no_failure_of_the_journal() {
    let (cx, folder) = cx("own-code");
    let engine = Engine::open(folder.join("runs.db"), &cx).unwrap();
    let run = engine
        .start("a", Everything::new(2_u32, "odd"))
        .await
        .unwrap();
    let failure = run.answer().await.unwrap_err();
    assert_eq!(failure.code(), "journal.mine");
    assert_eq!(engine.list(1).await.unwrap()[0].status, Status::Failed);
    let lines = Ledger::lines(&folder.join("ledger"));
    assert!(lines.contains(&"a/first/undo".to_owned()), "{lines:?}");
}

#[tokio::test]
async fn a_run_has_each_event_once_however_often_it_is_delivered() {
    let (cx, folder) = cx("events");
    let path = folder.join("runs.db");
    let engine = Engine::open(&path, &cx).unwrap();
    engine.start("a", Twice::new("1042")).await.unwrap();
    let event = |id: &str, by: &str| {
        let envelope = Envelope::builder(Approved::TYPE, "/desk")
            .id(id)
            .subject("1042");
        envelope
            .json(&serde_json::json!({ "by": by }))
            .build()
            .unwrap()
    };
    engine.deliver("a", &event("1", "ada")).await.unwrap();
    engine.deliver("a", &event("1", "ada")).await.unwrap();
    // As mail, and in the next process too.
    engine
        .client()
        .deliver("a", &event("1", "ada"))
        .await
        .unwrap();
    engine.close().await;
    let engine = Engine::open(&path, &cx).unwrap();
    engine.deliver("a", &event("1", "ada")).await.unwrap();
    engine.deliver("a", &event("2", "bob")).await.unwrap();
    let run = engine.run("a").await.unwrap();
    assert_eq!(run.answer().await.unwrap(), "ada and bob");
}

#[tokio::test]
async fn an_event_that_is_no_json_is_refused_with_what_it_is() {
    let (cx, _) = cx("events-refused");
    let engine = Engine::memory(&cx).unwrap();
    engine.start("a", Twice::new("1042")).await.unwrap();
    let envelope = Envelope::builder(Approved::TYPE, "/desk").data(Data::text("yes"));
    let envelope = envelope.datacontenttype("text/plain").build().unwrap();
    let error = engine.deliver("a", &envelope).await.unwrap_err();
    assert_eq!(error.kind(), Why::Refused);
    assert!(
        error.source().unwrap().to_string().contains("text/plain"),
        "{error:?}"
    );
}
