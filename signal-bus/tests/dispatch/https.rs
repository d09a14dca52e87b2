//! Encrypted receivers: whose certificate is trusted, and for which name.

use std::sync::Arc;

use enact_signal_bus::dispatch::http::{ClientOptions, Http, Mode, Options};
use enact_signal_bus::dispatch::{Kind, Target};
use http_body_util::BodyExt as _;
use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use crate::receiver::{empty, here};
use crate::world::{read, signal};

/// A receiver for a name, its port, its certificate, and what comes of the first request.
struct Receiver {
    port: u16,
    certificate: CertificateDer<'static>,
    tasks: JoinSet<Option<Vec<u8>>>,
}

async fn receiver(name: &str) -> Receiver {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
    let certificate = made.cert.der().clone();
    let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key.into())
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut tasks = JoinSet::new();
    tasks.spawn(serve(listener, TlsAcceptor::from(Arc::new(config))));
    Receiver {
        port,
        certificate,
        tasks,
    }
}

/// The body of the first request that comes through.
async fn serve(listener: TcpListener, acceptor: TlsAcceptor) -> Option<Vec<u8>> {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let Ok(stream) = acceptor.accept(stream).await else {
            continue;
        };
        let body = std::sync::Mutex::new(None);
        let service = service_fn(|request: Request<Incoming>| async {
            let got = request.into_body().collect().await?.to_bytes().to_vec();
            *body.lock().unwrap() = Some(got);
            Ok::<_, hyper::Error>(empty(200))
        });
        let http = hyper::server::conn::http1::Builder::new();
        drop(http.serve_connection(TokioIo::new(stream), service).await);
        if let Some(got) = body.into_inner().unwrap() {
            return Some(got);
        }
    }
}

/// Options that trust that certificate, and none else.
fn trusting(certificate: &CertificateDer<'static>) -> Options {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Options {
        client: ClientOptions {
            tls: Some(tls),
            resolver: None,
        },
        ..here()
    }
}

#[tokio::test]
async fn a_receiver_that_is_trusted_gets_the_signal() {
    let mut receiver = receiver("127.0.0.1").await;
    let url = format!("https://127.0.0.1:{}/", receiver.port);
    let options = trusting(&receiver.certificate);
    let target = Http::new("shop", &url, Mode::Structured, options).unwrap();
    target.check().await.unwrap();
    target.deliver(&signal("1")).await.unwrap();
    drop(target);
    let body = receiver.tasks.join_next().await.unwrap().unwrap().unwrap();
    assert_eq!(read(&body), signal("1"));
}

#[tokio::test]
async fn one_of_another_name_or_of_an_unknown_authority_gets_nothing() {
    let other = receiver("shop.example").await;
    let unknown = receiver("127.0.0.1").await;
    for port in [other.port, unknown.port] {
        let url = format!("https://127.0.0.1:{port}/");
        let options = trusting(&other.certificate);
        let target = Http::new("shop", &url, Mode::Structured, options).unwrap();
        let error = target.check().await.unwrap_err();
        assert_eq!(error.kind(), Kind::Unreachable, "{error:?}");
        assert!(target.deliver(&signal("1")).await.is_err());
    }
    for mut tasks in [other.tasks, unknown.tasks] {
        assert!(tasks.try_join_next().is_none());
    }
}
