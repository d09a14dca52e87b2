//! A subscription in numbers; the table of its metrics is that of the [log](crate::log).

use std::sync::atomic::{AtomicU64, Ordering};

use metrics::{Key, Label, Level, Metadata};

use super::machine::Tally;

static METADATA: Metadata<'_> = Metadata::new("enact::log", Level::INFO, Some(module_path!()));

/// What a persistent subscription has counted since it was opened, and how it stands.
///
/// ```
/// # extern crate enact_signal_core as enact;
/// use enact::signal::{Envelope, pattern};
/// use enact_signal_bus::log::Log;
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// # runtime.block_on(async {
/// let log = Log::memory();
/// let orders = log.subscribe("billing", pattern!("order.**")).open().await?;
/// for _ in 0..3 {
///     log.publish(Envelope::builder("order.created", "/shop")).await?;
/// }
/// orders.next().await?.ack().await?;
/// let figures = orders.figures();
/// assert_eq!((figures.given, figures.acknowledged, figures.lag), (1, 1, 2));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PersistentFigures {
    /// Signals that somebody got, in each attempt.
    pub given: u64,
    /// Signals that were acknowledged.
    pub acknowledged: u64,
    /// Attempts that were said to have failed, or whose delivery was let go.
    pub failed: u64,
    /// Attempts that were not acknowledged in time.
    pub expired: u64,
    /// Signals that a middleware has settled before anybody got them.
    pub skipped: u64,
    /// Signals that have become dead letters.
    pub dead: u64,
    /// How many signals are with somebody.
    pub in_flight: usize,
    /// How many signals lie between the low-water mark and the end of the log, those that are not meant and
    /// those that are settled ahead of it among them.
    pub lag: u64,
}

/// What is told of a subscription.
#[derive(Debug)]
pub(super) struct Telemetry {
    deliveries: [Key; 6],
    in_flight: Key,
    lag: Key,
    /// The low-water mark, for whoever moves the end of the log.
    cursor: AtomicU64,
}

impl Telemetry {
    pub(super) fn new(subscription: &str, cursor: u64) -> Self {
        let label = |name, value: &str| Label::new(name, value.to_owned());
        let gauge =
            |name: &'static str| Key::from_parts(name, vec![label("subscription", subscription)]);
        let outcomes = [
            "given",
            "acknowledged",
            "failed",
            "expired",
            "skipped",
            "dead",
        ];
        let counter = |outcome| {
            let labels = vec![
                label("subscription", subscription),
                label("outcome", outcome),
            ];
            Key::from_parts("enact_log_deliveries_total", labels)
        };
        Self {
            deliveries: outcomes.map(counter),
            in_flight: gauge("enact_log_in_flight"),
            lag: gauge("enact_log_lag"),
            cursor: AtomicU64::new(cursor),
        }
    }

    /// Something was counted.
    pub(super) fn count(&self, counted: &Counted, last: u64) {
        let Tally {
            given,
            acknowledged,
            failed,
            expired,
            skipped,
            dead,
        } = counted.more;
        self.cursor.store(counted.cursor, Ordering::Relaxed);
        metrics::with_recorder(|recorder| {
            let counts = [given, acknowledged, failed, expired, skipped, dead];
            for (key, count) in self.deliveries.iter().zip(counts) {
                if count > 0 {
                    recorder.register_counter(key, &METADATA).increment(count);
                }
            }
            let in_flight = recorder.register_gauge(&self.in_flight, &METADATA);
            in_flight.set(u32::try_from(counted.in_flight).unwrap_or(u32::MAX));
        });
        self.lags(last);
    }

    /// The log ends there now.
    pub(super) fn lags(&self, last: u64) {
        metrics::with_recorder(|recorder| {
            let lag = last.saturating_sub(self.cursor.load(Ordering::Relaxed));
            let gauge = recorder.register_gauge(&self.lag, &METADATA);
            gauge.set(u32::try_from(lag).unwrap_or(u32::MAX));
        });
    }
}

/// What was counted since it was told last.
pub(super) struct Counted {
    pub(super) more: Tally,
    pub(super) in_flight: usize,
    pub(super) cursor: u64,
}
