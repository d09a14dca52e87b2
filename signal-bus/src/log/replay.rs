//! Reading signals again, in the order in which they were recorded.

use std::collections::VecDeque;
use std::ops::Deref;

use enact_signal_core::Envelope;

use super::store::{Page, Reader, Row, StoreError};
use super::{Log, LogError, Select, StartFrom, moment};

/// A signal as the log has it.
#[derive(Clone, Debug)]
pub struct Recorded {
    envelope: Envelope,
    sequence: u64,
    at: u64,
    size: usize,
}

impl Recorded {
    pub(crate) fn of(row: &Row) -> Result<Self, LogError> {
        Ok(Self {
            envelope: row.envelope().map_err(LogError::damaged)?,
            sequence: row.sequence,
            at: row.at,
            size: row.body.len(),
        })
    }

    /// The same signal, as somebody has made it.
    pub(crate) fn with(self, envelope: Envelope) -> Self {
        Self { envelope, ..self }
    }

    /// How many bytes it has as JSON.
    pub(crate) const fn size(&self) -> usize {
        self.size
    }

    /// The envelope.
    pub const fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// Its place in the log.
    pub const fn sequence(&self) -> u64 {
        self.sequence
    }

    /// When it was recorded, in milliseconds since 1970.
    pub const fn recorded_at(&self) -> u64 {
        self.at
    }
}

impl Deref for Recorded {
    type Target = Envelope;

    fn deref(&self) -> &Envelope {
        &self.envelope
    }
}

/// Signals that are read again.
///
/// ```
/// # extern crate enact_signal_core as enact;
/// use enact::signal::{Envelope, pattern};
/// use enact_signal_bus::log::{Log, Select};
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let log = Log::memory();
/// for ty in ["order.created", "meter.read", "order.paid"] {
///     log.publish(Envelope::builder(ty, "/shop")).await?;
/// }
/// let mut orders = log.replay(Select::of(pattern!("order.*"))).await?;
/// let mut types = Vec::new();
/// while let Some(order) = orders.next().await {
///     types.push(order?.ty().to_string());
/// }
/// assert_eq!(types, ["order.created", "order.paid"]);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Replay {
    log: Log,
    page: Page,
    rows: VecDeque<Row>,
}

/// How many rows are read at once.
const ROWS: usize = 256;

impl Replay {
    pub(super) async fn begin(log: Log, select: Select) -> Result<Self, LogError> {
        let last = log.last();
        let page = log.inner().reading.ask(move |reader| {
            let after = start(reader, &select.from, last)?;
            page(reader, select, after, last)
        });
        Ok(Self {
            page: page.await?,
            log,
            rows: VecDeque::new(),
        })
    }

    /// The next signal; none, when all were read. Nothing is lost where the future is dropped.
    ///
    /// After one that is damaged it goes on with the next one.
    pub async fn next(&mut self) -> Option<Result<Recorded, LogError>> {
        loop {
            if let Some(row) = self.rows.pop_front() {
                return Some(Recorded::of(&row));
            }
            let page = self.page.clone();
            let scan = self
                .log
                .inner()
                .reading
                .ask(move |reader| reader.read(&page));
            match scan.await {
                Ok(scan) if scan.up_to == self.page.after => return None,
                Ok(scan) => {
                    self.page.after = scan.up_to;
                    self.rows.extend(scan.rows);
                }
                Err(error) => {
                    self.page.after = self.page.up_to;
                    return Some(Err(error));
                }
            }
        }
    }
}

/// The number before the one with which reading begins.
pub(crate) fn start(
    reader: &mut dyn Reader,
    from: &StartFrom,
    last: u64,
) -> Result<u64, StoreError> {
    Ok(match from {
        StartFrom::Origin => 0,
        StartFrom::Latest => last,
        StartFrom::Sequence(sequence) => sequence.saturating_sub(1),
        StartFrom::Time(time) => reader.first_at(moment(time))? - 1,
    })
}

pub(crate) fn page(
    reader: &mut dyn Reader,
    select: Select,
    after: u64,
    last: u64,
) -> Result<Page, StoreError> {
    let mut up_to = select.up_to.unwrap_or(u64::MAX).min(last);
    if let Some(before) = &select.before {
        up_to = up_to.min(reader.first_at(moment(before))? - 1);
    }
    Ok(Page {
        after,
        up_to,
        pattern: select.pattern,
        most: ROWS,
    })
}
