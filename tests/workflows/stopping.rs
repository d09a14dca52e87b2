//! The first failure of a parallel block stops the others, and all are awaited.

use enact::prelude::*;
use tokio::time::Instant;

use crate::shop::{Careful, Do, Make, Shop, Try, seconds, told, undone};

workflow! {
    /// Three arms.
    Three {} {
        parallel {
            step a = Try::new("a");
            step b = Try::new("b");
            step c = Try::new("c");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn arms_run_side_by_side() {
    let waits = |shop: Shop, arm| shop.will(arm, [Do::Wait(seconds(1))]);
    let shop = ["a", "b", "c"].into_iter().fold(Shop::default(), waits);
    let start = Instant::now();
    Three::new().exec(&shop.cx()).await.unwrap();
    assert_eq!(start.elapsed().as_secs(), 1);
    assert_eq!(
        shop.log(),
        ["a", "b", "c", "a is over", "b is over", "c is over"]
    );
}

#[tokio::test(start_paused = true)]
async fn the_failure_is_of_the_arm_that_failed_wherever_it_stands() {
    for failing in ["a", "b", "c"] {
        let mut shop = Shop::default();
        for arm in ["a", "b", "c"] {
            let fails = arm == failing;
            let next = if fails {
                Do::Fail("no")
            } else {
                Do::Wait(seconds(1))
            };
            shop = shop.will(arm, [next]);
        }
        let start = Instant::now();
        let failure = shop.fail(Three::new()).await;
        assert_eq!(told(&failure), (Kind::Failed, "no", Some(failing)));
        assert_eq!(start.elapsed().as_secs(), 0, "the others were stopped");
        let begun = ["a", "b", "c"].iter().filter(|arm| **arm <= failing);
        assert_eq!(shop.log(), begun.copied().collect::<Vec<_>>());
    }
}

workflow! {
    /// Waits, then fails.
    Later {} {
        step _wait = Try::new("wait");
        step fail = Try::new("fail");
    }
}

workflow! {
    /// Makes two things in one arm, and something that fails later in another.
    #[workflow(saga)]
    Half {} {
        step before = Make::new("before");
        parallel {
            { step done = Make::new("done"); step midway = Make::new("midway"); }
            { step _later = Try::new("wait"); step fail = Try::new("fail"); }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn steps_in_flight_are_undone_without_an_output() {
    let shop = Shop::default()
        .will("midway", [Do::Hang])
        .will("wait", [Do::Wait(seconds(1))])
        .will("fail", [Do::Fail("no")]);
    let failure = shop.fail(Half::new()).await;
    assert_eq!(told(&failure), (Kind::Failed, "no", Some("fail")));
    assert_eq!(
        shop.log(),
        [
            "before",
            "done",
            "midway",
            "wait",
            "wait is over",
            "fail",
            "undo midway (midway)",
            "undo done (done-1)",
            "undo before (before-1)"
        ]
    );
    assert_eq!(
        undone(&failure),
        ["midway done", "done done", "before done"]
    );
}

workflow! {
    /// Fails beside an arm that clears up.
    Clearing {} {
        parallel {
            step careful = Careful;
            { step w = Try::new("wait"); step fail = Try::new(w); }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_arm_with_a_grace_ends_by_itself() {
    let shop = Shop::default().will("wait", [Do::Wait(seconds(1)), Do::Fail("no")]);
    let start = Instant::now();
    let failure = shop.fail(Clearing::new()).await;
    assert_eq!(told(&failure), (Kind::Failed, "no", Some("fail")));
    assert_eq!(
        shop.log(),
        ["careful", "wait", "wait is over", "wait", "cleared up"]
    );
    assert_eq!(start.elapsed().as_secs(), 2);
}

workflow! {
    /// Fails beside an arm that waits to try again.
    Retrying {} {
        parallel {
            step busy = Try::new("busy") with retry(times = 9, backoff = "1h"..="1h");
            { step w = Try::new("wait"); step fail = Try::new(w); }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_arm_that_waits_to_try_again_stops() {
    let shop = Shop::default()
        .will("busy", (0..9).map(|_| Do::Busy("busy")))
        .will(
            "wait",
            [
                Do::Wait(std::time::Duration::from_micros(1)),
                Do::Fail("no"),
            ],
        );
    let start = Instant::now();
    let failure = shop.fail(Retrying::new()).await;
    assert_eq!(told(&failure), (Kind::Failed, "no", Some("fail")));
    assert!(start.elapsed() < seconds(1), "{:?}", start.elapsed());
    assert_eq!(shop.log()[..2], ["busy", "wait"]);
}

workflow! {
    /// Parallel blocks in arms of a parallel block.
    #[workflow(saga)]
    Nested {} {
        parallel {
            { parallel { step a = Make::new("a"); step b = Make::new("b"); } }
            { parallel { step c = Make::new("c"); step d = Make::new("d"); } step e = Make::new("e"); }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn nested_blocks_stop_too_and_the_failure_stays_the_first() {
    let shop = Shop::default()
        .will("a", [Do::Hang])
        .will("d", [Do::Wait(seconds(1))])
        .will("e", [Do::Fail("no")]);
    let failure = shop.fail(Nested::new()).await;
    assert_eq!(told(&failure), (Kind::Failed, "no", Some("e")));
    assert_eq!(shop.log()[..6], ["a", "b", "c", "d", "d is over", "e"]);
    let mut paths = undone(&failure);
    paths.sort();
    assert_eq!(paths, ["a done", "b done", "c done", "d done", "e done"]);
    assert!(shop.log().contains(&"undo a (midway)".to_owned()));
    assert!(shop.log().contains(&"undo b (b-1)".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_workflow_that_fails_ends_there() {
    let shop = Shop::default().will("fail", [Do::Fail("no")]);
    let failure = shop.fail(Later::new()).await;
    assert_eq!(told(&failure), (Kind::Failed, "no", Some("fail")));
}

#[test]
fn blocks_inside_blocks_do_not_double_the_size_of_a_run() {
    let cx = Context::new();
    let three = size_of_val(&IntoFuture::into_future(Three::new().exec(&cx)));
    let nested = size_of_val(&IntoFuture::into_future(Nested::new().exec(&cx)));
    assert!(three < 4096 && nested < 2 * three, "{three} {nested}");
}
