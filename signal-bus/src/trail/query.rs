//! Questions to the trail: by type, time, source, subject and conversation.

use enact_signal_core::{Pattern, Timestamp};

use super::key::Kind;
use super::{Places, Trail};
use crate::log::{LogError, Page, Recorded, Select, StartFrom, page, start};

/// A question to the trail; all that it says must hold.
///
/// ```
/// # extern crate enact_signal_core as enact;
/// use enact::signal::{Envelope, pattern};
/// use enact_signal_bus::log::Log;
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// let log = Log::memory();
/// let events = [("order.created", "1042"), ("order.paid", "1042"), ("order.created", "1043")];
/// let events = events.map(|(ty, subject)| Envelope::builder(ty, "/shop").subject(subject));
/// runtime.block_on(log.publish_all(events))?;
///
/// let query = log.trail().query().subject("1042").pattern(pattern!("*.paid"));
/// let found = query.run(10)?;
/// assert_eq!(found.len(), 1);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is asked before `run`"]
pub struct Query {
    trail: Trail,
    select: Select,
    /// What is looked up in the index; the first narrows the search.
    values: Vec<(Kind, String)>,
}

impl Query {
    pub(super) const fn new(trail: Trail) -> Self {
        Self {
            trail,
            select: Select::all(),
            values: Vec::new(),
        }
    }

    /// Those whose types a pattern stands for.
    pub fn pattern(mut self, pattern: impl Into<Pattern>) -> Self {
        self.select.pattern = Some(pattern.into());
        self
    }

    /// Those that were recorded at that time or later.
    pub fn since(mut self, time: Timestamp) -> Self {
        self.select = self.select.from(StartFrom::Time(time));
        self
    }

    /// Those that were recorded before that time.
    pub fn before(mut self, time: Timestamp) -> Self {
        self.select = self.select.before(time);
        self
    }

    /// Those of a source.
    pub fn source(self, source: impl Into<String>) -> Self {
        self.with(Kind::Source, source.into())
    }

    /// Those about a subject.
    pub fn subject(self, subject: impl Into<String>) -> Self {
        self.with(Kind::Subject, subject.into())
    }

    /// Those of a conversation: the ones that share a correlation, and the one that began it.
    pub fn conversation(self, correlation: impl Into<String>) -> Self {
        self.with(Kind::Correlation, correlation.into())
    }

    /// What was found, in the order in which it was recorded; the first `most`, where there is more.
    ///
    /// # Errors
    /// [`Store`](crate::log::LogErrorKind::Store); [`Damaged`](crate::log::LogErrorKind::Damaged).
    pub fn run(self, most: usize) -> Result<Vec<Recorded>, LogError> {
        self.trail.catch_up()?;
        let (select, last) = (self.select.clone(), self.trail.last());
        let page = self.trail.reading().wait(move |reader| {
            let after = start(reader, &select.from, last)?;
            page(reader, select, after, last)
        });
        let page = page?;
        match self.narrowest() {
            Some(places) => {
                let found = places.filter(|found| match found {
                    Ok(found) => self.fits(&page, found),
                    Err(_) => true,
                });
                found.take(most).collect()
            }
            None => self.scan(page, most),
        }
    }

    /// Subjects and conversations are few signals, sources may be many.
    fn narrowest(&self) -> Option<Places> {
        let mut values = self.values.iter();
        let narrow = values.find(|(kind, _)| *kind != Kind::Source);
        let (kind, value) = narrow.or_else(|| self.values.first())?;
        Some(self.trail.places(*kind, value))
    }

    fn fits(&self, page: &Page, found: &Recorded) -> bool {
        let pattern = page.pattern.as_ref();
        found.sequence() > page.after
            && found.sequence() <= page.up_to
            && pattern.is_none_or(|pattern| pattern.matches(found.ty()))
            && self
                .values
                .iter()
                .all(|(kind, value)| kind.fits(found, value))
    }

    fn scan(&self, mut page: Page, most: usize) -> Result<Vec<Recorded>, LogError> {
        let reading = self.trail.reading();
        let mut found = Vec::new();
        while found.len() < most {
            let wanted = page.clone();
            let scan = reading.wait(move |reader| reader.read(&wanted))?;
            if scan.up_to == page.after {
                break;
            }
            page.after = scan.up_to;
            for row in scan.rows.iter().take(most - found.len()) {
                found.push(Recorded::of(row)?);
            }
        }
        Ok(found)
    }

    fn with(mut self, kind: Kind, value: String) -> Self {
        self.values.push((kind, value));
        self
    }
}
