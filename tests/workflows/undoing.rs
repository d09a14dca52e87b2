//! Going back: latest first, side by side what ran side by side, and what is left when that fails.

use enact::Undone;
use enact::prelude::*;
use enact::workflow::Unfinished;
use tokio::time::Instant;

use crate::shop::{Do, Make, Shop, Try, seconds, told, undone};

workflow! {
    /// Makes things, then fails if it is told.
    #[workflow(saga, undo_retry(times = 1, backoff = "1s"..="1s"))]
    Line {} {
        step a = Make::new("a");
        parallel {
            { step b = Make::new("b"); step c = Make::new("c"); }
            step d = Make::new("d");
        }
        step e = Make::new("e");
        step last = Try::new("last");
    }
}

fn failing() -> Shop {
    Shop::default().will("last", [Do::Fail("no")])
}

#[tokio::test(start_paused = true)]
async fn the_latest_is_undone_first_and_the_failure_stays_what_it_was() {
    let shop = failing();
    let failure = shop.fail(Line::new()).await;
    assert_eq!(told(&failure), (Kind::Failed, "no", Some("last")));
    assert_eq!((failure.message(), failure.attempts()), ("last failed", 1));
    assert_eq!(
        shop.log(),
        [
            "a",
            "b",
            "c",
            "d",
            "e",
            "last",
            "undo e (e-1)",
            "undo c (c-1)",
            "undo b (b-1)",
            "undo d (d-1)",
            "undo a (a-1)"
        ]
    );
    assert_eq!(
        undone(&failure),
        ["e done", "c done", "b done", "d done", "a done"]
    );
    assert!(failure.undone().is_some_and(Undone::is_done));
}

#[tokio::test(start_paused = true)]
async fn arms_are_undone_side_by_side() {
    let shop = failing()
        .will("undo b (b-1)", [Do::Wait(seconds(1))])
        .will("undo c (c-1)", [Do::Wait(seconds(1))])
        .will("undo d (d-1)", [Do::Wait(seconds(2))]);
    let start = Instant::now();
    let failure = shop.fail(Line::new()).await;
    assert_eq!(start.elapsed().as_secs(), 2);
    assert!(failure.undone().is_some_and(Undone::is_done));
    assert_eq!(
        shop.log()[7..],
        [
            "undo c (c-1)",
            "undo d (d-1)",
            "undo c (c-1) is over",
            "undo b (b-1)",
            "undo b (b-1) is over",
            "undo d (d-1) is over",
            "undo a (a-1)"
        ][..]
    );
}

#[tokio::test(start_paused = true)]
async fn each_undo_is_tried_again() {
    let shop = failing().will("undo d (d-1)", [Do::Busy("busy")]);
    let failure = shop.fail(Line::new()).await;
    assert!(failure.undone().is_some_and(Undone::is_done));
    let tries = shop.log().iter().filter(|it| *it == "undo d (d-1)").count();
    assert_eq!(tries, 2);
}

#[tokio::test(start_paused = true)]
async fn a_failed_undo_stops_what_was_before_it_and_can_be_gone_on_with() {
    let shop = failing().will("undo c (c-1)", [Do::Fail("stuck"), Do::Fail("stuck")]);
    let mut failure = shop.fail(Line::new()).await;
    assert_eq!(told(&failure), (Kind::Failed, "no", Some("last")));
    assert_eq!(
        undone(&failure),
        ["e done", "c stuck", "d done", "b pending", "a pending"]
    );
    let unfinished = Unfinished::of(&mut failure).unwrap();
    assert!(Unfinished::of(&mut failure).is_none());
    assert_eq!(unfinished.steps(), ["c", "b", "a"]);

    let mut again = unfinished.resume().await.unwrap_err();
    assert_eq!(again.code(), "undo.unfinished");
    assert_eq!(undone(&again), ["c stuck", "b pending", "a pending"]);

    let unfinished = Unfinished::of(&mut again).unwrap();
    unfinished.resume().await.unwrap();
    assert_eq!(
        shop.log()[6..],
        [
            "undo e (e-1)",
            "undo c (c-1)",
            "undo d (d-1)",
            "undo c (c-1)",
            "undo c (c-1)",
            "undo b (b-1)",
            "undo a (a-1)"
        ]
    );
}

/// Makes something whose undo must not take long.
#[derive(Debug, Action)]
#[action(undo, undo_timeout = "1s")]
struct Hasty;

impl Run for Hasty {
    type Output = ();

    async fn run(&self, cx: &Context) -> Result<(), Failure> {
        Shop::act(cx, "hasty").await
    }
}

impl Undo for Hasty {
    async fn undo(&self, _output: Option<&()>, cx: &Context) -> Result<(), Failure> {
        Shop::act(cx, "undo hasty").await
    }
}

workflow! {
    /// Does something hasty.
    #[workflow(saga)]
    InHaste {} {
        step hasty = Hasty;
        step last = Try::new("last");
    }
}

#[tokio::test(start_paused = true)]
async fn an_undo_is_bounded_and_panics_no_further() {
    let shop = failing().will("undo hasty", [Do::Hang, Do::Hang]);
    let failure = shop.fail(InHaste::new()).await;
    assert_eq!(undone(&failure), ["hasty done"]);
    assert_eq!(shop.log().len(), 5, "{:?}", shop.log());
    let shop = failing().will("undo hasty", [Do::Panic("the sky fell")]);
    let failure = shop.fail(InHaste::new()).await;
    assert_eq!(undone(&failure), ["hasty panicked"]);
}

workflow! {
    /// Has a pivot.
    #[workflow(saga)]
    Pivoted {} {
        step a = Make::new("a");
        pivot step b = Make::new("b");
        step c = Try::new("c");
    }
}

#[tokio::test(start_paused = true)]
async fn after_the_pivot_nothing_is_undone() {
    let shop = Shop::default().will("c", [Do::Fail("no")]);
    let failure = shop.fail(Pivoted::new()).await;
    assert_eq!(shop.log(), ["a", "b", "c"]);
    assert!(failure.undone().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_pivot_that_fails_is_undone_with_all_before_it() {
    let shop = Shop::default().will("b", [Do::Fail("no")]);
    let failure = shop.fail(Pivoted::new()).await;
    assert_eq!(shop.log(), ["a", "b", "undo b (midway)", "undo a (a-1)"]);
    assert_eq!(undone(&failure), ["b done", "a done"]);
}

workflow! {
    /// Is no saga.
    Plain {} {
        step a = Make::new("a");
        step b = Make::new("b");
    }
}

#[tokio::test(start_paused = true)]
async fn where_there_is_no_saga_only_the_failing_step_is_undone() {
    let shop = Shop::default().will("b", [Do::Fail("no")]);
    let failure = shop.fail(Plain::new()).await;
    assert_eq!(shop.log(), ["a", "b", "undo b (midway)"]);
    assert!(
        matches!(failure.undone(), Some(Undone::Done)),
        "{failure:?}"
    );
}

workflow! {
    /// Is no saga, and stops a step beside one that fails.
    PlainSide {} {
        parallel {
            step a = Make::new("a");
            step b = Try::new("b");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn there_a_step_that_is_stopped_is_undone_too() {
    let shop = Shop::default()
        .will("a", [Do::Hang])
        .will("b", [Do::Fail("no")]);
    shop.fail(PlainSide::new()).await;
    assert_eq!(shop.log(), ["a", "b", "undo a (midway)"]);
}

workflow! {
    /// A saga that is a step of another.
    #[workflow(saga)]
    Inner {} -> String {
        step x = Make::new("x");
        step y = Make::new("y");
        step inner_last = Try::new("inner last");
        format!("{} {} {inner_last}", x.id, y.id)
    }
}

workflow! {
    /// A saga around a saga.
    #[workflow(saga)]
    Outer {} {
        step before = Make::new("before");
        step inner = Inner {};
        step last = Try { what: format!("last {inner}") };
    }
}

const LAST: &str = "last x-1 y-1 inner last";

#[tokio::test(start_paused = true)]
async fn a_finished_saga_inside_is_undone_by_the_one_around() {
    let shop = Shop::default().will(LAST, [Do::Fail("no")]);
    let failure = shop.fail(Outer::new()).await;
    assert_eq!(told(&failure), (Kind::Failed, "no", Some("last")));
    assert_eq!(
        undone(&failure),
        ["inner/y done", "inner/x done", "before done"]
    );
    assert_eq!(
        shop.log(),
        [
            "before",
            "x",
            "y",
            "inner last",
            LAST,
            "undo y (y-1)",
            "undo x (x-1)",
            "undo before (before-1)"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_saga_inside_that_fails_undoes_itself_and_then_the_one_around_goes_back() {
    let shop = Shop::default().will("inner last", [Do::Fail("no")]);
    let failure = shop.fail(Outer::new()).await;
    assert_eq!(
        told(&failure),
        (Kind::Failed, "no", Some("inner/inner_last"))
    );
    assert_eq!(
        undone(&failure),
        ["inner/y done", "inner/x done", "before done"]
    );
    assert_eq!(
        shop.log()[3..],
        [
            "inner last",
            "undo y (y-1)",
            "undo x (x-1)",
            "undo before (before-1)"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_saga_inside_that_could_not_go_back_keeps_the_one_around_from_it() {
    let shop = Shop::default()
        .will("inner last", [Do::Fail("no")])
        .will("undo y (y-1)", [Do::Fail("stuck")]);
    let mut failure = shop.fail(Outer::new()).await;
    assert_eq!(
        undone(&failure),
        ["inner/y stuck", "inner/x pending", "before pending"]
    );
    let unfinished = Unfinished::of(&mut failure).unwrap();
    assert_eq!(unfinished.steps(), ["inner/y", "inner/x", "before"]);
    unfinished.resume().await.unwrap();
    assert_eq!(
        shop.log()[4..],
        [
            "undo y (y-1)",
            "undo y (y-1)",
            "undo x (x-1)",
            "undo before (before-1)"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn what_answered_is_not_undone() {
    let shop = Shop::default();
    Outer::new().exec(&shop.cx()).await.unwrap();
    assert_eq!(shop.log(), ["before", "x", "y", "inner last", LAST]);
}

workflow! {
    /// Sagas side by side.
    #[workflow(saga)]
    Beside {} {
        step before = Make::new("before");
        parallel {
            step one = Inner {};
            step two = Line {};
        }
    }
}

fn beside() -> Shop {
    Shop::default()
        .will("inner last", [Do::Hang])
        .will("last", [Do::Fail("no")])
}

#[tokio::test(start_paused = true)]
async fn sagas_beside_each_other_both_go_back_and_both_say_so() {
    let failure = beside().fail(Beside::new()).await;
    assert_eq!(told(&failure), (Kind::Failed, "no", Some("two/last")));
    assert_eq!(
        undone(&failure),
        [
            "two/e done",
            "two/c done",
            "two/b done",
            "two/d done",
            "two/a done",
            "one/y done",
            "one/x done",
            "before done"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_left_of_one_beside_the_one_that_failed_can_be_gone_on_with() {
    let shop = beside().will("undo x (x-1)", [Do::Fail("stuck")]);
    let mut failure = shop.fail(Beside::new()).await;
    assert_eq!(failure.code(), "no");
    assert_eq!(
        undone(&failure)[5..],
        ["one/y done", "one/x stuck", "before pending"]
    );
    let unfinished = Unfinished::of(&mut failure).unwrap();
    assert_eq!(unfinished.steps(), ["one/x", "before"]);
    unfinished.resume().await.unwrap();
    let log = shop.log();
    assert_eq!(
        log[log.len() - 2..],
        ["undo x (x-1)", "undo before (before-1)"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_saga_that_is_tried_again_has_gone_back_before() {
    let shop = Shop::default().will("inner last", [Do::Busy("busy")]);
    let exec = Inner::new().exec(&shop.cx()).retry(Retry::times(1));
    exec.await.unwrap();
    assert_eq!(
        shop.log(),
        [
            "x",
            "y",
            "inner last",
            "undo y (y-1)",
            "undo x (x-1)",
            "x",
            "y",
            "inner last"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_saga_that_could_not_go_back_is_not_tried_again() {
    let shop = Shop::default()
        .will("inner last", [Do::Busy("busy")])
        .will("undo x (x-1)", [Do::Fail("stuck")]);
    let exec = Inner::new().exec(&shop.cx()).retry(Retry::times(1));
    let mut failure = exec.await.unwrap_err();
    assert_eq!(failure.code(), "busy");
    assert_eq!(Unfinished::of(&mut failure).unwrap().steps(), ["x"]);
    assert_eq!(shop.log().len(), 5);
}
