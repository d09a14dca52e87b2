//! What is told of a run, while it runs.

use std::time::Duration;

use enact::prelude::*;
use enact::workflow::event::{MOST_WAITING, What};
use enact::workflow::{Event, Unfinished, listen};
use serde_json::Value;

use crate::shop::{Do, Make, Say, Shop, Try};

/// An event as one line: its name, its path, and what else it says of codes and counts.
fn line(event: &Event) -> String {
    let json = serde_json::to_value(event).expect("an event is JSON");
    let rest = [
        "workflow", "action", "code", "attempts", "arm", "items", "signal",
    ];
    let rest = rest.iter().filter_map(|key| json.get(key));
    let parts = [&json["event"], &json["path"]].into_iter().chain(rest);
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    parts.map(text).collect::<Vec<_>>().join(" ")
}

/// What is told of a run of that action.
async fn told<A: Action>(shop: &Shop, action: A) -> Vec<String> {
    let (tell, told) = std::sync::mpsc::channel();
    let cx = listen(&shop.cx(), move |event| {
        tell.send(line(event)).expect("the test listens");
    });
    drop(action.exec(&cx).await);
    drop(cx);
    told.iter().collect()
}

workflow! {
    /// Says, chooses, repeats and stops.
    Telling { words: Vec<String> } -> String {
        step first = Say { word: words[0] } with retry(times = 1, backoff = "1ms"..="1ms");
        branch chosen = if first.is_empty() { 0 } else { 1 };
        parallel each = for word in words, max = 1 { step said = Say { word }; said };
        repeat tries = max 2 { step again = Say { word: first }; again } until each.len() > chosen;
        sleep "1s";
        stop tries;
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_tells_of_all_it_does() {
    let shop = Shop::default().will("a", [Do::Busy("busy")]);
    let events = told(&shop, Telling::new(vec!["a".to_owned(), "b".to_owned()])).await;
    assert_eq!(
        events,
        [
            "run_started  telling",
            "step_started first say",
            "step_retried first busy",
            "step_finished first",
            "branch_taken chosen 1",
            "fan_out each 2",
            "step_started each[0]/said say",
            "step_finished each[0]/said",
            "step_started each[1]/said say",
            "step_finished each[1]/said",
            "step_started tries[0]/again say",
            "step_finished tries[0]/again",
            "sleeping sleep",
            "stopped stop",
            "run_finished ",
        ]
    );
}

workflow! {
    /// Tries and fails.
    Failing {} {
        step tried = Try::new("tried") with retry(times = 2, backoff = "1ms"..="1ms");
    }
}

#[tokio::test(start_paused = true)]
async fn attempts_are_counted() {
    let busy = [Do::Busy("busy"), Do::Busy("busy"), Do::Fail("no")];
    let shop = Shop::default().will("tried", busy);
    assert_eq!(
        told(&shop, Failing::new()).await[2..],
        [
            "step_retried tried busy",
            "step_retried tried busy",
            "step_failed tried no 3",
            "run_failed  no"
        ]
    );
}

workflow! {
    /// Makes, for a saga around it.
    #[workflow(saga)]
    MakeInside {} {
        step one = Make::new("one");
    }
}

workflow! {
    /// Makes and fails.
    #[workflow(saga)]
    Undoing {} {
        step first = Make::new("first");
        step inner = MakeInside {};
        step last = Try::new("last");
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_tells_of_going_back_and_of_runs_inside() {
    let shop = Shop::default()
        .will("last", [Do::Fail("no")])
        .will("undo first (first-1)", [Do::Fail("stuck")]);
    assert_eq!(
        told(&shop, Undoing::new()).await,
        [
            "run_started  undoing",
            "step_started first make",
            "step_finished first",
            "step_started inner make_inside",
            "run_started inner make_inside",
            "step_started inner/one make",
            "step_finished inner/one",
            "run_finished inner",
            "step_finished inner",
            "step_started last try",
            "step_failed last no 1",
            "step_undone inner/one",
            "undo_failed first stuck",
            "run_failed  no",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_a_step_is_told_of() {
    let shop = Shop::default().will("one", [Do::Panic("the sky fell")]);
    let events = told(&shop, MakeInside::new()).await;
    assert_eq!(
        events[2..],
        [
            "step_failed one panicked 1",
            "step_undone one",
            "run_failed  panicked"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_stream_ends_with_the_run() {
    let mut running = MakeInside::new().start(&Shop::default().cx());
    let mut lines = Vec::new();
    while let Some(event) = running.events().next().await {
        lines.push(line(&event));
    }
    running.await.unwrap();
    assert_eq!(
        lines,
        [
            "run_started  make_inside",
            "step_started one make",
            "step_finished one",
            "run_finished "
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn it_ends_even_while_an_undo_is_left() {
    let shop = Shop::default()
        .will("last", [Do::Fail("no")])
        .will("undo first (first-1)", [Do::Fail("stuck")]);
    let (handle, mut events) = Undoing::new().start(&shop.cx()).split();
    let mut failure = handle.await.unwrap_err();
    let mut count = 0;
    let ends = async {
        while events.next().await.is_some() {
            count += 1;
        }
    };
    tokio::time::timeout(Duration::from_secs(1), ends)
        .await
        .unwrap();
    assert_eq!(count, 14);
    assert!(Unfinished::of(&mut failure).is_some());
}

workflow! {
    /// Says very much.
    Chatting {} {
        repeat passes = max 3000 { step _said = Say { word: "a".to_owned() }; 0_u32 } until passes > 0;
    }
}

#[tokio::test(start_paused = true)]
async fn who_does_not_read_misses_the_oldest() {
    let (handle, mut events) = Chatting::new().start(&Shop::default().cx()).split();
    assert_eq!(handle.await.unwrap_err().code(), "repeat.exhausted");
    let mut all = Vec::new();
    while let Some(event) = events.next().await {
        all.push(event);
    }
    let missed = 3000 * 2 + 2 - MOST_WAITING as u64;
    assert_eq!(all[0].what, What::Missed { events: missed });
    assert_eq!(all.len(), MOST_WAITING + 1);
    assert_eq!(line(&all[MOST_WAITING]), "run_failed  repeat.exhausted");
}

#[tokio::test(start_paused = true)]
async fn an_event_says_when_it_was() {
    let shop = Shop::default().will("one", [Do::Wait(Duration::from_millis(1500))]);
    let (handle, mut events) = MakeInside::new().start(&shop.cx()).split();
    handle.await.unwrap();
    let mut times = Vec::new();
    while let Some(event) = events.next().await {
        times.push(
            serde_json::to_value(&event).unwrap()["at"]
                .as_f64()
                .unwrap(),
        );
    }
    assert_eq!(times, [0.0, 0.0, 1.5, 1.5]);
}
