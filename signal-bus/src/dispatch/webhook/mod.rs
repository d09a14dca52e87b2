//! Webhooks, signed by the rules of [Standard Webhooks](https://www.standardwebhooks.com) 1.0.0, and the
//! check of them for receivers.
//!
//! ```
//! use enact_signal_bus::dispatch::webhook::{Headers, Key, Signer, Verifier};
//!
//! let key: Key = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".parse()?;
//! let signer = Signer::new(key.clone());
//! let signature = signer.sign("msg_1", 1_795_000_000, b"{}");
//!
//! let verifier = Verifier::new([key]);
//! let headers = Headers { id: "msg_1", timestamp: "1795000000", signature: &signature };
//! assert!(verifier.verify_at(&headers, b"{ }", 1_795_000_007).is_err());
//! let verified = verifier.verify_at(&headers, b"{}", 1_795_000_007)?;
//! // Here it is handled; where that fails, `forget` has it taken when the sender tries again.
//! verifier.handled(&verified);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod key;
mod refusal;
mod sign;
mod verify;

use enact_signal_core::{Envelope, Limits, http as binding};
use jiff::Timestamp;

pub use self::key::{Key, KeyError};
pub use self::refusal::{Refusal, RefusalKind};
pub use self::sign::{Signer, message_id};
pub use self::verify::{Headers, Verified, Verifier};
use crate::dispatch::http::{Client, Options, Request};
use crate::dispatch::{DispatchError, Outcome, Pending, Target};

/// A receiver of signed webhooks.
///
/// The body is the signal as structured JSON, so all of it is signed. The id of the webhook is made of
/// the signal's source and id, and stays the same however often it is sent; each attempt has a timestamp
/// and a signature of its own.
///
/// ```no_run
/// use enact_signal_bus::dispatch::http::Options;
/// use enact_signal_bus::dispatch::webhook::{Key, Signer, Webhook};
/// use enact_signal_bus::dispatch::{Backoff, Layers, Target};
/// use enact_signal_core::Envelope;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let (new, old): (Key, Key) = (std::env::var("KEY")?.parse()?, std::env::var("OLD")?.parse()?);
/// let signer = Signer::new(new).and(old);
/// let partner = Webhook::new("partner", "https://partner.example/hook", signer, Options::default())?;
/// let partner = partner.retrying(Backoff::default());
/// partner.deliver(&Envelope::builder("order.paid", "/payments").build()?).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Webhook {
    client: Client,
    signer: Signer,
    limits: Limits,
}

impl Webhook {
    /// A receiver at that address.
    ///
    /// # Errors
    /// As those of [`Http::new`](crate::dispatch::http::Http::new).
    pub fn new(
        name: &str,
        url: &str,
        signer: Signer,
        options: Options,
    ) -> Result<Self, DispatchError> {
        let limits = options.limits;
        let client = Client::new(name, url, options)?;
        Ok(Self {
            client,
            signer,
            limits,
        })
    }

    async fn send(&self, signal: &Envelope) -> Outcome {
        let written = binding::structured(signal, &self.limits);
        let message = written.map_err(|error| DispatchError::unwritable(self.name(), error))?;
        let id = message_id(signal);
        let now = Timestamp::now().as_second();
        let signature = self.signer.sign(&id, now, &message.body);
        let mut headers = message.headers;
        headers.extend([
            ("webhook-id".to_owned(), id),
            ("webhook-timestamp".to_owned(), now.to_string()),
            ("webhook-signature".to_owned(), signature),
        ]);
        let body = message.body;
        self.client.post(Request { headers, body }).await
    }
}

impl Target for Webhook {
    fn name(&self) -> &str {
        self.client.name()
    }

    /// Connects, with the handshake of an encrypted connection, and sends nothing.
    fn check(&self) -> Pending<'_, Outcome> {
        Box::pin(self.client.check())
    }

    fn deliver<'a>(&'a self, signal: &'a Envelope) -> Pending<'a, Outcome> {
        Box::pin(self.send(signal))
    }
}
