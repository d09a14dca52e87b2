//! A store whose content is sealed.

use std::fmt;
use std::ops::Range;
use std::time::Duration;

use super::noted::{self, Noted};
use super::seal::Seal;
use super::{Beside, Claim, Claimed, Entry, GraphRow, Keyring, Mail, Reader, StoreError};
use crate::journal::Store;

/// A store around another one, which sees all content sealed; see [the module](super).
///
/// Give [`Settings::keys`](crate::engine::Settings::keys) to an engine, which makes one itself. This is for
/// whoever uses a store without an engine.
///
/// ```
/// use enact_workflow::engine::Keyring;
/// use enact_workflow::journal::Memory;
/// use enact_workflow::journal::sealed::Sealed;
///
/// let memory = Memory::default().reopened();
/// let again = memory.reopened();
/// Sealed::open(Box::new(again.reopened()), &Keyring::new(1, &[17; 32]))?;
/// let other = Sealed::open(Box::new(again.reopened()), &Keyring::new(1, &[18; 32]));
/// assert!(other.is_err(), "that is another key");
/// # Ok::<(), enact_workflow::engine::StoreError>(())
/// ```
pub struct Sealed {
    store: Box<dyn Store>,
    seal: Seal,
}

impl Sealed {
    /// Seals what goes into a store from now on, and opens what comes out.
    ///
    /// What stands in it in clear stays so, and is read; of runs that begin from the first time on that it is
    /// opened so, nothing in clear is taken.
    ///
    /// # Errors
    /// Where a key is another than the one that the journal was sealed with, or one is missing; where the
    /// store fails.
    pub fn open(store: Box<dyn Store>, keyring: &Keyring) -> Result<Self, StoreError> {
        noted::apart(|| Self::opened(store, keyring))
    }

    fn opened(mut store: Box<dyn Store>, keyring: &Keyring) -> Result<Self, StoreError> {
        let noted = Noted::read(&mut *store.reader()?)?;
        let from = match noted.from(keyring)? {
            Some(from) => from,
            None => store.numbers(1)?.start,
        };
        let current = keyring.current();
        let seal = Seal::new(keyring, current, from);
        if !noted.has(current) {
            store.commit(&[noted::note(&seal, current, from)?])?;
        }
        Ok(Self { store, seal })
    }
}

impl Store for Sealed {
    fn commit(&mut self, batch: &[Entry]) -> Result<Vec<usize>, StoreError> {
        let sealed = batch.iter().map(|entry| self.seal.entry(entry));
        let sealed = sealed.collect::<Result<Vec<_>, _>>()?;
        self.store.commit(&sealed)
    }

    fn numbers(&mut self, most: u64) -> Result<Range<u64>, StoreError> {
        self.store.numbers(most)
    }

    fn claim(&mut self, claim: &Claim) -> Result<Vec<Claimed>, StoreError> {
        let claimed = self.store.claim(claim)?.into_iter();
        let opened = claimed.map(|claimed| self.seal.open_claimed(claimed));
        Ok(opened.collect())
    }

    fn next_wake(&mut self, graphs: &[u64]) -> Result<Option<u64>, StoreError> {
        self.store.next_wake(graphs)
    }

    fn mail(&mut self, most: usize) -> Result<Vec<Mail>, StoreError> {
        let mail = self.store.mail(most)?.into_iter();
        Ok(mail.map(|mail| self.seal.open_mail(mail)).collect())
    }

    /// Graphs are kept in clear: they are code.
    fn graphs(&mut self, graphs: &[GraphRow]) -> Result<(), StoreError> {
        self.store.graphs(graphs)
    }

    fn prune(&mut self, before: u64, most: usize) -> Result<usize, StoreError> {
        self.store.prune(before, most)
    }

    fn prunes(&self, most: usize) -> usize {
        self.store.prunes(most)
    }

    fn lease(&self) -> Option<Duration> {
        self.store.lease()
    }

    fn renew(&mut self) -> Result<(), StoreError> {
        self.store.renew()
    }

    fn reader(&self) -> Result<Box<dyn Reader>, StoreError> {
        let reader = self.store.reader()?;
        Ok(Box::new(Beside::of(reader, self.seal.clone())))
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed")
            .field("seal", &self.seal)
            .finish_non_exhaustive()
    }
}
