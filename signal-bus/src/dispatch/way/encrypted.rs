//! What encrypts.

use std::error::Error;
use std::io;
use std::sync::Arc;

use rustls::{AlertDescription, ClientConfig, RootCertStore};
use rustls_native_certs::{load_certs_from_paths, load_native_certs};

use super::Way;
use crate::dispatch::{DispatchError, Kind};

/// What encrypts on that way. Certificates are read aside, since files block.
pub(in crate::dispatch) async fn client(
    target: &str,
    way: &Way,
) -> Result<Arc<ClientConfig>, DispatchError> {
    if let Some(tls) = &way.tls {
        return Ok(Arc::clone(tls));
    }
    let (name, way) = (target.to_owned(), way.clone());
    let made = tokio::task::spawn_blocking(move || make(&name, &way)).await;
    made.unwrap_or_else(|error| {
        let what = "reading certificates was stopped; retry";
        Err(DispatchError::new(Kind::Failed, target, what).because(error))
    })
}

fn make(target: &str, way: &Way) -> Result<Arc<ClientConfig>, DispatchError> {
    // The provider of the process may be another or none.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider);
    let builder = builder.with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| {
        DispatchError::new(Kind::Misconfigured, target, "nothing encrypts here").because(error)
    })?;
    let client = builder.with_root_certificates(roots(target, way)?);
    Ok(Arc::new(client.with_no_client_auth()))
}

/// Whose certificates are trusted.
fn roots(target: &str, way: &Way) -> Result<RootCertStore, DispatchError> {
    let (found, place) = match &way.trust {
        Some(file) => (
            load_certs_from_paths(Some(file), None),
            file.display().to_string(),
        ),
        None => (load_native_certs(), "the platform's store".to_owned()),
    };
    let mut roots = RootCertStore::empty();
    // A platform's store has one now and then that is none.
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added > 0 {
        return Ok(roots);
    }
    let what =
        format!("there are no certificates to trust in {place}; name a file of them with `trust`");
    let error = DispatchError::new(Kind::Misconfigured, target, what);
    Err(match found.errors.into_iter().next() {
        Some(cause) => error.because(cause),
        None => error,
    })
}

/// Who does not trust whom.
pub(super) enum Distrust {
    /// We do not trust the broker.
    Ours,
    /// It does not trust us, or we have not said who we are.
    Theirs,
}

/// Whether it was somebody's certificate, somewhere down the causes.
pub(super) fn distrust(error: &(dyn Error + 'static)) -> Option<Distrust> {
    let mut next = Some(error);
    while let Some(error) = next {
        match error.downcast_ref() {
            Some(rustls::Error::InvalidCertificate(_)) => return Some(Distrust::Ours),
            Some(rustls::Error::AlertReceived(alert)) if is_of_certificate(*alert) => {
                return Some(Distrust::Theirs);
            }
            _ => {}
        }
        // What is shared hides what it is; a client of Redis shares its causes.
        if let Some(shared) = error.downcast_ref::<Arc<dyn Error + Send + Sync>>() {
            next = Some(&**shared);
            continue;
        }
        // The source of one of the system's is what lies beneath the one that it wraps.
        next = match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

/// Whether the other side has something against our certificate (RFC 8446, section 6.2).
fn is_of_certificate(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied
    )
}

#[cfg(any(feature = "amqp", feature = "redis"))]
mod stream {
    use std::io;
    use std::sync::Arc;

    use rustls::ClientConfig;
    use rustls::pki_types::ServerName;
    use tokio::net::{TcpStream, ToSocketAddrs};
    use tokio_rustls::TlsConnector;

    /// An encrypted connection.
    pub(in crate::dispatch) type Stream = tokio_rustls::client::TlsStream<TcpStream>;

    /// Who connects to the host of that name, and encrypts.
    #[derive(Clone)]
    pub(in crate::dispatch) struct Encrypting {
        client: Arc<ClientConfig>,
        host: Arc<str>,
    }

    impl Encrypting {
        pub(in crate::dispatch) fn new(client: Arc<ClientConfig>, host: &str) -> Self {
            let host = host.into();
            Self { client, host }
        }

        /// Connects to the first of those that answers.
        pub(in crate::dispatch) async fn connect(
            self,
            to: impl ToSocketAddrs,
        ) -> io::Result<Stream> {
            let name = ServerName::try_from(self.host.to_string()).map_err(io::Error::other)?;
            let stream = TcpStream::connect(to).await?;
            stream.set_nodelay(true)?;
            TlsConnector::from(self.client).connect(name, stream).await
        }
    }

    impl std::fmt::Debug for Encrypting {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.debug_struct("Encrypting")
                .field("host", &self.host)
                .finish_non_exhaustive()
        }
    }
}

#[cfg(any(feature = "amqp", feature = "redis"))]
pub(in crate::dispatch) use self::stream::Encrypting;
#[cfg(feature = "amqp")]
pub(in crate::dispatch) use self::stream::Stream;
