//! Secrets that webhooks are signed with.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// A secret that sender and receiver share: `whsec_` and Base64 of 24 to 64 random bytes.
///
/// `openssl rand -base64 32` makes one. It is never printed.
///
/// ```
/// use enact_signal_bus::dispatch::webhook::Key;
///
/// let key: Key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse()?;
/// assert_eq!(format!("{key:?}"), "Key(..)");
/// assert!("whsec_c2hvcnQ=".parse::<Key>().is_err());
/// # Ok::<(), enact_signal_bus::dispatch::webhook::KeyError>(())
/// ```
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

/// Text that is no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyError;

impl FromStr for Key {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let encoded = text.strip_prefix("whsec_").unwrap_or(text);
        let bytes = STANDARD.decode(encoded).map_err(|_| KeyError)?;
        if !(24..=64).contains(&bytes.len()) {
            return Err(KeyError);
        }
        Hmac::new_from_slice(&bytes).map(Self).map_err(|_| KeyError)
    }
}

impl Key {
    fn of(&self, id: &str, timestamp: &str, body: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
            mac.update(part);
        }
        mac
    }

    /// The signature, as the header has it.
    pub(super) fn sign(&self, id: &str, timestamp: &str, body: &[u8]) -> String {
        let mac = self.of(id, timestamp, body).finalize();
        format!("v1,{}", STANDARD.encode(mac.into_bytes()))
    }

    /// Whether a signature is this key's; it takes as long whatever is wrong with it.
    pub(super) fn has_signed(&self, given: &[u8], id: &str, timestamp: &str, body: &[u8]) -> bool {
        self.of(id, timestamp, body).verify_slice(given).is_ok()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the key is not `whsec_` and Base64 of 24 to 64 bytes; make one of that form")
    }
}

impl std::error::Error for KeyError {}
