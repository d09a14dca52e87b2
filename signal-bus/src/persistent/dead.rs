//! What subscriptions gave up, and giving it out again.

use std::sync::Arc;

use crate::log::{DeadLetter, Entry, Log, LogError, Page, Recorded};

/// The dead letters of a persistent subscription: signals that ran out of attempts.
///
/// ```
/// # extern crate enact_signal_core as enact;
/// use std::time::Duration;
///
/// use enact::signal::{Envelope, pattern};
/// use enact_signal_bus::log::Log;
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
/// # runtime.block_on(async {
/// let log = Log::memory();
/// let once = |log: &Log| {
///     let subscribe = log.subscribe("billing", pattern!("order.**"));
///     subscribe.attempts(1, Duration::ZERO, Duration::ZERO)
/// };
/// let orders = once(&log).open().await?;
/// log.publish(Envelope::builder("order.created", "/shop")).await?;
/// orders.next().await?.nack("the bank is closed").await?;
///
/// let dead = log.dead_letters("billing");
/// let letters = dead.list(0, 10).await?;
/// assert_eq!(letters[0].reason, "the bank is closed");
///
/// // It goes to whoever subscribes under that name now.
/// dead.redrive([letters[0].sequence]).await?;
/// orders.next().await?.ack().await?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct DeadLetters {
    log: Log,
    name: Arc<str>,
}

impl DeadLetters {
    pub(crate) const fn new(log: Log, name: Arc<str>) -> Self {
        Self { log, name }
    }

    /// The dead letters behind that number, in order, so many at most.
    ///
    /// # Errors
    /// [`Store`](crate::log::LogErrorKind::Store).
    pub async fn list(&self, after: u64, most: usize) -> Result<Vec<DeadLetter>, LogError> {
        let name = Arc::clone(&self.name);
        let list = move |reader: &mut dyn crate::log::Reader| reader.dead(&name, after, most);
        self.log.inner().reading.ask(list).await
    }

    /// The signal of a dead letter.
    ///
    /// # Errors
    /// [`Store`](crate::log::LogErrorKind::Store); [`Damaged`](crate::log::LogErrorKind::Damaged).
    pub async fn signal(&self, letter: &DeadLetter) -> Result<Option<Recorded>, LogError> {
        let page = one(letter.sequence);
        let read = self
            .log
            .inner()
            .reading
            .ask(move |reader| reader.read(&page));
        read.await?.rows.first().map(Recorded::of).transpose()
    }

    /// Has dead letters given out again, with all attempts, to whoever subscribes now under that
    /// name, or will; what is no dead letter is left out. How many are given out again.
    ///
    /// # Errors
    /// [`Store`](crate::log::LogErrorKind::Store).
    pub async fn redrive(
        &self,
        sequences: impl IntoIterator<Item = u64>,
    ) -> Result<usize, LogError> {
        // None has the number 0.
        let sequences = sequences.into_iter().filter(|sequence| *sequence > 0);
        let mut sequences: Vec<u64> = sequences.collect();
        sequences.sort_unstable();
        sequences.dedup();
        let log = self.log.inner();
        let name = Arc::clone(&self.name);
        let dead = log.reading.ask(move |reader| {
            let mut dead = Vec::new();
            for sequence in sequences {
                let letters = reader.dead(&name, sequence - 1, 1)?;
                if letters.first().is_some_and(|it| it.sequence == sequence) {
                    dead.push(sequence);
                }
            }
            Ok(dead)
        });
        let dead = dead.await?;
        let entry = Entry::Redrive {
            name: Arc::clone(&self.name),
            sequences: dead.clone(),
        };
        log.write(vec![entry]).await?;
        for sequence in &dead {
            let page = one(*sequence);
            let scan = log.reading.ask(move |reader| reader.read(&page)).await?;
            let open = log.hub.find(&self.name);
            if let (Some(shared), Some(row)) = (open, scan.rows.first()) {
                shared.bring(row, |machine, key, now| {
                    machine.redriven(*sequence, key, now)
                });
                shared.wake();
            }
        }
        Ok(dead.len())
    }
}

/// One signal.
const fn one(sequence: u64) -> Page {
    Page {
        after: sequence - 1,
        up_to: sequence,
        pattern: None,
        most: 1,
    }
}
