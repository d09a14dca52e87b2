//! Layers on a paused clock, around a target that answers as it was told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use enact_signal_core::Envelope;
use tokio::sync::Semaphore;
use tokio::time::Instant;

use super::trip::{Circuit, Verdict};
use super::{Backoff, Gather, Layers, Retry, Trip};
use crate::dispatch::{DispatchError, Kind, Outcome, Pending, Target};

const fn secs(secs: u64) -> Duration {
    Duration::from_secs(secs)
}

fn signal(id: &str) -> Envelope {
    let builder = Envelope::builder("order.paid", "/payments").id(id);
    builder.build().expect("it holds")
}

/// Answers from a list, then always well; remembers when it was called, and with what.
#[derive(Default)]
struct Script {
    answers: Mutex<VecDeque<Outcome>>,
    calls: Mutex<Vec<(Instant, Vec<String>)>>,
    /// How many calls may end; all, where there is none.
    gate: Option<Arc<Semaphore>>,
    joint: bool,
}

impl Script {
    fn of(answers: impl IntoIterator<Item = Outcome>) -> Self {
        Self {
            answers: Mutex::new(answers.into_iter().collect()),
            ..Self::default()
        }
    }

    fn gated() -> (Self, Arc<Semaphore>) {
        let gate = Arc::new(Semaphore::new(0));
        let script = Self {
            gate: Some(Arc::clone(&gate)),
            ..Self::default()
        };
        (script, gate)
    }

    fn calls(&self) -> Vec<Vec<String>> {
        let calls = self.calls.lock().unwrap();
        calls.iter().map(|(_, ids)| ids.clone()).collect()
    }

    fn seconds(&self, begun: Instant) -> Vec<u64> {
        let calls = self.calls.lock().unwrap();
        let since = calls.iter().map(|(at, _)| at.duration_since(begun));
        since.map(|since| since.as_secs()).collect()
    }
}

impl Target for Script {
    fn name(&self) -> &'static str {
        "script"
    }

    fn check(&self) -> Pending<'_, Outcome> {
        Box::pin(std::future::pending())
    }

    fn deliver<'a>(&'a self, signal: &'a Envelope) -> Pending<'a, Outcome> {
        Box::pin(async move {
            let outcomes = self.deliver_all(std::slice::from_ref(signal)).await;
            outcomes.into_iter().next().unwrap()
        })
    }

    fn deliver_all<'a>(&'a self, signals: &'a [Envelope]) -> Pending<'a, Vec<Outcome>> {
        Box::pin(async move {
            let ids = signals.iter().map(|signal| signal.id().to_owned());
            let call = (Instant::now(), ids.collect());
            self.calls.lock().unwrap().push(call);
            if let Some(gate) = &self.gate {
                gate.acquire().await.unwrap().forget();
            }
            let mut answers = self.answers.lock().unwrap();
            let answers = signals
                .iter()
                .map(|_| answers.pop_front().unwrap_or(Ok(())));
            answers.collect()
        })
    }

    fn is_joint(&self) -> bool {
        self.joint
    }
}

fn fails(kind: Kind) -> Outcome {
    Err(DispatchError::new(kind, "script", "told to"))
}

fn kinds(outcomes: &[Outcome]) -> Vec<Option<Kind>> {
    let kind = |outcome: &Outcome| outcome.as_ref().err().map(DispatchError::kind);
    outcomes.iter().map(kind).collect()
}

/// Waits of 1, 2, 4 … seconds, to the full.
fn doubling(script: Arc<Script>) -> Retry<Arc<Script>> {
    let backoff = Backoff {
        first: secs(1),
        ..Backoff::default()
    };
    script.retrying(backoff).dice(|| 1.0)
}

#[tokio::test(start_paused = true)]
async fn a_timeout_ends_deliveries_and_checks() {
    let (script, _gate) = Script::gated();
    let target = script.within(secs(3));
    let begun = Instant::now();
    let late = target.deliver(&signal("1")).await.unwrap_err();
    assert_eq!((late.kind(), begun.elapsed()), (Kind::Timeout, secs(3)));
    assert_eq!(target.check().await.unwrap_err().kind(), Kind::Timeout);
}

/// Delivers one by one, each in six seconds; some never.
#[derive(Default)]
struct Slow {
    never: Vec<&'static str>,
    delivered: Mutex<Vec<String>>,
}

impl Target for Slow {
    fn name(&self) -> &'static str {
        "slow"
    }

    fn check(&self) -> Pending<'_, Outcome> {
        Box::pin(std::future::pending())
    }

    fn deliver<'a>(&'a self, signal: &'a Envelope) -> Pending<'a, Outcome> {
        Box::pin(async move {
            if self.never.contains(&signal.id()) {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(secs(6)).await;
            self.delivered.lock().unwrap().push(signal.id().to_owned());
            Ok(())
        })
    }
}

#[tokio::test(start_paused = true)]
async fn what_goes_one_by_one_has_each_its_own_time() {
    let slow = Arc::new(Slow {
        never: vec!["2"],
        ..Slow::default()
    });
    let target = Arc::clone(&slow).within(secs(10));
    let signals = ["1", "2", "3", "4"].map(signal);
    let outcomes = target.deliver_all(&signals).await;
    assert_eq!(kinds(&outcomes), [None, Some(Kind::Timeout), None, None]);
    assert_eq!(*slow.delivered.lock().unwrap(), ["1", "3", "4"]);
}

#[tokio::test(start_paused = true)]
async fn a_target_that_does_not_answer_is_not_waited_for_with_every_signal() {
    let never = vec!["2", "3"];
    let slow = Slow {
        never,
        ..Slow::default()
    };
    let target = slow.within(secs(10));
    let signals = ["1", "2", "3", "4", "5"].map(signal);
    let begun = Instant::now();
    let outcomes = target.deliver_all(&signals).await;
    let late = Some(Kind::Timeout);
    assert_eq!(kinds(&outcomes), [None, late, late, late, late]);
    assert_eq!(begun.elapsed(), secs(26));
}

#[tokio::test(start_paused = true)]
async fn what_is_under_way_together_has_one_time() {
    let (mut script, _gate) = Script::gated();
    script.joint = true;
    let script = Arc::new(script);
    let target = Arc::clone(&script)
        .retrying(Backoff::attempts(1))
        .within(secs(3));
    let begun = Instant::now();
    let outcomes = target.deliver_all(&["1", "2"].map(signal)).await;
    assert_eq!(kinds(&outcomes), [Some(Kind::Timeout); 2]);
    assert_eq!(
        (begun.elapsed(), script.calls()),
        (secs(3), vec![vec!["1".to_owned(), "2".to_owned()]])
    );
}

#[tokio::test(start_paused = true)]
async fn waits_double_and_the_last_failure_counts_attempts() {
    let script = Arc::new(Script::of((0..9).map(|_| fails(Kind::Failed))));
    let begun = Instant::now();
    let error = doubling(Arc::clone(&script)).deliver(&signal("1")).await;
    assert_eq!(error.unwrap_err().attempts(), 5);
    assert_eq!(script.seconds(begun), [0, 1, 3, 7, 15]);
}

#[tokio::test(start_paused = true)]
async fn a_retry_never_comes_before_the_target_has_said() {
    let busy = DispatchError::new(Kind::Busy, "script", "busy").retry_after(secs(60));
    let script = Arc::new(Script::of([Err(busy)]));
    let begun = Instant::now();
    assert!(
        doubling(Arc::clone(&script))
            .deliver(&signal("1"))
            .await
            .is_ok()
    );
    assert_eq!(script.seconds(begun), [0, 61]);
}

#[tokio::test(start_paused = true)]
async fn a_hint_beyond_the_budget_is_handed_on_at_once() {
    let busy = DispatchError::new(Kind::Busy, "script", "busy").retry_after(secs(3600));
    let script = Arc::new(Script::of([Err(busy)]));
    let begun = Instant::now();
    let error = doubling(Arc::clone(&script))
        .deliver(&signal("1"))
        .await
        .unwrap_err();
    assert_eq!((error.wait(), begun.elapsed()), (Some(secs(3600)), secs(0)));
    assert_eq!(script.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn terminal_failures_are_not_tried_again() {
    let script = Arc::new(Script::of([fails(Kind::Refused)]));
    assert!(
        doubling(Arc::clone(&script))
            .deliver(&signal("1"))
            .await
            .is_err()
    );
    assert_eq!(script.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn of_several_only_the_failed_go_again() {
    let answers = [
        Ok(()),
        fails(Kind::Failed),
        fails(Kind::Refused),
        fails(Kind::Failed),
    ];
    let script = Arc::new(Script::of(answers));
    let signals = ["1", "2", "3", "4"].map(signal);
    let outcomes = doubling(Arc::clone(&script)).deliver_all(&signals).await;
    assert_eq!(kinds(&outcomes), [None, None, Some(Kind::Refused), None]);
    assert_eq!(script.calls(), [vec!["1", "2", "3", "4"], vec!["2", "4"]]);
}

#[test]
fn jitter_takes_any_part_of_the_bound_and_big_numbers_hold() {
    let backoff = Backoff {
        attempts: u32::MAX,
        first: secs(8),
        ..Backoff::default()
    };
    let wait = |made, dice| backoff.wait(made, secs(0), None, dice);
    assert_eq!(wait(1, 0.0), Some(secs(0)));
    assert_eq!(wait(1, 0.25), Some(secs(2)));
    assert_eq!(wait(u32::MAX - 1, 1.0), Some(secs(30)));
    let forever = Some(Duration::MAX);
    assert_eq!(backoff.wait(1, Duration::MAX, forever, 1.0), None);
}

#[tokio::test(start_paused = true)]
async fn a_breaker_opens_lets_one_probe_through_and_closes() {
    let ill = (0..3).map(|_| fails(Kind::Unreachable));
    let script = Arc::new(Script::of(ill));
    let trip = Trip {
        failures: 2,
        rest: secs(10),
        probes: 1,
    };
    let target = Arc::clone(&script).breaking(trip);
    let one = signal("1");
    for _ in 0..2 {
        let error = target.deliver(&one).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Unreachable);
    }
    tokio::time::advance(secs(4)).await;
    let open = target.deliver(&one).await.unwrap_err();
    assert_eq!((open.kind(), open.wait()), (Kind::Open, Some(secs(6))));
    assert_eq!(script.calls().len(), 2);

    // The first probe fails, and it is open again; the second one closes it.
    tokio::time::advance(secs(6)).await;
    let probe = target.deliver(&one).await.unwrap_err();
    assert_eq!(probe.kind(), Kind::Unreachable);
    assert_eq!(target.deliver(&one).await.unwrap_err().kind(), Kind::Open);
    tokio::time::advance(secs(10)).await;
    assert!(target.deliver(&one).await.is_ok());
    assert!(target.deliver(&one).await.is_ok());
    assert_eq!(script.calls().len(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_target_that_refuses_is_well() {
    let refused = (0..20).map(|_| fails(Kind::Refused));
    let target = Script::of(refused).breaking(Trip::default());
    for _ in 0..20 {
        let error = target.deliver(&signal("1")).await.unwrap_err();
        assert_eq!(error.kind(), Kind::Refused);
    }
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_is_dropped_lets_the_next_one_through() {
    let (mut script, gate) = Script::gated();
    script.answers = Mutex::new([fails(Kind::Failed)].into());
    let trip = Trip {
        failures: 1,
        rest: secs(10),
        probes: 1,
    };
    let target = script.breaking(trip);
    let one = signal("1");
    gate.add_permits(1);
    assert!(target.deliver(&one).await.is_err());
    tokio::time::advance(secs(10)).await;

    let dropped = tokio::time::timeout(secs(1), target.deliver(&one)).await;
    assert!(dropped.is_err());
    gate.add_permits(1);
    assert!(target.deliver(&one).await.is_ok());
}

#[test]
fn what_was_let_through_before_a_change_says_nothing_after_it() {
    let mut circuit = Circuit::new(Trip {
        failures: 1,
        rest: secs(10),
        probes: 1,
    });
    let early = circuit.admit(secs(0)).unwrap();
    let failed = circuit.admit(secs(0)).unwrap();
    circuit.record(secs(0), failed, Verdict::Ill);
    let probe = circuit.admit(secs(10)).unwrap();
    circuit.record(secs(11), early, Verdict::Well);
    assert!(circuit.admit(secs(11)).is_err(), "the probe is under way");
    circuit.record(secs(12), probe, Verdict::Well);
    assert!(circuit.admit(secs(12)).is_ok());
}

#[test]
fn who_comes_while_a_probe_is_under_way_is_to_come_back_soon() {
    let trip = |rest| Trip {
        failures: 1,
        rest,
        probes: 1,
    };
    for (rest, wait) in [
        (secs(30), secs(1)),
        (Duration::from_millis(5), Duration::from_millis(5)),
    ] {
        let mut circuit = Circuit::new(trip(rest));
        let failed = circuit.admit(secs(0)).unwrap();
        circuit.record(secs(0), failed, Verdict::Ill);
        circuit.admit(rest).unwrap();
        assert_eq!(circuit.admit(rest).unwrap_err(), wait);
    }
}

#[tokio::test(start_paused = true)]
async fn retries_wait_while_the_breaker_is_open() {
    let script = Arc::new(Script::of((0..2).map(|_| fails(Kind::Failed))));
    let trip = Trip {
        failures: 2,
        rest: secs(30),
        probes: 1,
    };
    let backoff = Backoff {
        first: secs(1),
        ..Backoff::default()
    };
    let target = Arc::clone(&script).breaking(trip).retrying(backoff);
    let begun = Instant::now();
    assert!(target.dice(|| 0.0).deliver(&signal("1")).await.is_ok());
    assert_eq!(script.seconds(begun), [0, 0, 30]);
}

#[tokio::test(start_paused = true)]
async fn a_limit_holds_some_back_and_refuses_the_rest() {
    let (script, gate) = Script::gated();
    let script = Arc::new(script);
    let target = Arc::clone(&script).limited(2, 1);
    let one = signal("1");
    let (first, second, third) = (
        target.deliver(&one),
        target.deliver(&one),
        target.deliver(&one),
    );
    let others = async {
        tokio::task::yield_now().await;
        assert_eq!(script.calls().len(), 2);
        let full = target.deliver(&one).await.unwrap_err();
        assert_eq!(full.kind(), Kind::Full);
        gate.add_permits(3);
    };
    let (first, second, third, ()) = tokio::join!(first, second, third, others);
    assert_eq!(kinds(&[first, second, third]), [None; 3]);
    assert_eq!(script.calls().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_full_batch_goes_at_once_and_others_linger() {
    let script = Arc::new(Script::of([]));
    let gather = Gather {
        most: 2,
        linger: secs(5),
        waiting: 10,
    };
    let target = Arc::clone(&script).gathering(gather);
    let [one, two, three] = ["1", "2", "3"].map(signal);
    let begun = Instant::now();
    let all = tokio::join!(
        target.deliver(&one),
        target.deliver(&two),
        target.deliver(&three)
    );
    assert!(all.0.is_ok() && all.1.is_ok() && all.2.is_ok());
    assert_eq!(script.calls(), [vec!["1", "2"], vec!["3"]]);
    assert_eq!(script.seconds(begun), [0, 5]);
}

#[tokio::test(start_paused = true)]
async fn each_of_a_batch_gets_its_own_outcome() {
    let script = Script::of([Ok(()), fails(Kind::Refused)]);
    let target = script.gathering(Gather {
        most: 2,
        ..Gather::default()
    });
    let [one, two] = ["1", "2"].map(signal);
    let (one, two) = tokio::join!(target.deliver(&one), target.deliver(&two));
    assert_eq!(kinds(&[one, two]), [None, Some(Kind::Refused)]);
}

#[tokio::test(start_paused = true)]
async fn whoever_is_dropped_while_waiting_is_not_sent_and_one_who_sends_tells_the_others() {
    let (script, gate) = Script::gated();
    let script = Arc::new(script);
    let gather = Gather {
        linger: secs(5),
        waiting: 1,
        ..Gather::default()
    };
    let target = Arc::clone(&script).gathering(gather);
    let [one, two, three] = ["1", "2", "3"].map(signal);
    assert!(
        tokio::time::timeout(secs(1), target.deliver(&one))
            .await
            .is_err()
    );
    assert!(
        tokio::time::timeout(secs(9), target.deliver(&two))
            .await
            .is_err()
    );
    gate.add_permits(1);
    assert!(target.deliver(&three).await.is_ok());
    assert_eq!(script.calls(), [vec!["2"], vec!["3"]]);
}

#[tokio::test(start_paused = true)]
async fn too_many_who_wait_for_a_batch_are_refused() {
    let gather = Gather {
        waiting: 1,
        ..Gather::default()
    };
    let target = Script::of([]).gathering(gather);
    let [one, two] = ["1", "2"].map(signal);
    let (one, two) = tokio::join!(target.deliver(&one), target.deliver(&two));
    assert_eq!(kinds(&[one, two]), [None, Some(Kind::Full)]);
}
