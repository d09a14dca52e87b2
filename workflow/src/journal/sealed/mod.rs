//! Journals that are sealed: all content is encrypted before a store sees it.
//!
//! [`Sealed`] lies around any other store. Each body that goes in (params, records, answers and failures, mail,
//! notes) is sealed with XChaCha20-Poly1305 under a random nonce, and bound to its place: the run, what it is,
//! its path and time. So one that is changed, or put in the place of another, can't be opened; its run is held
//! as a damaged one is, and no other. What is not sealed, since stores look for it: ids and names of workflows,
//! versions, graphs, paths of steps, times, where runs stand, names of notes, and how long everything is.
//!
//! A sealed body is [`Body::Packed`]: `00 00 00 00 01`, the key's number in 4 bytes, little endian, a
//! nonce of 24 bytes, then what is sealed, and its tag of 16 bytes. Sealed are a byte for text (0) or packed (1), the
//! checksum of the row in 4 bytes, and the content. The row's own column for the checksum is 0, since a
//! checksum of what is short would give it away.
//!
//! Which keys a journal was sealed with is in its notes `sealed/ID`, each sealed with that key. So a key that is
//! missing or another is found when the journal is opened.

#[cfg(feature = "sealed")]
mod beside;
#[cfg(feature = "sealed")]
mod keyring;
mod noted;
#[cfg(feature = "sealed")]
mod place;
#[cfg(feature = "sealed")]
mod seal;
#[cfg(feature = "sealed")]
mod store;

#[cfg(feature = "sealed")]
#[cfg(test)]
mod tests;

#[cfg(feature = "sealed")]
pub use self::beside::Beside;
#[cfg(feature = "sealed")]
pub use self::keyring::Keyring;
pub(crate) use self::noted::{Unfit, unsealed};
#[cfg(feature = "sealed")]
pub use self::store::Sealed;
#[cfg(feature = "sealed")]
use super::{
    Body, Claim, Claimed, Counts, Ending, Entry, GraphRow, List, Mail, NewRun, Record, RunRow,
};
use super::{Reader, StoreError};
