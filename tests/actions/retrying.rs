//! Timeouts, deadlines and retries, on a clock that stands still unless somebody waits.

use std::time::Duration;

use enact::prelude::*;
use tokio::time::Instant;

use crate::world::{Do, Scripted, World};

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

fn scripted() -> Scripted {
    Scripted::new()
}

fn thrice() -> Retry {
    Retry::times(3).backoff(MS * 100, SECOND * 2)
}

#[tokio::test(start_paused = true)]
async fn without_a_policy_one_attempt_is_made() {
    let world = World::doing([Do::Fail("busy")]);
    let failure = scripted().exec(&world.cx()).await.unwrap_err();
    assert_eq!((failure.code(), failure.attempts()), ("busy", 1));
    assert_eq!(world.log(), ["run 1"]);
}

#[tokio::test(start_paused = true)]
async fn a_retryable_failure_is_tried_again_until_it_answers() {
    let world = World::doing([Do::Fail("busy"), Do::Fail("busy")]);
    let answer = scripted().exec(&world.cx()).retry(thrice()).await;
    assert_eq!(answer.unwrap(), "done");
    assert_eq!(world.log(), ["run 1", "run 2", "run 3"]);
}

#[tokio::test(start_paused = true)]
async fn after_the_last_retry_the_last_failure_stands() {
    let world = World::doing((0..9).map(|_| Do::Fail("busy")));
    let failure = scripted()
        .exec(&world.cx())
        .retry(thrice())
        .await
        .unwrap_err();
    assert_eq!((failure.kind(), failure.attempts()), (Kind::Failed, 4));
}

#[tokio::test(start_paused = true)]
async fn a_terminal_failure_is_not_tried_again() {
    let world = World::doing([Do::Give("no.such.order")]);
    let failure = scripted()
        .exec(&world.cx())
        .retry(thrice())
        .await
        .unwrap_err();
    assert_eq!((failure.code(), failure.attempts()), ("no.such.order", 1));
}

#[tokio::test(start_paused = true)]
async fn params_that_break_a_rule_never_run() {
    let world = World::default();
    let failure = Scripted { small: 10 }
        .exec(&world.cx())
        .retry(thrice())
        .await
        .unwrap_err();
    assert_eq!((failure.kind(), failure.attempts()), (Kind::Invalid, 0));
    assert_eq!(
        failure.violations().unwrap().to_string(),
        "/small: found 10; allowed: at most 9 [max]"
    );
    assert!(world.log().is_empty());
}

#[tokio::test(start_paused = true)]
async fn each_attempt_has_its_own_timeout() {
    let world = World::doing([Do::Hang, Do::Wait(MS * 50)]);
    let begun = Instant::now();
    let retry = Retry::times(1).backoff(MS, MS);
    let answer = scripted()
        .exec(&world.cx())
        .timeout(MS * 100)
        .retry(retry)
        .await;
    assert_eq!(answer.unwrap(), "waited");
    assert_eq!(world.dropped(), 1, "the run that timed out was stopped");
    assert!(begun.elapsed() <= MS * 152);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_says_how_long_it_was() {
    let world = World::doing([Do::Hang]);
    let failure = scripted()
        .exec(&world.cx())
        .timeout(MS * 100)
        .await
        .unwrap_err();
    assert_eq!(
        (failure.kind(), failure.code()),
        (Kind::Timeout, "timeout.attempt")
    );
    assert_eq!(failure.message(), "no answer within 100ms");
}

#[tokio::test(start_paused = true)]
async fn retries_never_pass_the_deadline() {
    let world = World::doing((0..9).map(|_| Do::Hang));
    let begun = Instant::now();
    let retry = Retry::times(3).backoff(MS * 200, MS * 200);
    let exec = scripted()
        .exec(&world.cx())
        .timeout(MS * 100)
        .retry(retry)
        .deadline(MS * 150);
    let failure = exec.await.unwrap_err();
    assert_eq!(failure.kind(), Kind::Timeout);
    assert!(begun.elapsed() <= MS * 151, "took {:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_passed_deadline_means_no_attempt() {
    let world = World::default();
    let cx = world.cx().until(Instant::now());
    let failure = scripted().exec(&cx).retry(thrice()).await.unwrap_err();
    assert_eq!(
        (failure.code(), failure.attempts()),
        ("timeout.deadline", 0)
    );
    assert!(world.log().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_context_s_deadline_reaches_an_action_without_a_policy() {
    let world = World::doing([Do::Hang]);
    let cx = world.cx().until(Instant::now() + SECOND);
    let failure = scripted().exec(&cx).await.unwrap_err();
    assert_eq!(failure.code(), "timeout.deadline");
    assert!(!failure.is_retryable(), "there is no time for another try");
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_asks_for_a_wait_gets_it() {
    let world = World::doing([Do::AskFor(SECOND * 5)]);
    let begun = Instant::now();
    scripted().exec(&world.cx()).retry(thrice()).await.unwrap();
    assert!(begun.elapsed() >= SECOND * 5);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_would_pass_the_deadline_is_not_begun() {
    let world = World::doing([Do::AskFor(SECOND * 5)]);
    let begun = Instant::now();
    let exec = scripted()
        .exec(&world.cx())
        .retry(thrice())
        .deadline(SECOND);
    let failure = exec.await.unwrap_err();
    assert_eq!((failure.code(), failure.attempts()), ("slow.down", 1));
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_does_not_begin_after_the_deadline() {
    // The timer wakes at whole milliseconds, which is later than was asked for.
    let world = World::doing([Do::AskFor(MS * 6 / 5)]);
    let exec = scripted()
        .exec(&world.cx())
        .retry(thrice().backoff(Duration::ZERO, Duration::ZERO))
        .deadline(MS * 3 / 2);
    let failure = exec.await.unwrap_err();
    assert_eq!((failure.code(), failure.attempts()), ("slow.down", 1));
    assert_eq!(world.log(), ["run 1"]);
}

#[tokio::test(start_paused = true)]
async fn no_retry_takes_the_policy_away() {
    let world = World::doing([Do::Fail("busy")]);
    let failure = scripted()
        .exec(&world.cx())
        .retry(thrice())
        .no_retry()
        .await
        .unwrap_err();
    assert_eq!(failure.attempts(), 1);
}

fn is_send<T: Send>(value: T) -> T {
    value
}

#[tokio::test]
async fn executions_can_cross_threads() {
    let cx = World::default().cx();
    is_send(IntoFuture::into_future(scripted().exec(&cx)))
        .await
        .unwrap();
    is_send(Registry::global().call("scripted", serde_json::json!({}), &cx))
        .await
        .unwrap();
}
