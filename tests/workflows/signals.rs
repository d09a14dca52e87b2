//! Waiting for signals and sending them.

use enact::prelude::*;
use enact::workflow::event::What;
use enact::workflow::signals::Signal;
use enact::workflow::{Event, Signals};
use tokio::time::Instant;

use crate::shop::{Do, Make, Say, Shop, settle, told, undone};

/// Somebody approved.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub(crate) struct Approved {
    pub(crate) by: String,
    pub(crate) level: u32,
}

impl Signal for Approved {
    const TYPE: &'static str = "order.approved";
}

fn approved(by: &str, level: u32) -> Approved {
    Approved {
        by: by.to_owned(),
        level,
    }
}

fn cx(signals: &Signals) -> Context {
    let builder = Context::builder().resource(Shop::default());
    builder.resource(signals.clone()).build()
}

workflow! {
    /// Waits for somebody of a level.
    Approval { id: String, level: u32 } -> String {
        step loud = Say { word: id };
        wait yes = Approved where subject == loud, level == level, timeout "1h";
        yes.by
    }
}

#[tokio::test(start_paused = true)]
async fn a_signal_that_came_before_is_taken() {
    let signals = Signals::new();
    signals.send(approved("eve", 1), Some("OTHER".into()));
    signals.send(approved("bob", 2), Some("A".into()));
    signals.send(approved("kay", 1), None);
    signals.send(approved("ada", 1), Some("A".into()));
    let run = Approval::new("a", 1_u32).exec(&cx(&signals));
    assert_eq!(run.await.unwrap(), "ada");
}

#[tokio::test(start_paused = true)]
async fn a_signal_that_comes_later_is_taken() {
    let signals = Signals::new();
    let run = Approval::new("a", 1_u32).exec(&cx(&signals)).spawn();
    settle().await;
    signals.send(approved("bob", 2), Some("A".into()));
    settle().await;
    assert!(!run.is_finished());
    signals.send(approved("ada", 1), Some("A".into()));
    assert_eq!(run.await.unwrap(), "ada");
}

workflow! {
    /// Waits for somebody whose name and subject are made where it waits.
    Numbered { number: u32, by: String } -> u32 {
        wait yes = Approved where subject == number.to_string(), by == by.trim().to_owned();
        yes.level
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_signal_is_compared_with_may_be_made_there() {
    let signals = Signals::new();
    signals.send(approved("ada", 1), Some("41".into()));
    signals.send(approved("eve", 2), Some("42".into()));
    signals.send(approved("ada", 3), Some("42".into()));
    let run = Numbered::new(42_u32, " ada ").exec(&cx(&signals));
    assert_eq!(run.await.unwrap(), 3);
}

#[tokio::test(start_paused = true)]
async fn waiting_ends_at_its_timeout() {
    let start = Instant::now();
    let run = Approval::new("a", 1_u32).exec(&cx(&Signals::new()));
    let failure = run.await.unwrap_err();
    assert_eq!(told(&failure), (Kind::Timeout, "timeout.wait", Some("yes")));
    assert_eq!(start.elapsed().as_secs(), 3600);
}

#[tokio::test(start_paused = true)]
async fn without_a_source_waiting_and_sending_fail() {
    let failure = Shop::default().fail(Approval::new("a", 1_u32)).await;
    assert_eq!(
        told(&failure),
        (Kind::Misconfigured, "resource.missing", Some("yes"))
    );
    let failure = Shop::default().fail(Approve::new("a")).await;
    assert_eq!(
        (failure.code(), undone(&failure).len()),
        ("resource.missing", 1)
    );
}

workflow! {
    /// Waits for all it needs.
    Twice {} -> String {
        wait one = Approved;
        parallel {
            two = { wait second = Approved; second.by };
            three = { wait third = Approved; third.by };
        }
        let one_is = one.by;
        format!("{one_is} {two} {three}")
    }
}

workflow! {
    /// Waits in tasks of their own.
    TwiceApart {} -> String {
        wait one = Approved;
        parallel spawn {
            two = { wait second = Approved; second.by };
            three = { wait third = Approved; third.by };
        }
        wait four = Approved;
        let one_is = one.by;
        let four_is = four.by;
        format!("{one_is} {two} {three} {four_is}")
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_has_each_signal_once_and_every_run_has_it() {
    let signals = Signals::new();
    for by in ["a", "b", "c", "d"] {
        signals.send(approved(by, 1), None);
    }
    for _ in 0..2 {
        assert_eq!(Twice::new().exec(&cx(&signals)).await.unwrap(), "a b c");
        let apart = TwiceApart::new().exec(&cx(&signals)).await.unwrap();
        assert_eq!(apart, "a b c d");
    }
}

workflow! {
    /// Makes something and says that it is approved.
    #[workflow(saga)]
    Approve { id: String } {
        step made = Make::new("made");
        emit Approved { by: made.id, level: 1 } with subject(format!("{}", id.to_uppercase()));
    }
}

#[tokio::test(start_paused = true)]
async fn what_one_run_sends_another_receives() {
    let signals = Signals::new();
    let waiting = Approval::new("a", 1_u32).exec(&cx(&signals)).spawn();
    settle().await;
    Approve::new("a").exec(&cx(&signals)).await.unwrap();
    assert_eq!(waiting.await.unwrap(), "made-1");
}

#[test]
fn a_program_without_a_source_is_told_so_at_its_start() {
    let error = Registry::global()
        .check(Context::new().resources())
        .unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("approval") && text.contains("Signals"),
        "{text}"
    );
    Registry::global()
        .check(cx(&Signals::new()).resources())
        .unwrap();
}

workflow! {
    /// Waits beside what fails.
    WaitBeside {} -> String {
        parallel {
            one = { wait first = Approved; first.by };
            two = { step said = Say { word: "two".to_owned() }; said };
        }
        format!("{one}{two}")
    }
}

#[tokio::test(start_paused = true)]
async fn waiting_is_stopped_with_the_rest() {
    let shop = Shop::default().will("two", [Do::Fail("no")]);
    let signals = Signals::new();
    let cx = Context::builder()
        .resource(shop)
        .resource(signals.clone())
        .build();
    let failure = WaitBeside::new().exec(&cx).await.unwrap_err();
    assert_eq!(told(&failure), (Kind::Failed, "no", Some("two/said")));
    let handle = WaitBeside::new().exec(&cx).spawn();
    settle().await;
    assert_eq!(handle.cancel().await.unwrap_err().kind(), Kind::Cancelled);
}

#[tokio::test(start_paused = true)]
async fn waiting_and_sending_are_told_of() {
    let signals = Signals::new();
    let mut waiting = Approval::new("a", 1_u32).start(&cx(&signals));
    settle().await;
    let mut sending = Approve::new("a").start(&cx(&signals));
    let of = |event: Event| (event.path, event.what);
    let mut told = Vec::new();
    for events in [sending.events(), waiting.events()] {
        while let Some(event) = events.next().await {
            told.push(of(event));
        }
    }
    let signal = Approved::TYPE.to_owned();
    for (path, what) in [
        (
            "emit",
            What::Emitted {
                signal: signal.clone(),
            },
        ),
        (
            "yes",
            What::Waiting {
                signal: signal.clone(),
            },
        ),
        ("yes", What::Received { signal }),
    ] {
        assert!(
            told.contains(&(path.to_owned(), what)),
            "{path} in {told:?}"
        );
    }
}
