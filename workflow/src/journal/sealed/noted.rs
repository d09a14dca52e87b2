//! Which keys a journal was sealed with, as its notes tell.

#[cfg(feature = "sealed")]
use std::collections::BTreeMap;

#[cfg(feature = "sealed")]
use super::seal::Seal;
#[cfg(feature = "sealed")]
use super::{Body, Entry, Keyring};
use super::{Reader, StoreError};

/// How the names of these notes begin; the rest is the number of a key.
const PREFIX: &str = "sealed/";

/// Why the keys that are given are not those of the journal.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unfit {
    #[error(
        "it is sealed; give its keys, with `Settings::keys` to an engine, `Client::open_with` to a client, \
         `App::keys` to a command line (feature `sealed`)"
    )]
    Sealed,
    #[cfg(feature = "sealed")]
    #[error(
        "its key {0} is another one than is given under that number; give the one that it was sealed with"
    )]
    Wrong(u32),
    #[cfg(feature = "sealed")]
    #[error(
        "it was sealed with key {0} too, which is not given; give that one as well, or say `Keyring::without` \
         where it is gone for good"
    )]
    Missing(u32),
    #[cfg(feature = "sealed")]
    #[error(
        "it is not sealed yet, and what a client leaves in it would be sealed for nobody; open it with an engine \
         that has the keys first, or without keys"
    )]
    Clear,
}

/// Does what may block on a thread of its own, where this one is a runtime's: stores may have runtimes themselves.
pub(super) fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    if tokio::runtime::Handle::try_current().is_err() {
        return work();
    }
    let done = std::thread::scope(|threads| threads.spawn(work).join());
    done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Makes sure that a journal is not sealed.
pub(crate) fn unsealed(reader: &mut dyn Reader) -> Result<(), StoreError> {
    if apart(|| reader.notes(PREFIX))?.is_empty() {
        return Ok(());
    }
    Err(StoreError::new("open", "without a key", Unfit::Sealed))
}

/// The keys that a journal was sealed with.
#[cfg(feature = "sealed")]
pub(super) struct Noted {
    by_key: BTreeMap<u32, Body>,
}

#[cfg(feature = "sealed")]
impl Noted {
    pub(super) fn read(reader: &mut dyn Reader) -> Result<Self, StoreError> {
        let notes = reader.notes(PREFIX)?.into_iter();
        let by_key = notes.filter_map(|(name, body)| {
            let key = name.strip_prefix(PREFIX)?.parse().ok()?;
            Some((key, body))
        });
        Ok(Self {
            by_key: by_key.collect(),
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    pub(super) fn has(&self, key: u32) -> bool {
        self.by_key.contains_key(&key)
    }

    /// The newest of its keys that the ring has.
    pub(super) fn newest(&self, keyring: &Keyring) -> Option<u32> {
        let mut keys = self.by_key.keys().rev();
        keys.find(|key| keyring.key(**key).is_some()).copied()
    }

    /// The number from which on all runs are sealed, as those of the keys say that are given; nothing, where all are
    /// given up or there are none.
    pub(super) fn from(&self, keyring: &Keyring) -> Result<Option<u64>, StoreError> {
        let mut first: Option<u64> = None;
        for (key, body) in &self.by_key {
            if keyring.key(*key).is_none() {
                if keyring.is_given_up(*key) {
                    continue;
                }
                return Err(unfit(Unfit::Missing(*key)));
            }
            let seal = Seal::new(keyring, *key, 0);
            let opened = seal.open_note(&name(*key), body.clone());
            // A note in clear would be anybody's.
            let from = opened.read().ok().filter(|_| body.shut().is_some());
            let from: u64 = from.ok_or_else(|| unfit(Unfit::Wrong(*key)))?;
            first = Some(first.map_or(from, |first| first.min(from)));
        }
        Ok(first)
    }
}

/// The note that says that the seal's key is one of the journal's.
#[cfg(feature = "sealed")]
pub(super) fn note(seal: &Seal, key: u32, from: u64) -> Result<Entry, StoreError> {
    let (name, body) = (name(key), Body::Text(from.to_string()));
    seal.entry(&Entry::Note { name, body })
}

#[cfg(feature = "sealed")]
pub(super) fn unfit(why: Unfit) -> StoreError {
    StoreError::new("open", "with these keys", why)
}

#[cfg(feature = "sealed")]
fn name(key: u32) -> String {
    format!("{PREFIX}{key}")
}
