//! The command line's verbs over recorded runs.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use enact::cli::{App, Exit, Io};
use enact::workflow::engine::Engine;

use crate::ledger::{Everything, Ledger, folder};
use crate::parking::{counted, hasty};
use crate::runs::{Wait, cx};

/// What a verb has written.
#[derive(Clone, Default)]
pub(crate) struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Written {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// Runs the program; its exit, and all that it has written.
fn verb(journal: &Path, line: &str) -> (Exit, String) {
    let (out, err) = (Written::default(), Written::default());
    let app = App::new("shop").journal(journal.display().to_string());
    let exit = app.run_from(line.split(' '), Io::captured(out.clone(), err.clone()));
    (exit, format!("{}{}", out.text(), err.text()))
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(work)
}

/// A journal with a run that answered, one that failed and one that waits.
pub(crate) fn journal(name: &str) -> std::path::PathBuf {
    let (cx, folder) = cx(name);
    let path = folder.join("runs.db");
    block_on(async {
        let engine = Engine::open_with(&path, hasty(), &cx).unwrap();
        let good = engine
            .start("good", Everything::new(2_u32, "end"))
            .await
            .unwrap();
        good.answer().await.unwrap();
        let bad = engine
            .start("bad", Everything::new(2_u32, "bad"))
            .await
            .unwrap();
        bad.answer().await.unwrap_err();
        engine.start("waits", Wait::new("1042")).await.unwrap();
        counted(&engine, |counts| counts.waiting == 1).await;
        engine.close().await;
    });
    path
}

#[test]
fn runs_are_listed_shown_and_drawn() {
    let path = journal("verbs-told");
    let (exit, text) = verb(&path, "runs");
    assert_eq!(exit, Exit::Ok);
    let words: Vec<Vec<&str>> = text
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    let told: Vec<_> = words.iter().map(|words| (words[0], words[3])).collect();
    assert_eq!(
        told,
        [("waits", "waits"), ("bad", "failed"), ("good", "answered")]
    );
    assert!(text.contains("make.bad"), "{text}");
    let (_, failed) = verb(&path, "runs --status failed --workflow everything --most 1");
    assert_eq!(failed.lines().count(), 1);
    let (exit, shown) = verb(&path, "show bad");
    assert_eq!(exit, Exit::Ok);
    for part in [
        "\"seed\": 2",
        "\"code\": \"make.bad\"",
        "items[2]/item",
        "undo first",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let (_, drawn) = verb(&path, "timeline waits");
    assert!(
        drawn.contains("order.approved") && drawn.contains("made"),
        "{drawn}"
    );
    let page = path.with_extension("html");
    let (exit, _) = verb(&path, &format!("timeline good --html {}", page.display()));
    assert_eq!(exit, Exit::Ok);
    let html = std::fs::read_to_string(page).unwrap();
    assert!(html.starts_with("<!doctype html>") && html.contains("items[1]/item"));
}

#[test]
fn what_is_asked_of_runs_happens_when_an_engine_runs_them() {
    let path = journal("verbs-asked");
    let (exit, _) = verb(
        &path,
        "signal waits order.approved {\"by\":\"ada\"} --subject 1042",
    );
    assert_eq!(exit, Exit::Ok);
    assert_eq!(verb(&path, "retry bad").0, Exit::Ok);
    let folder = path.parent().unwrap();
    let world = Ledger::open(&folder.join("ledger"));
    let cx = enact::Context::builder().resource(world).build();
    let (answer, again) = block_on(async {
        let engine = Engine::open(&path, &cx).unwrap();
        let waits = engine.run("waits").await.unwrap().answer().await;
        let again = engine.run("bad").await.unwrap().answer().await;
        engine.close().await;
        (waits.unwrap(), again.unwrap_err())
    });
    assert_eq!(answer, "made early for ada");
    assert_eq!(again.code(), "make.bad");
}

#[test]
fn what_can_not_be_done_is_told_with_what_to_do() {
    let path = journal("verbs-refused");
    let (exit, text) = verb(&path, "cancel nobody");
    assert_eq!(exit, Exit::Unknown);
    assert!(
        text.contains("there is no run \"nobody\"; `shop runs` tells"),
        "{text}"
    );
    let (_, text) = verb(&path, "retry good");
    assert!(text.contains("has not failed"), "{text}");
    let (_, text) = verb(&path, "cancel good");
    assert!(text.contains("has ended"), "{text}");
    let (_, text) = verb(&path, "signal waits order.approved no-json");
    assert!(text.contains("is no JSON"), "{text}");
    let none = folder("verbs-none").join("none.db");
    let (exit, text) = verb(&none, "runs");
    assert_eq!(exit, Exit::Misconfigured);
    assert!(text.contains("none.db") && !none.exists(), "{text}");
}
