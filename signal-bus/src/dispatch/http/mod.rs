//! HTTP receivers, as the HTTP binding of CloudEvents 1.0.2 asks: structured, binary, batched.
//!
//! What is connected to is judged address by address, at the moment of connecting: see [`Reach`].
//! Redirects are not followed, and no proxy of the environment is used.

mod answer;
mod client;
mod connect;
mod network;
mod reach;
mod resolve;

use std::time::Duration;

use enact_signal_core::{Envelope, Limits, http as binding};

pub(super) use self::client::{Client, Request};
pub use self::network::{Network, NetworkError};
pub use self::reach::Reach;
pub use self::resolve::{Resolve, SystemResolver};
use crate::dispatch::target::{one_by_one, shared};
use crate::dispatch::{DispatchError, Kind, Outcome, Pending, Target};

/// How signals are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Mode {
    /// One request for each, its body the event as JSON.
    #[default]
    Structured,
    /// One request for each, attributes in headers and the data as the body.
    Binary,
    /// One request for all that are delivered together, which fails or succeeds as one; where the receiver takes it for
    /// wrong (400, 413, 422), its halves go by themselves. One that is delivered by itself is a batch of one.
    Batched,
}

/// Where requests go and how.
///
/// ```
/// use std::time::Duration;
///
/// use enact_signal_bus::dispatch::http::Options;
///
/// let options = Options {
///     timeout: Duration::from_secs(5),
///     headers: vec![("authorization".into(), "Bearer …".into())],
///     ..Options::default()
/// };
/// // Values of headers stay out of what is printed.
/// assert!(!format!("{options:?}").contains("Bearer"));
/// ```
#[derive(Clone)]
pub struct Options {
    /// Addresses that may be connected to; public ones by default.
    pub reach: Reach,
    /// Looking a name up and connecting take so long at most; 10 s by default.
    pub connect_timeout: Duration,
    /// A request takes so long at most until it is known what is answered, 30 s by default; and a second at most until the
    /// rest of the answer is read.
    pub timeout: Duration,
    /// Headers of every request beside those of the binding; none by default.
    pub headers: Vec<(String, String)>,
    /// How large what is sent may be.
    pub limits: Limits,
    /// Whether names are looked up and encrypted receivers trusted in another way.
    pub client: ClientOptions,
}

/// How receivers are found and trusted; each is the system's way by default.
#[derive(Clone, Default)]
pub struct ClientOptions {
    /// Who looks names up.
    pub resolver: Option<std::sync::Arc<dyn Resolve>>,
    /// What encrypts: certificates of one's own, or those of an own authority to trust.
    pub tls: Option<rustls::ClientConfig>,
}

impl std::fmt::Debug for ClientOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientOptions").finish_non_exhaustive()
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            reach: Reach::public(),
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(30),
            headers: Vec::new(),
            limits: Limits::default(),
            client: ClientOptions::default(),
        }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let headers: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        let mut debug = f.debug_struct("Options");
        debug
            .field("reach", &self.reach)
            .field("connect_timeout", &self.connect_timeout)
            .field("timeout", &self.timeout)
            .field("headers", &headers)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// An HTTP receiver of CloudEvents.
///
/// ```no_run
/// use enact_signal_bus::dispatch::http::{Http, Mode, Options};
/// use enact_signal_bus::dispatch::{Backoff, Layers, Target};
/// use enact_signal_core::Envelope;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let shop = Http::new("shop", "https://shop.example/events", Mode::Binary, Options::default())?;
/// let shop = shop.retrying(Backoff::default());
/// shop.deliver(&Envelope::builder("order.paid", "/payments").build()?).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Http {
    client: Client,
    mode: Mode,
    limits: Limits,
}

impl Http {
    /// A receiver at that address.
    ///
    /// # Errors
    /// [`Kind::Misconfigured`] with everything that is wrong with the address and the headers, and
    /// [`Kind::Forbidden`] where the host is an address that is out of reach.
    pub fn new(name: &str, url: &str, mode: Mode, options: Options) -> Result<Self, DispatchError> {
        let limits = options.limits;
        let client = Client::new(name, url, options)?;
        Ok(Self {
            client,
            mode,
            limits,
        })
    }

    fn write(&self, signals: &[Envelope]) -> Result<Request, DispatchError> {
        let written = match (self.mode, signals) {
            (Mode::Structured, [signal]) => binding::structured(signal, &self.limits),
            (Mode::Binary, [signal]) => binding::binary(signal, &self.limits),
            (_, signals) => binding::batch(signals, &self.limits),
        };
        let message = written.map_err(|error| DispatchError::unwritable(self.name(), error))?;
        Ok(Request {
            headers: message.headers,
            body: message.body,
        })
    }

    async fn send(&self, signals: &[Envelope]) -> Outcome {
        self.client.post(self.write(signals)?).await
    }
}

impl Target for Http {
    fn name(&self) -> &str {
        self.client.name()
    }

    /// Connects, with the handshake of an encrypted connection, and sends nothing.
    fn check(&self) -> Pending<'_, Outcome> {
        Box::pin(self.client.check())
    }

    fn deliver<'a>(&'a self, signal: &'a Envelope) -> Pending<'a, Outcome> {
        Box::pin(self.send(std::slice::from_ref(signal)))
    }

    fn deliver_all<'a>(&'a self, signals: &'a [Envelope]) -> Pending<'a, Vec<Outcome>> {
        Box::pin(async move {
            match self.mode {
                _ if signals.is_empty() => Vec::new(),
                Mode::Batched => self.send_batch(signals).await,
                Mode::Structured | Mode::Binary => one_by_one(self, signals).await,
            }
        })
    }

    fn is_joint(&self) -> bool {
        self.mode == Mode::Batched
    }
}

impl Http {
    /// One that can't be written, or that the receiver takes for wrong, costs no other.
    async fn send_batch(&self, signals: &[Envelope]) -> Vec<Outcome> {
        let (status, outcome) = match self.write(signals) {
            Ok(request) => self.client.ask(request).await,
            Err(error) => (None, Err(error)),
        };
        let unwritable = matches!(&outcome, Err(error) if error.kind() == Kind::Unwritable);
        if signals.len() > 1 && (unwritable || status.is_some_and(answer::is_of_content)) {
            let (left, right) = signals.split_at(signals.len() / 2);
            let mut outcomes = Box::pin(self.send_batch(left)).await;
            outcomes.extend(Box::pin(self.send_batch(right)).await);
            return outcomes;
        }
        shared(&outcome, signals.len())
    }
}
