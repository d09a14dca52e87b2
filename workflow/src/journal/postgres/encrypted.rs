//! Encrypted connections, as `sslmode` in the address says.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use rustls_native_certs::{load_certs_from_paths, load_native_certs};
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{Options, Problem};

/// What encrypts, where the address asks for that.
pub(super) fn encrypted(
    config: &Config,
    options: &Options,
) -> Result<Option<MakeRustlsConnect>, Problem> {
    // The one of the process may be another or none.
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider));
    let builder = builder.with_safe_default_protocol_versions()?;
    let client = match config.get_ssl_mode() {
        SslMode::Require => builder.with_root_certificates(roots(options)?),
        SslMode::Prefer if has_name(config) => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Whoever(provider))),
        _ => return Ok(None),
    };
    let client = client.with_no_client_auth();
    Ok(Some(MakeRustlsConnect::new(client)))
}

/// Whether a server is named, as it has to be for a handshake. One behind a socket does not encrypt.
fn has_name(config: &Config) -> bool {
    let is_name = |host: &Host| matches!(host, Host::Tcp(name) if !name.is_empty());
    config.get_hosts().iter().any(is_name)
}

/// Whose certificates are trusted.
fn roots(options: &Options) -> Result<RootCertStore, Problem> {
    let (found, place) = match &options.trust {
        Some(file) => (
            load_certs_from_paths(Some(file), None),
            file.display().to_string(),
        ),
        None => (load_native_certs(), "the platform's store".to_owned()),
    };
    let mut roots = RootCertStore::empty();
    // A platform's store has one now and then that is none.
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        return Err(Problem::Trust(place, found.errors.into_iter().next()));
    }
    Ok(roots)
}

/// Takes whoever answers. An address that does not insist on encryption is answered by whoever sits in between
/// anyway, who need but say that the server does not encrypt; what it keeps out is who only listens.
#[derive(Debug)]
struct Whoever(Arc<CryptoProvider>);

impl ServerCertVerifier for Whoever {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
