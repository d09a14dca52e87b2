//! What a log counts, and tells to a recorder of metrics.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use enact_signal_bus::log::{Log, Memory, StartFrom};
use enact_signal_bus::persistent::PersistentSubscription;
use enact_signal_bus::{Middleware, Next, Subscriber};
use enact_signal_core::Envelope;
use futures_util::FutureExt as _;
use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};

use crate::place::{log_with, order, orders};

const SECOND: Duration = Duration::from_secs(1);

/// Leaves out what is about `skip`, refuses what is about `halt`, and billing gets nothing about `test`.
struct Guard;

impl Middleware for Guard {
    fn before_publish(&self, envelope: &Envelope) -> Next {
        match envelope.subject() {
            Some("skip") => Next::Skip,
            Some("halt") => Next::Halt("no".into()),
            _ => Next::Continue,
        }
    }

    fn before_dispatch(&self, _: &Subscriber, given: &enact_signal_bus::Delivery) -> Next {
        match given.subject() {
            Some("test") => Next::Skip,
            _ => Next::Continue,
        }
    }
}

/// All that was told, each in a line: name, labels, value; of a histogram how often.
fn told(snapshotter: &Snapshotter) -> BTreeMap<String, f64> {
    let snapshot = snapshotter.snapshot().into_vec().into_iter();
    let lines = snapshot.map(|(key, _, _, value)| {
        let labels = key.key().labels().map(|label| label.value().to_owned());
        let labels: Vec<String> = labels.collect();
        let value = match value {
            DebugValue::Counter(count) => f64::from(u32::try_from(count).unwrap()),
            DebugValue::Gauge(value) => value.into_inner(),
            DebugValue::Histogram(values) => f64::from(u32::try_from(values.len()).unwrap()),
        };
        (format!("{} {}", key.key().name(), labels.join(" ")), value)
    });
    lines.collect()
}

async fn life(log: &Log) {
    let subscribe = log.subscribe("billing", orders());
    let subscribe = subscribe.start_from(StartFrom::Origin);
    let subscribe = subscribe
        .attempts(2, SECOND, SECOND)
        .ack_deadline(SECOND * 10);
    let billing = subscribe.open().await.unwrap();
    let once = order("1").id("once").build().unwrap();
    log.publish_all([once.clone(), once]).await.unwrap();
    log.publish(order("skip")).await.unwrap();
    log.publish(order("halt")).await.unwrap_err();
    log.publish_all(["test", "2", "3", "4"].map(order))
        .await
        .unwrap();
    log.publish(Envelope::builder("meter.read", "/meters"))
        .await
        .unwrap();

    billing.next().await.unwrap().ack().await.unwrap();
    // The second fails, is let go, and is dead.
    billing.next().await.unwrap().nack("no").await.unwrap();
    let third = billing.next().await.unwrap();
    drop(billing.next().await.unwrap());
    tokio::time::advance(SECOND * 11).await;
    for _ in 0..2 {
        billing.next().await.unwrap().nack("no").await.unwrap();
    }
    let again = billing.next().await.unwrap();
    assert_eq!(again.sequence(), third.sequence());
    check(log, &billing.figures());
    again.ack().await.unwrap();
    assert_eq!((billing.figures().lag, billing.figures().in_flight), (0, 0));
}

/// How it stands before the last acknowledgement.
fn check(log: &Log, billing: &enact_signal_bus::persistent::PersistentFigures) {
    let given = (billing.given, billing.acknowledged, billing.skipped);
    let failed = (billing.failed, billing.expired, billing.dead);
    assert_eq!((given, failed), ((7, 1, 1), (4, 1, 2)), "{billing:?}");
    let figures = log.figures();
    assert_eq!((billing.in_flight, billing.lag), (1, 3));
    assert_eq!((figures.recorded, figures.duplicates), (6, 1));
    assert_eq!((figures.skipped, figures.halted, figures.last), (1, 1, 6));
    assert_eq!(figures.failed, None);
    assert_eq!(figures.subscriptions["billing"], *billing);
    assert!(figures.commits >= 3 && figures.entries >= 6, "{figures:?}");
}

#[test]
fn a_log_counts_what_it_records_and_what_becomes_of_its_deliveries() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    metrics::with_local_recorder(&recorder, || {
        runtime.block_on(async {
            let log = log_with(&Memory::default(), |settings| settings.middleware(Guard));
            life(&log).await;
        });
    });
    let told = told(&snapshotter);
    let wanted = [
        ("enact_log_signals_total recorded", 6.0),
        ("enact_log_signals_total duplicate", 1.0),
        ("enact_log_signals_total skipped", 1.0),
        ("enact_log_signals_total halted", 1.0),
        ("enact_log_wait_seconds ", 3.0),
        ("enact_log_deliveries_total billing given", 7.0),
        ("enact_log_deliveries_total billing acknowledged", 2.0),
        ("enact_log_deliveries_total billing failed", 4.0),
        ("enact_log_deliveries_total billing expired", 1.0),
        ("enact_log_deliveries_total billing skipped", 1.0),
        ("enact_log_deliveries_total billing dead", 2.0),
        ("enact_log_in_flight billing", 0.0),
        ("enact_log_lag billing", 0.0),
    ];
    for (name, value) in wanted {
        assert_eq!(told.get(name), Some(&value), "{name} of {told:?}");
    }
    let commits = told["enact_log_commits_total "];
    assert!(commits > 4.0);
    for histogram in ["enact_log_batch ", "enact_log_commit_seconds "] {
        assert_eq!(told.get(histogram), Some(&commits));
    }
}

#[tokio::test(start_paused = true)]
async fn a_subscription_lags_by_what_is_published_while_nobody_takes_from_it() {
    let log = Log::memory();
    let billing = log.subscribe("billing", orders()).open().await.unwrap();
    for subject in ["1", "2", "3"] {
        log.publish(order(subject)).await.unwrap();
    }
    assert_eq!(billing.figures().lag, 3);
    for _ in 0..3 {
        billing.next().await.unwrap().ack().await.unwrap();
    }
    assert_eq!(billing.figures().lag, 0);
    drop(billing);
    assert!(log.figures().subscriptions.is_empty());
}

/// Lets go of a subscription as soon as it is told how far that lags.
struct LetsGo(Mutex<Option<PersistentSubscription>>);

impl Recorder for LetsGo {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
        Counter::noop()
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        if key.name() == "enact_log_lag" {
            drop(self.0.lock().unwrap().take());
        }
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

#[tokio::test(start_paused = true)]
async fn a_subscription_may_be_let_go_of_while_it_hears_of_a_signal() {
    let log = log_with(&Memory::default(), |settings| settings);
    let subscription = log.subscribe("billing", orders()).open().await.unwrap();
    let recorder = LetsGo(Mutex::new(Some(subscription)));
    let publish = Box::pin(log.publish(order("1")));
    let published = metrics::with_local_recorder(&recorder, || publish.now_or_never());
    assert_eq!(published.unwrap().unwrap().sequence(), 1);
    assert!(recorder.0.lock().unwrap().is_none());
    assert!(log.figures().subscriptions.is_empty());
}
