//! The keys of a journal.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};

/// The keys that a journal is sealed with, by numbers of your choice: one for what is written, any more for what was
/// written before.
///
/// A key is 32 random bytes. It is wiped from memory when the last clone of its ring is dropped, and never shown;
/// wiping the bytes that it is made of is up to whoever has them.
///
/// ```
/// use enact_workflow::engine::{Keyring, Settings};
///
/// let (first, second) = ([17; 32], [42; 32]); // from a file or a vault, and random
/// let settings = Settings::default().keys(Keyring::new(1, &first));
/// // Later on, new content is sealed with the second key, and the first still opens what there is:
/// let settings = Settings::default().keys(Keyring::new(2, &second).and(1, &first));
/// # let _ = settings;
/// ```
#[derive(Clone)]
pub struct Keyring {
    current: u32,
    keys: BTreeMap<u32, Arc<XChaCha20Poly1305>>,
    given_up: BTreeSet<u32>,
}

impl Keyring {
    /// A ring whose key of that number seals all that is written.
    #[must_use]
    pub fn new(id: u32, key: &[u8; 32]) -> Self {
        let ring = Self {
            current: id,
            keys: BTreeMap::new(),
            given_up: BTreeSet::new(),
        };
        ring.and(id, key)
    }

    /// The same, with one more key, which opens what was sealed with it. Takes the place of one of that number.
    #[must_use]
    pub fn and(mut self, id: u32, key: &[u8; 32]) -> Self {
        let key = Arc::new(XChaCha20Poly1305::new(key.into()));
        self.keys.insert(id, key);
        self
    }

    /// The same, but that a key is gone for good: the journal is opened without it, and runs that it sealed
    /// something of can't be read. Without this, a missing key is an error when the journal is opened.
    #[must_use]
    pub fn without(mut self, id: u32) -> Self {
        self.given_up.insert(id);
        self
    }

    /// The number of the key that seals what is written.
    pub fn current(&self) -> u32 {
        self.current
    }

    pub(super) fn key(&self, id: u32) -> Option<&XChaCha20Poly1305> {
        self.keys.get(&id).map(|key| &**key)
    }

    pub(super) fn is_given_up(&self, id: u32) -> bool {
        self.given_up.contains(&id)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keyring")
            .field("current", &self.current)
            .field("keys", &self.keys.keys().collect::<Vec<_>>())
            .field("given_up", &self.given_up)
            .finish()
    }
}
