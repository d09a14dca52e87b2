//! Deadlines, timeouts, retries and sleeps.

use enact::prelude::*;
use tokio::time::Instant;

use crate::shop::{Do, Make, Say, Shop, Try, seconds, told, undone};

workflow! {
    /// Must end within ten seconds.
    #[workflow(deadline = "10s", saga)]
    Bounded {} {
        step a = Make::new("a");
        step b = Make::new("b");
        parallel {
            { step c = Make::new("c"); }
            { step _d = Say { word: "d".to_owned() }; }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_deadline_reaches_every_step_and_what_is_done_is_undone_after_it() {
    for (hanging, log) in [
        ("b", &["a", "b", "undo b (midway)", "undo a (a-1)"][..]),
        (
            "c",
            &[
                "a",
                "b",
                "c",
                "d",
                "undo c (midway)",
                "undo b (b-1)",
                "undo a (a-1)",
            ],
        ),
        (
            "d",
            &[
                "a",
                "b",
                "c",
                "d",
                "undo c (c-1)",
                "undo b (b-1)",
                "undo a (a-1)",
            ],
        ),
    ] {
        let shop = Shop::default().will(hanging, [Do::Hang]);
        let start = Instant::now();
        let failure = shop.fail(Bounded::new()).await;
        let step = if hanging == "d" { "_d" } else { hanging };
        assert_eq!(
            told(&failure),
            (Kind::Timeout, "timeout.deadline", Some(step))
        );
        assert_eq!(start.elapsed().as_secs(), 10);
        assert_eq!(shop.log(), log);
    }
}

#[tokio::test(start_paused = true)]
async fn the_caller_can_set_another_deadline() {
    for deadline in [5, 20] {
        let shop = Shop::default().will("b", [Do::Hang]);
        let start = Instant::now();
        let exec = Bounded::new().exec(&shop.cx()).deadline(seconds(deadline));
        let failure = exec.await.unwrap_err();
        assert_eq!(failure.code(), "timeout.deadline");
        assert_eq!(start.elapsed(), seconds(deadline));
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_tried_again_has_one_deadline() {
    let shop = Shop::default().will("b", [Do::Busy("busy"), Do::Hang]);
    let start = Instant::now();
    let exec = Bounded::new().exec(&shop.cx()).retry(Retry::times(5));
    let failure = exec.await.unwrap_err();
    assert_eq!(failure.code(), "timeout.deadline");
    assert_eq!(start.elapsed(), seconds(10));
}

workflow! {
    /// Runs a bounded workflow.
    #[workflow(deadline = "5s", saga)]
    Around {} {
        step first = Make::new("first");
        step inner = Bounded {};
    }
}

#[tokio::test(start_paused = true)]
async fn it_reaches_the_steps_of_a_workflow_inside() {
    let shop = Shop::default().will("d", [Do::Hang]);
    let start = Instant::now();
    let failure = shop.fail(Around::new()).await;
    assert_eq!(
        told(&failure),
        (Kind::Timeout, "timeout.deadline", Some("inner/_d"))
    );
    assert_eq!(start.elapsed().as_secs(), 5);
    assert_eq!(
        undone(&failure),
        ["inner/c done", "inner/b done", "inner/a done", "first done"]
    );
}

workflow! {
    /// Has bounded steps.
    Steps {} -> String {
        step a = Say { word: "a".to_owned() }
            with timeout("1s"), retry(times = 2, backoff = "1ms"..="1ms");
        a
    }
}

#[tokio::test(start_paused = true)]
async fn a_step_is_bounded_and_tried_again_as_it_says() {
    let shop = Shop::default().will("a", [Do::Busy("busy"), Do::Hang]);
    assert_eq!(Steps::new().exec(&shop.cx()).await.unwrap(), "A");
    assert_eq!(shop.log(), ["a", "a", "a"]);
    let shop = Shop::default().will("a", [Do::Hang, Do::Hang, Do::Hang]);
    let start = Instant::now();
    let failure = shop.fail(Steps::new()).await;
    assert_eq!(
        told(&failure),
        (Kind::Timeout, "timeout.attempt", Some("a"))
    );
    assert_eq!((start.elapsed().as_secs(), shop.log().len()), (3, 3));
}

workflow! {
    /// Bounds a saga as a step.
    Bounding {} {
        step inner = Bounded {} with timeout("2s");
    }
}

#[tokio::test(start_paused = true)]
async fn a_workflow_that_is_a_step_with_a_timeout_stops_and_undoes_itself() {
    let shop = Shop::default().will("b", [Do::Hang]);
    let start = Instant::now();
    let failure = shop.fail(Bounding::new()).await;
    assert_eq!(
        told(&failure),
        (Kind::Timeout, "timeout.attempt", Some("inner/b"))
    );
    assert_eq!(start.elapsed().as_secs(), 2);
    assert_eq!(shop.log(), ["a", "b", "undo b (midway)", "undo a (a-1)"]);
    assert_eq!(undone(&failure), ["inner/b done", "inner/a done"]);
}

workflow! {
    /// Bounds a saga as a step and tries it again.
    BoundingTwice {} {
        step inner = Unbounded {} with timeout("2s"), retry(times = 1, backoff = "1ms"..="1ms");
    }
}

workflow! {
    /// May be repeated.
    #[workflow(saga)]
    Unbounded {} {
        step a = Try::new("a");
        step b = Try::new("b");
    }
}

#[tokio::test(start_paused = true)]
async fn such_a_step_is_tried_again_as_any_other() {
    let shop = Shop::default().will("b", [Do::Hang]);
    BoundingTwice::new().exec(&shop.cx()).await.unwrap();
    assert_eq!(shop.log(), ["a", "b", "a", "b"]);
}

workflow! {
    /// Sleeps.
    Sleepy { long: u64 } -> String {
        step a = Say { word: "a".to_owned() };
        sleep "90s";
        sleep seconds(long);
        step b = Say { word: a };
        b
    }
}

#[tokio::test(start_paused = true)]
async fn a_sleep_lets_time_pass() {
    let start = Instant::now();
    Sleepy::new(10_u64)
        .exec(&Shop::default().cx())
        .await
        .unwrap();
    assert_eq!(start.elapsed().as_secs(), 100);
}

#[tokio::test(start_paused = true)]
async fn a_sleep_ends_at_the_deadline() {
    let shop = Shop::default();
    let exec = Sleepy::new(10_u64).exec(&shop.cx());
    let failure = exec.deadline(seconds(95)).await.unwrap_err();
    assert_eq!(
        told(&failure),
        (Kind::Timeout, "timeout.deadline", Some("sleep2"))
    );
    assert_eq!(shop.log(), ["a"]);
}
