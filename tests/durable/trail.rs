//! The verb `trail`: signals, runs and steps as one story, read beside the program that makes it.

use std::path::{Path, PathBuf};

use enact::bus::log::Log;
use enact::cli::{App, Exit, Io};
use enact::prelude::*;
use enact::signal::{Envelope, Sink as _, sink};
use enact::workflow::engine::{Engine, run_id};
use expect_test::expect;
use serde_json::Value;

use super::carried::{Packed, Packing, Paid, Shipped, paid, shipped};
use super::verbs::Written;
use crate::ledger::folder;

workflow! {
    /// Packs what is paid, and tells when it is there.
    pub(crate) Selling { order: String } -> String {
        step parcel = Packing { order };
        wait shipped = Shipped where order == order, timeout "1h";
        emit Packed { order: shipped.by };
        parcel
    }
}

/// What the program writes; its exit.
fn verb(file: &Path, line: &str) -> (Exit, String) {
    let (out, err) = (Written::default(), Written::default());
    let app = App::new("shop").journal(file.display().to_string());
    let exit = app.run_from(line.split(' '), Io::captured(out.clone(), err.clone()));
    (exit, format!("{}{}", out.text(), err.text()))
}

/// The same, with all times alike.
fn told(file: &Path, line: &str) -> String {
    let (exit, text) = verb(file, line);
    assert_eq!(exit, Exit::Ok, "{text}");
    let lines = text.lines().map(|line| match line.split_once(" in ") {
        Some((line, time)) => match time.split_once("  ") {
            Some((_, rest)) => format!("{line} in T  {rest}\n"),
            None => format!("{line} in T\n"),
        },
        None => format!("{line}\n"),
    });
    lines.collect()
}

/// A payment that a run was started by, and what came of it; the engine and the log are still open.
async fn sold(file: &Path) -> (Engine, Log) {
    let log = Log::open(file).unwrap();
    let cx = Context::builder().resource(sink(log.clone())).build();
    let engine = Engine::open(file, &cx).unwrap();
    let starts = engine.starts(|paid: Paid| Selling::new(paid.order));
    let cause = paid("p-1");
    log.publish(cause.clone()).await.unwrap();
    starts.accept(cause.clone()).await.unwrap();
    let other = Envelope::builder("mail.sent", "/post").id("m-1");
    log.publish(other.caused_by(&cause)).await.unwrap();
    let arrival = shipped("a parcel with 1042");
    let arrival = Envelope::builder("order.shipped", "/depot")
        .id("s-1")
        .data(arrival.data().unwrap().clone())
        .build()
        .unwrap();
    log.publish(arrival.clone()).await.unwrap();
    let run = run_id(&cause);
    while log.last() < 4 {
        tokio::task::yield_now().await;
    }
    engine.deliver(&run, &arrival).await.unwrap();
    engine.run(&run).await.unwrap().answer().await.unwrap();
    (engine, log)
}

/// Tells of a story while the program that makes it is alive, and after.
fn with_story(name: &str, look: impl Fn(&Path)) {
    let file: PathBuf = folder(name).join("shop.db");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all();
    let runtime = { runtime }.build().unwrap();
    let (engine, log) = runtime.block_on(sold(&file));
    look(&file);
    // Its index is in the file from now on.
    assert!(log.trail().find("p-1").unwrap().is_some());
    look(&file);
    runtime.block_on(engine.close());
    drop((engine, log));
    look(&file);
}

#[test]
fn a_signal_its_run_and_what_that_sent_are_one_story() {
    with_story("trail-signal", |file| {
        expect![[""]].assert_eq(&told(file, "trail p-1"));
        let (_, all) = verb(file, "trail p-1 --output json");
        for secret in ["boat", "parcel with"] {
            assert!(!all.contains(secret), "{secret}: {all}");
        }
    });
}

#[test]
fn a_run_says_because_of_what_it_is_and_what_it_waited_for_has_it_too() {
    with_story("trail-run", |file| {
        expect![[""]].assert_eq(&told(file, "trail /shop#p-1"));
        let of_the_arrival = told(file, "trail s-1");
        expect![[""]].assert_eq(&of_the_arrival);
        assert_eq!(told(file, "trail /depot#s-1"), of_the_arrival);
    });
}

#[test]
fn a_story_is_json_and_a_picture_too() {
    with_story("trail-forms", |file| {
        let (exit, text) = verb(file, "trail p-1 --output json");
        assert_eq!(exit, Exit::Ok);
        let story: Value = serde_json::from_str(&text).unwrap();
        let run = &story["story"]["below"][0];
        assert_eq!(
            (&story["story"]["type"], &run["is"], &run["workflow"]),
            (&"order.paid".into(), &"run".into(), &"selling".into())
        );
        let step = &run["below"][0];
        assert_eq!(
            (&step["kind"], &step["state"]),
            (&"step".into(), &"done".into())
        );
        expect![[""]].assert_eq(&told(file, "trail p-1 --depth 2 --format mermaid"));
    });
}

#[test]
fn what_is_cut_of_a_story_is_said() {
    with_story("trail-cut", |file| {
        expect![[""]].assert_eq(&told(file, "trail p-1 --most 4"));
        expect![[""]].assert_eq(&told(file, "trail p-1 --depth 1"));
    });
}

#[test]
fn what_has_no_story_is_told_with_what_to_do() {
    with_story("trail-unknown", |file| {
        let (exit, text) = verb(file, "trail nobody");
        assert_eq!(exit, Exit::Unknown);
        let said = "there is neither a run nor a signal \"nobody\" in ";
        assert!(
            text.contains(said) && text.contains("`shop runs` lists"),
            "{text}"
        );
    });
    let file = folder("trail-several").join("shop.db");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let log = Log::open(&file).unwrap();
    for source in ["/shop", "/bank"] {
        let signal = Envelope::builder("order.paid", source).id("p-1");
        runtime.block_on(log.publish(signal)).unwrap();
    }
    let (exit, text) = verb(&file, "trail p-1");
    assert_eq!(exit, Exit::Misconfigured);
    assert!(
        text.contains("say which: --source /bank, or --source /shop"),
        "{text}"
    );
    let (exit, text) = verb(&file, "trail p-1 --source /bank");
    assert_eq!(exit, Exit::Ok);
    assert!(text.contains("order.paid  #2  p-1 from /bank"), "{text}");
    // It has no journal, which is not kept quiet.
    assert!(text.contains("without the runs: "), "{text}");
    let none = file.with_file_name("none.db");
    assert_eq!(verb(&none, "trail p-1").0, Exit::Misconfigured);
    assert!(!none.exists());
}
