//! Signing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use enact_signal_core::Envelope;
use sha2::{Digest as _, Sha256};

use super::key::Key;

/// Signs with one key, or with several while they are rotated.
///
/// While old and new are in use, each webhook has a signature of either, so a receiver that knows one of
/// them is content: first the sender adds the new key, then the receiver takes it, then the sender
/// drops the old one.
#[derive(Clone, Debug)]
pub struct Signer(Vec<Key>);

impl Signer {
    /// With that key.
    pub fn new(key: Key) -> Self {
        Self(vec![key])
    }

    /// With that one too.
    #[must_use]
    pub fn and(mut self, key: Key) -> Self {
        self.0.push(key);
        self
    }

    /// What stands in `webhook-signature`; the time in seconds since 1970.
    pub fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let timestamp = timestamp.to_string();
        let signed = self.0.iter().map(|key| key.sign(id, &timestamp, body));
        signed.collect::<Vec<_>>().join(" ")
    }
}

/// What stands in `webhook-id`: the same for each attempt to deliver a signal, and another for any other.
///
/// It is a digest of source and id together, since that is what names an event, and since neither
/// has to fit into a header.
///
/// ```
/// use enact_signal_bus::dispatch::webhook::message_id;
/// use enact_signal_core::Envelope;
///
/// let paid = |source| Envelope::builder("order.paid", source).id("1").build();
/// assert_eq!(message_id(&paid("/a")?), message_id(&paid("/a")?));
/// assert_ne!(message_id(&paid("/a")?), message_id(&paid("/b")?));
/// # Ok::<(), enact_signal_core::SignalError>(())
/// ```
pub fn message_id(signal: &Envelope) -> String {
    let mut digest = Sha256::new();
    // A URI-reference has no NUL in it.
    digest.update(signal.source());
    digest.update([0]);
    digest.update(signal.id());
    let digest = digest.finalize();
    format!("msg_{}", URL_SAFE_NO_PAD.encode(&digest[..24]))
}
