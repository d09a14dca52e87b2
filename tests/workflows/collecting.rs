//! `collect`: every arm runs to its end, and its result is a value.

use enact::prelude::*;
use tokio::time::Instant;

use crate::shop::{Do, Make, Say, Shop, Try, seconds, settle, told, undone};

workflow! {
    /// Collects three arms.
    Gather {} -> String {
        parallel collect {
            step a = Say { word: "a".to_owned() };
            branch b = if true { step t = Try::new("b"); t } else { String::new() };
            c = { step first = Say { word: "c".to_owned() }; step second = Say { word: first }; second };
        }
        let a_is = match a { Ok(word) => word.clone(), Err(failure) => failure.code().to_owned() };
        let b_is = match b { Ok(word) => word.clone(), Err(failure) => failure.code().to_owned() };
        let c_is = match c { Ok(word) => word.clone(), Err(failure) => failure.code().to_owned() };
        format!("{a_is} {b_is} {c_is}")
    }
}

#[tokio::test(start_paused = true)]
async fn each_arm_gives_its_result_and_none_is_stopped() {
    let shop = Shop::default()
        .will("a", [Do::Fail("no.a")])
        .will("b", [Do::Wait(seconds(2))])
        .will("C", [Do::Wait(seconds(1)), Do::Hang]);
    let start = Instant::now();
    let answer = Gather::new().exec(&shop.cx()).await.unwrap();
    assert_eq!(answer, "no.a b C");
    assert_eq!(start.elapsed().as_secs(), 2);
    assert_eq!(shop.log(), ["a", "b", "c", "C", "C is over", "b is over"]);
}

workflow! {
    /// Collects arms of a saga, then fails if it is told.
    #[workflow(saga)]
    GatherSaga {} -> bool {
        step before = Make::new("before");
        parallel collect {
            ok = { step a = Make::new("a"); };
            failing = { step b = Make::new("b"); step c = Make::new("c"); };
        }
        step last = Try::new("last");
        ok.is_ok() && failing.is_err() && !last.is_empty()
    }
}

#[tokio::test(start_paused = true)]
async fn a_collected_arm_that_fails_undoes_its_own_steps_at_once() {
    let shop = Shop::default().will("c", [Do::Fail("no")]);
    assert!(GatherSaga::new().exec(&shop.cx()).await.unwrap());
    assert_eq!(
        shop.log(),
        [
            "before",
            "a",
            "b",
            "c",
            "undo c (midway)",
            "undo b (b-1)",
            "last"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn it_does_not_undo_them_again_when_the_run_fails_later() {
    let shop = Shop::default()
        .will("c", [Do::Fail("no")])
        .will("last", [Do::Fail("later")]);
    let failure = shop.fail(GatherSaga::new()).await;
    assert_eq!(told(&failure), (Kind::Failed, "later", Some("last")));
    assert_eq!(
        shop.log()[6..],
        ["last", "undo a (a-1)", "undo before (before-1)"]
    );
    assert_eq!(undone(&failure), ["ok/a done", "before done"]);
}

#[tokio::test(start_paused = true)]
async fn what_could_not_be_undone_at_once_is_tried_again_when_the_run_fails_later() {
    let shop = Shop::default()
        .will("c", [Do::Fail("no")])
        .will("undo b (b-1)", [Do::Fail("stuck")])
        .will("last", [Do::Fail("later")]);
    let failure = shop.fail(GatherSaga::new()).await;
    assert_eq!(
        shop.log()[4..],
        [
            "undo c (midway)",
            "undo b (b-1)",
            "last",
            "undo a (a-1)",
            "undo b (b-1)",
            "undo before (before-1)"
        ]
    );
    assert_eq!(
        undone(&failure),
        ["ok/a done", "failing/b done", "before done"]
    );
}

workflow! {
    /// Collects, and answers at once.
    #[workflow(saga)]
    GatherAlone {} -> bool {
        parallel collect {
            a = { step one = Make::new("a"); step two = Make::new("b"); };
            step c = Make::new("c");
        }
        a.is_ok() || c.is_ok()
    }
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_run_fails_even_where_only_collected_arms_saw_it() {
    let shop = Shop::default().will("b", [Do::Hang]);
    let handle = GatherAlone::new().exec(&shop.cx()).spawn();
    settle().await;
    let failure = handle.cancel().await.unwrap_err();
    assert_eq!(
        told(&failure),
        (Kind::Cancelled, "cancelled", Some("a/two"))
    );
    let mut log = shop.log();
    log[3..].sort();
    assert_eq!(
        log,
        [
            "a",
            "b",
            "c",
            "undo a (a-1)",
            "undo b (midway)",
            "undo c (c-1)"
        ]
    );
    assert_eq!(undone(&failure), ["a/two done", "a/one done", "c done"]);
}

workflow! {
    /// Collects a fan-out.
    #[workflow(saga)]
    GatherEach { words: Vec<String> } -> Vec<String> {
        parallel collect made = for word in words, max = 2 {
            step one = Make { what: word };
            step two = Try { what: format!("{word}!") };
            two
        };
        step last = Try::new("last");
        made.iter().map(|it| match it {
            Ok(word) => format!("{word}{}", last.len()),
            Err(failure) => failure.step().unwrap_or("-").to_owned(),
        }).collect()
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_collected_fan_out_gives_each_result_in_order() {
    let shop = Shop::default()
        .will("b!", [Do::Fail("no")])
        .will("a!", [Do::Wait(seconds(1))]);
    let answer = GatherEach::new(words(&["a", "b", "c"]))
        .exec(&shop.cx())
        .await;
    assert_eq!(answer.unwrap(), ["a!4", "made[1]/two", "c!4"]);
    assert_eq!(
        shop.log(),
        [
            "a",
            "a!",
            "b",
            "b!",
            "undo b (b-1)",
            "c",
            "c!",
            "a! is over",
            "last"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn its_finished_items_are_undone_when_the_run_fails_later() {
    let shop = Shop::default()
        .will("b!", [Do::Fail("no")])
        .will("last", [Do::Fail("later")]);
    let failure = shop.fail(GatherEach::new(words(&["a", "b", "c"]))).await;
    assert_eq!(failure.step(), Some("last"));
    assert_eq!(undone(&failure), ["made[0]/one done", "made[2]/one done"]);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_run_begins_no_further_items() {
    let shop = Shop::default()
        .will("a!", [Do::Hang])
        .will("b!", [Do::Hang]);
    let run = GatherEach::new(words(&["a", "b", "c"]))
        .exec(&shop.cx())
        .spawn();
    settle().await;
    let failure = run.cancel().await.unwrap_err();
    assert_eq!(
        told(&failure),
        (Kind::Cancelled, "cancelled", Some("made[0]/two"))
    );
    assert_eq!(
        shop.log(),
        ["a", "a!", "b", "b!", "undo a (a-1)", "undo b (b-1)"]
    );
}
