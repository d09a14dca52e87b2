//! What a persistent subscription makes of what a sink answers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use enact_signal_bus::dispatch::local::Handler;
use enact_signal_bus::dispatch::{DispatchError, Kind, Layers};
use enact_signal_bus::log::{DeadLetter, Log, Memory, StartFrom};
use enact_signal_core::Envelope;
use tokio::time::Instant;

use crate::place::{log, order, orders};

const SECOND: Duration = Duration::from_secs(1);

type Attempts = Arc<Mutex<Vec<u64>>>;

/// When a target that answers the same each time is asked, in seconds, and what becomes of the signal.
async fn attempts(error: Option<DispatchError>) -> (Vec<u64>, Vec<DeadLetter>, u64) {
    attempts_within(error, SECOND * 600).await
}

async fn attempts_within(
    error: Option<DispatchError>,
    time: Duration,
) -> (Vec<u64>, Vec<DeadLetter>, u64) {
    let log: Log = log(&Memory::default());
    let subscribe = log
        .subscribe("billing", orders())
        .attempts(3, SECOND, SECOND * 60);
    let billing = subscribe
        .start_from(StartFrom::Origin)
        .open()
        .await
        .unwrap();
    log.publish(order("1")).await.unwrap();
    let (begun, asked) = (Instant::now(), Attempts::default());
    let kept = Arc::clone(&asked);
    let target = Handler::new("bank", move |_: Envelope| {
        kept.lock().unwrap().push(begun.elapsed().as_secs());
        let error = error.clone();
        async { error.map_or(Ok(()), Err) }
    });
    tokio::select! {
        failed = billing.to(4, target.sink()) => failed.unwrap(),
        () = tokio::time::sleep(time) => {}
    }
    let dead = log.dead_letters("billing").list(0, 9).await.unwrap();
    let times = asked.lock().unwrap().clone();
    (times, dead, billing.low_water_mark())
}

#[tokio::test(start_paused = true)]
async fn what_a_sink_has_taken_is_acknowledged() {
    assert_eq!(attempts(None).await, (vec![0], vec![], 1));
}

#[tokio::test(start_paused = true)]
async fn a_sink_that_may_take_it_later_is_asked_again_after_the_backoff() {
    let error = DispatchError::new(Kind::Failed, "bank", "it is closed");
    let (times, dead, _) = attempts(Some(error)).await;
    assert_eq!(times, [0, 1, 3]);
    let reasons: Vec<_> = dead.iter().map(|it| (it.attempts, &*it.reason)).collect();
    assert_eq!(reasons, [(3, "could not deliver to `bank`: it is closed")]);
}

#[tokio::test(start_paused = true)]
async fn a_sink_that_says_when_is_asked_again_then() {
    let busy = DispatchError::new(Kind::Busy, "bank", "come back").retry_after(SECOND * 30);
    assert_eq!(attempts(Some(busy)).await.0, [0, 30, 60]);
}

#[tokio::test(start_paused = true)]
async fn what_a_sink_refuses_for_good_is_a_dead_letter_at_once() {
    let error = DispatchError::new(Kind::Refused, "bank", "no such account");
    let (times, dead, settled) = attempts(Some(error)).await;
    assert_eq!((times, settled), (vec![0], 1));
    let reasons: Vec<_> = dead.iter().map(|it| (it.attempts, &*it.reason)).collect();
    assert_eq!(
        reasons,
        [(1, "could not deliver to `bank`: no such account")]
    );
}

#[tokio::test(start_paused = true)]
async fn a_sink_that_asks_for_too_long_a_wait_is_asked_again_after_an_hour() {
    for wait in [SECOND * 3601, Duration::MAX] {
        let busy = DispatchError::new(Kind::Busy, "bank", "come back").retry_after(wait);
        let (times, ..) = attempts_within(Some(busy), SECOND * 3 * 3600).await;
        assert_eq!(times, [0, 3600, 7200]);
    }
}
