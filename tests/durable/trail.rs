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
    let mut parts = text.split(" in ");
    let mut told = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let ends = ["  ", ", ", "\"", "\n"].map(|end| part.find(end).unwrap_or(part.len()));
        let end = ends.into_iter().min().unwrap_or_default();
        told.extend([" in T", &part[end..]]);
    }
    told
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
    while log.last() < 2 {
        tokio::task::yield_now().await;
    }
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
    engine.deliver(&run, &arrival).await.unwrap();
    engine.run(&run).await.unwrap().answer().await.unwrap();
    (engine, log)
}

/// What a verb tells of the story while the program that makes it is alive, and after: always the same.
fn of_a_sale(name: &str, lines: &[&str]) -> Vec<String> {
    let file: PathBuf = folder(name).join("shop.db");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (engine, log) = runtime.block_on(sold(&file));
    let look = || -> Vec<String> { lines.iter().map(|line| told(&file, line)).collect() };
    let alive = look();
    // Its index is in the file from now on.
    assert!(log.trail().find("p-1").unwrap().is_some());
    assert_eq!(look(), alive);
    runtime.block_on(engine.close());
    drop((engine, log));
    assert_eq!(look(), alive);
    alive
}

#[test]
fn a_signal_its_run_and_what_that_sent_are_one_story() {
    let told = of_a_sale("trail-signal", &["trail p-1"]);
    expect![[r#"
        order.paid  #1  p-1 from /shop
        ├─ run /shop#p-1  selling v1  answered in T
        │  ├─ step parcel/parcel  done in T
        │  ├─ emit parcel/emit
        │  │  └─ order.packed  #2  /shop#p-1/parcel/emit from /shop
        │  ├─ wait shipped  done in T  order.shipped  took s-1 from /depot
        │  └─ emit
        │     └─ order.packed  #5  /shop#p-1/emit from /shop
        └─ mail.sent  #3  m-1 from /post
    "#]]
    .assert_eq(&told[0]);
}

#[test]
fn a_run_says_because_of_what_it_is_and_what_it_waited_for_has_it_too() {
    let lines = ["trail /shop#p-1", "trail s-1", "trail /depot#s-1"];
    let told = of_a_sale("trail-run", &lines);
    expect![[r#"
        because of order.paid  #1  p-1 from /shop
        run /shop#p-1  selling v1  answered in T
        ├─ step parcel/parcel  done in T
        ├─ emit parcel/emit
        │  └─ order.packed  #2  /shop#p-1/parcel/emit from /shop
        ├─ wait shipped  done in T  order.shipped  took s-1 from /depot
        └─ emit
           └─ order.packed  #5  /shop#p-1/emit from /shop
    "#]]
    .assert_eq(&told[0]);
    expect![[r#"
        order.shipped  #4  s-1 from /depot
        └─ run /shop#p-1  selling v1  answered in T
           ├─ step parcel/parcel  done in T
           ├─ emit parcel/emit
           │  └─ order.packed  #2  /shop#p-1/parcel/emit from /shop
           ├─ wait shipped  done in T  order.shipped  took s-1 from /depot
           └─ emit
              └─ order.packed  #5  /shop#p-1/emit from /shop
    "#]]
    .assert_eq(&told[1]);
    assert_eq!(told[2], told[1]);
}

#[test]
fn a_story_is_json_and_a_picture_too() {
    let lines = [
        "trail p-1 --output json",
        "trail p-1 --depth 2 --format mermaid",
    ];
    let told = of_a_sale("trail-forms", &lines);
    for secret in ["boat", "parcel with"] {
        assert!(!told[0].contains(secret), "{secret}: {}", told[0]);
    }
    let story: Value = serde_json::from_str(&told[0]).unwrap();
    let run = &story["story"]["below"][0];
    assert_eq!(
        (&story["story"]["type"], &run["is"], &run["workflow"]),
        (&"order.paid".into(), &"run".into(), &"selling".into())
    );
    let step = &run["below"][0];
    assert_eq!(
        (&step["kind"], &step["state"], &step["attempts"]),
        (&"step".into(), &"done".into(), &1.into())
    );
    expect![[r#"
        flowchart TD
            n0["order.paid, #35;1, p-1 from /shop"]
            n1[["run /shop#35;p-1, selling v1, answered in T"]]
            n2["mail.sent, #35;3, m-1 from /post"]
            n3("step parcel/parcel, done in T")
            n4("emit parcel/emit")
            n5("wait shipped, done in T, order.shipped, took s-1 from /depot")
            n6("emit")
            n0 --> n1
            n0 --> n2
            n1 --> n3
            n1 --> n4
            n1 --> n5
            n1 --> n6
            %% what is deeper is left out; `--depth` says how deep it goes
    "#]]
    .assert_eq(&told[1]);
}

#[test]
fn what_is_cut_of_a_story_is_said() {
    let told = of_a_sale("trail-cut", &["trail p-1 --most 4", "trail p-1 --depth 1"]);
    expect![[r#"
        order.paid  #1  p-1 from /shop
        ├─ run /shop#p-1  selling v1  answered in T
        │  └─ step parcel/parcel  done in T
        └─ mail.sent  #3  m-1 from /post
        … at least 3 more left out; `--most` says how many are told
    "#]]
    .assert_eq(&told[0]);
    expect![[r#"
        order.paid  #1  p-1 from /shop
        ├─ run /shop#p-1  selling v1  answered in T
        └─ mail.sent  #3  m-1 from /post
        … what is deeper is left out; `--depth` says how deep it goes
    "#]]
    .assert_eq(&told[1]);
}

#[test]
fn what_has_no_story_is_told_with_what_to_do() {
    let file = folder("trail-unknown").join("shop.db");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let (engine, log) = runtime.block_on(sold(&file));
    let (exit, text) = verb(&file, "trail nobody");
    assert_eq!(exit, Exit::Unknown);
    let said = "there is neither a run nor a signal \"nobody\" in ";
    assert!(text.contains(said), "{text}");
    assert!(text.contains("`shop runs` lists"), "{text}");
    drop((engine, log));
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

#[test]
fn a_log_may_be_in_a_file_of_its_own() {
    let journal = super::verbs::journal("trail-own-log");
    let log = journal.with_file_name("signals.db");
    let named = format!("trail p-1 --log {}", log.display());
    let (exit, text) = verb(&journal, &named);
    assert_eq!(exit, Exit::Misconfigured);
    assert!(text.contains("signals.db") && !log.exists(), "{text}");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let kept = Log::open(&log).unwrap();
    runtime.block_on(kept.publish(paid("p-1"))).unwrap();
    assert_eq!(told(&journal, &named), "order.paid  #1  p-1 from /shop\n");
    let (out, err) = (Written::default(), Written::default());
    let app = App::new("shop").journal(journal.display().to_string());
    let app = app.log(log.display().to_string());
    let line = ["trail", "p-1"];
    assert_eq!(app.run_from(line, Io::captured(out.clone(), err)), Exit::Ok);
    assert_eq!(out.text(), "order.paid  #1  p-1 from /shop\n");
}

#[test]
fn a_failure_is_told_by_its_code_and_not_by_what_it_says() {
    let file = super::verbs::journal("trail-failure");
    let (exit, text) = verb(&file, "trail bad");
    assert_eq!(exit, Exit::Ok);
    assert!(
        text.contains("run bad  everything v1  failed in "),
        "{text}"
    );
    assert!(
        text.contains("make.bad") && text.contains("undo first"),
        "{text}"
    );
    assert!(!text.contains("it can't be made"), "{text}");
    assert!(
        text.contains("without the signals: ") && text.contains("no log of signals in the file"),
        "{text}"
    );
}

#[test]
fn wide_deep_and_round_stories_come_to_an_end() {
    let file = folder("trail-bounds").join("shop.db");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let log = Log::open(&file).unwrap();
    let one = |id: &str, cause: &str| {
        let one = Envelope::builder("step.done", "/shop").id(id);
        one.caused_by_id(cause).build().unwrap()
    };
    let wide = (0..300).map(|n| one(&format!("w-{n}"), "wide"));
    let deep = (0..200).map(|n| one(&format!("d-{}", n + 1), &format!("d-{n}")));
    let round = [one("left", "right"), one("right", "left")];
    let all = wide.chain(deep).chain(round).chain([one("wide", "d-0")]);
    runtime.block_on(log.publish_all(all)).unwrap();
    let lines = |line: &str| {
        let told = verb(&file, line).1;
        let last = told.lines().find(|line| line.starts_with('…'));
        let signals = told.lines().filter(|line| line.contains("step.done"));
        (signals.count(), last.map(str::to_owned))
    };
    let said = |text: &str| Some(text.to_owned());
    assert_eq!(
        lines("trail wide"),
        (
            200,
            said("… at least 1 more left out; `--most` says how many are told")
        )
    );
    assert_eq!(lines("trail wide --most 500"), (301, None));
    let deeper = "… what is deeper is left out; `--depth` says how deep it goes";
    // What caused the first is said above it: the log does not have `d-0`.
    assert_eq!(lines("trail d-1"), (25, said(deeper)));
    assert_eq!(lines("trail d-1 --depth 96"), (97, said(deeper)));
    // Because of the other, itself, the other, and itself again.
    assert_eq!(lines("trail left"), (4, None));
}

#[test]
fn what_is_near_is_told_near_however_long_a_way_there_is_too() {
    let file = folder("trail-chained").join("shop.db");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let log = Log::open(&file).unwrap();
    let root = Envelope::builder("step.begun", "/shop").id("e-0");
    let one = |n: u32| {
        let one = Envelope::builder("step.done", "/shop").id(format!("e-{n}"));
        let one = one.caused_by_id("e-0");
        one.caused_by_id(&format!("e-{}", n - 1)).build().unwrap()
    };
    let all = std::iter::once(root.build().unwrap()).chain((1..3_000).map(one));
    runtime.block_on(log.publish_all(all)).unwrap();
    let told = verb(&file, "trail e-0 --most 10000").1;
    let mut lines = told.lines().skip(1);
    assert_eq!(lines.next().unwrap(), "├─ step.done  #2  e-1 from /shop");
    let second = lines.next().unwrap();
    assert_eq!(second, "│  └─ step.done  #3  e-2 from /shop, see below");
    let steps = told.lines().filter(|line| line.contains("step."));
    let longest = steps.map(|line| line.chars().count()).max();
    assert_eq!(longest, Some(52));
    let json = verb(&file, "trail e-0 --most 10000 --output json").1;
    // Behind it is said that there is no journal.
    let mut said = serde_json::Deserializer::from_str(&json).into_iter::<Value>();
    let story = said.next().unwrap().unwrap();
    assert_eq!(story["story"]["below"].as_array().unwrap().len(), 2_999);
}

#[test]
fn what_another_source_with_the_same_id_has_caused_is_no_part_of_a_story() {
    let file = folder("trail-sources").join("shop.db");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let log = Log::open(&file).unwrap();
        let cx = Context::builder().resource(sink(log.clone())).build();
        let engine = Engine::open(&file, &cx).unwrap();
        let starts = engine.starts(|paid: Paid| Packing::new(paid.order));
        for source in ["/shop", "/bank"] {
            let event = paid("p-1").to_builder().source(source).build().unwrap();
            log.publish(event.clone()).await.unwrap();
            starts.accept(event.clone()).await.unwrap();
            let run = engine.run(&run_id(&event)).await.unwrap();
            run.answer().await.unwrap();
        }
        engine.close().await;
    });
    let of_the_bank = told(&file, "trail p-1 --source /bank");
    expect![[r#"
        order.paid  #3  p-1 from /bank
        └─ run /bank#p-1  packing v1  answered in T
           ├─ step parcel  done in T
           └─ emit
              └─ order.packed  #4  /bank#p-1/emit from /shop
    "#]]
    .assert_eq(&of_the_bank);
    let of_its_effect = told(&file, "trail /bank#p-1/emit");
    expect![[r#"
        because of order.paid  #3  p-1 from /bank
        order.packed  #4  /bank#p-1/emit from /shop
    "#]]
    .assert_eq(&of_its_effect);
}
