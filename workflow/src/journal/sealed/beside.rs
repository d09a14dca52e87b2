//! A way into a sealed journal beside whoever runs it.

use std::fmt;

use super::noted::{Noted, Unfit, apart, unfit};
use super::seal::Seal;
use super::{Body, Counts, Entry, Keyring, List, Reader, Record, RunRow, StoreError};

/// A way into a sealed journal beside whoever runs what is in it.
pub struct Beside {
    reader: Box<dyn Reader>,
    seal: Seal,
}

impl Beside {
    /// Opens what comes out of a sealed journal, and seals what is left there, with a key that the journal was
    /// sealed with before: so whoever runs it can open that.
    ///
    /// # Errors
    /// Where a key is another than the one that the journal was sealed with, or one is missing; where the journal is
    /// not sealed.
    pub fn open(mut reader: Box<dyn Reader>, keyring: &Keyring) -> Result<Self, StoreError> {
        let noted = apart(|| Noted::read(&mut *reader))?;
        if noted.is_empty() {
            return Err(unfit(Unfit::Clear));
        }
        let current = Some(keyring.current()).filter(|key| noted.has(*key));
        let with = current.or_else(|| noted.newest(keyring));
        match (noted.from(keyring)?, with) {
            (Some(from), Some(with)) => Ok(Self::of(reader, Seal::new(keyring, with, from))),
            _ => Err(unfit(Unfit::Missing(keyring.current()))),
        }
    }

    pub(super) fn of(reader: Box<dyn Reader>, seal: Seal) -> Self {
        Self { reader, seal }
    }

    fn rows(&self, rows: Vec<RunRow>) -> Vec<RunRow> {
        let rows = rows.into_iter();
        rows.map(|row| self.seal.open_row(row)).collect()
    }
}

impl Reader for Beside {
    fn find(&mut self, id: &str) -> Result<Option<RunRow>, StoreError> {
        let row = self.reader.find(id)?;
        Ok(row.map(|row| self.seal.open_row(row)))
    }

    fn list(&mut self, list: &List) -> Result<Vec<RunRow>, StoreError> {
        let rows = self.reader.list(list)?;
        Ok(self.rows(rows))
    }

    fn records(&mut self, run: u64) -> Result<Vec<Record>, StoreError> {
        let records = self.reader.records(run)?.into_iter();
        let opened = records.map(|record| self.seal.open_record(run, record));
        Ok(opened.collect())
    }

    fn strangers(&mut self, graphs: &[u64], most: usize) -> Result<Vec<RunRow>, StoreError> {
        let rows = self.reader.strangers(graphs, most)?;
        Ok(self.rows(rows))
    }

    fn graph(&mut self, graph: u64) -> Result<Option<Body>, StoreError> {
        self.reader.graph(graph)
    }

    fn note(&mut self, name: &str) -> Result<Option<Body>, StoreError> {
        let note = self.reader.note(name)?;
        Ok(note.map(|body| self.seal.open_note(name, body)))
    }

    fn notes(&mut self, prefix: &str) -> Result<Vec<(String, Body)>, StoreError> {
        let notes = self.reader.notes(prefix)?.into_iter();
        let opened = notes.map(|(name, body)| {
            let body = self.seal.open_note(&name, body);
            (name, body)
        });
        Ok(opened.collect())
    }

    fn counts(&mut self, now: u64) -> Result<Counts, StoreError> {
        self.reader.counts(now)
    }

    fn leave(&mut self, entry: &Entry) -> Result<bool, StoreError> {
        self.reader.leave(&self.seal.entry(entry)?)
    }
}

impl fmt::Debug for Beside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Beside")
            .field("seal", &self.seal)
            .finish_non_exhaustive()
    }
}
