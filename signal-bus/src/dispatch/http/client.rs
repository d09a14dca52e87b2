//! One address to post to, its connections kept open.

use std::error::Error;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER, USER_AGENT};
use hyper::{Method, Response, StatusCode, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use jiff::Timestamp;
use rustls::{ClientConfig, RootCertStore};
use tower_service::Service as _;

use super::Options;
use super::answer::{outcome, retry_after};
use super::connect::{Connect, OutOfReach, is_https};
use super::resolve::SystemResolver;
use crate::dispatch::{DispatchError, Kind, Outcome};

/// So many bytes of an answer are read, so that its connection can be used again; a longer one is
/// hung up on.
const ANSWER: usize = 16 << 10;
/// How long that may take.
const REST: Duration = Duration::from_secs(1);

/// What is sent.
#[derive(Debug)]
pub(in crate::dispatch) struct Request {
    pub(in crate::dispatch) headers: Vec<(String, String)>,
    pub(in crate::dispatch) body: Vec<u8>,
}

/// One address to post to.
pub(in crate::dispatch) struct Client {
    name: String,
    uri: Uri,
    headers: HeaderMap,
    timeout: Duration,
    connector: HttpsConnector<Connect>,
    pool: legacy::Client<HttpsConnector<Connect>, Full<Bytes>>,
}

impl Client {
    pub(in crate::dispatch) fn new(
        name: &str,
        url: &str,
        options: Options,
    ) -> Result<Self, DispatchError> {
        let wrong = |what: String| DispatchError::new(Kind::Misconfigured, name, what);
        let mut faults = Vec::new();
        let uri = address(url).unwrap_or_else(|fault| {
            faults.push(fault);
            Uri::default()
        });
        let mut headers = headers(&options.headers, &mut faults);
        if !faults.is_empty() {
            return Err(wrong(faults.join("; ")));
        }
        let agent = HeaderValue::from_static(concat!("enact/", env!("CARGO_PKG_VERSION")));
        headers.entry(USER_AGENT).or_insert(agent);
        if let Some(address) = literal(&uri).filter(|address| !options.reach.admits(*address)) {
            return Err(forbidden(name, &address.to_string()));
        }
        let tls = match options.client.tls {
            Some(tls) => tls,
            None => system_tls(is_https(&uri)).map_err(wrong)?,
        };
        let resolver = options.client.resolver;
        let connect = Connect {
            reach: options.reach,
            resolver: resolver.unwrap_or_else(|| Arc::new(SystemResolver)),
            timeout: options.connect_timeout,
        };
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connect);
        let pool = legacy::Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_mins(1))
            .pool_max_idle_per_host(32)
            .build(connector.clone());
        Ok(Self {
            name: name.to_owned(),
            uri,
            headers,
            timeout: options.timeout,
            connector,
            pool,
        })
    }

    pub(in crate::dispatch) fn name(&self) -> &str {
        &self.name
    }

    /// Connects and hangs up.
    pub(in crate::dispatch) async fn check(&self) -> Outcome {
        let mut connector = self.connector.clone();
        let connected = tokio::time::timeout(self.timeout, connector.call(self.uri.clone()));
        match connected.await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(self.unreachable(error)),
            Err(_) => Err(self.late()),
        }
    }

    /// Posts, and says what came of it.
    pub(in crate::dispatch) async fn post(&self, request: Request) -> Outcome {
        self.ask(request).await.1
    }

    /// Posts, and says what came of it, with the status where there was an answer.
    pub(super) async fn ask(&self, request: Request) -> (Option<StatusCode>, Outcome) {
        let posted = tokio::time::timeout(self.timeout, self.exchange(request)).await;
        let answer = match posted.unwrap_or_else(|_| Err(self.late())) {
            Ok(answer) => answer,
            Err(error) => return (None, Err(error)),
        };
        let status = answer.status();
        let asked = answer.headers().get(RETRY_AFTER);
        let asked = asked.and_then(|value| value.to_str().ok());
        let wait = asked.and_then(|value| retry_after(value, Timestamp::now()));
        let outcome = outcome(&self.name, status, wait);
        // So that the connection can be used again. What came of it is known, whatever becomes of that.
        let rest = self.timeout.min(REST);
        drop(tokio::time::timeout(rest, finish(answer)).await);
        (Some(status), outcome)
    }

    async fn exchange(&self, request: Request) -> Result<Response<Incoming>, DispatchError> {
        let mut message = hyper::Request::new(Full::new(Bytes::from(request.body)));
        *message.method_mut() = Method::POST;
        *message.uri_mut() = self.uri.clone();
        *message.headers_mut() = self.headers.clone();
        for (name, value) in request.headers {
            let (name, value) = header(&name, &value)
                .map_err(|fault| DispatchError::new(Kind::Unwritable, &self.name, fault))?;
            message.headers_mut().insert(name, value);
        }
        let sent = self.pool.request(message).await;
        sent.map_err(|error| self.unreachable(error))
    }

    fn late(&self) -> DispatchError {
        let what = format!(
            "it did not answer within {:?}; it may have taken the signal nevertheless",
            self.timeout
        );
        DispatchError::new(Kind::Timeout, &self.name, what)
    }

    fn unreachable(&self, error: impl Into<Box<dyn Error + Send + Sync>>) -> DispatchError {
        let error = error.into();
        if let Some(address) = out_of_reach(&*error) {
            return forbidden(&self.name, &address);
        }
        let host = self.uri.host().unwrap_or_default();
        let what = format!("there is no way to {host}, or it broke off; retry");
        DispatchError::new(Kind::Unreachable, &self.name, what).because(error)
    }
}

/// Reads what is left of an answer, so far as that is little.
async fn finish(answer: Response<Incoming>) {
    let (mut body, mut read) = (answer.into_body(), 0);
    while read <= ANSWER {
        match body.frame().await {
            Some(Ok(frame)) => read += frame.data_ref().map_or(0, Bytes::len),
            Some(Err(_)) | None => return,
        }
    }
}

fn forbidden(name: &str, address: &str) -> DispatchError {
    let what = format!("{address} is no public address; allow its network if that is meant");
    DispatchError::new(Kind::Forbidden, name, what)
}

/// The address that was out of reach, where that was it.
fn out_of_reach(error: &(dyn Error + 'static)) -> Option<String> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<std::io::Error>() {
            let inner = found.get_ref();
            if let Some(address) = inner.and_then(|inner| inner.downcast_ref::<OutOfReach>()) {
                return Some(address.address());
            }
            // What an error of I/O wraps is not among its sources.
            next = inner.map(|inner| inner as &(dyn Error + 'static));
            if next.is_some() {
                continue;
            }
        }
        next = error.source();
    }
    None
}

/// The URL, where it is one that can be posted to.
fn address(url: &str) -> Result<Uri, String> {
    let uri: Uri = url
        .parse()
        .map_err(|error| format!("its address is no URL ({error})"))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err("its address must begin with `https://` or `http://`".to_owned());
    }
    let authority = uri
        .authority()
        .map_or("", hyper::http::uri::Authority::as_str);
    if authority.contains('@') {
        let what = "its address has credentials in it; write them as a header";
        return Err(what.to_owned());
    }
    let Some(host) = uri.host().filter(|host| !host.is_empty()) else {
        return Err("its address names no host".to_owned());
    };
    // What is no port is none for the library, which would take that of the scheme.
    if uri.port_u16().is_none() && authority.len() > host.len() {
        let what = "its address names no port behind the colon; write one up to 65535, or none";
        return Err(what.to_owned());
    }
    Ok(uri)
}

fn literal(uri: &Uri) -> Option<IpAddr> {
    let host = uri.host()?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.parse().ok()
}

fn headers(given: &[(String, String)], faults: &mut Vec<String>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        match header(name, value) {
            Ok((name, mut value)) => {
                value.set_sensitive(true);
                headers.append(name, value);
            }
            Err(fault) => faults.push(fault),
        }
    }
    headers
}

fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    let wrong = |_| format!("the header {name:?} has a value that can't be sent");
    let value = HeaderValue::from_str(value).map_err(wrong)?;
    let name = HeaderName::from_bytes(name.as_bytes());
    let name = name.map_err(|error| format!("a header has a name that is none ({error})"))?;
    Ok((name, value))
}

/// Trusts whom the platform trusts, which is read only where it is wanted.
fn system_tls(wanted: bool) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    if wanted {
        let found = rustls_native_certs::load_native_certs();
        let (added, _) = roots.add_parsable_certificates(found.certs);
        if added == 0 {
            let what = "the platform's store has no certificates to trust; give some in `tls`";
            return Err(what.to_owned());
        }
    }
    // The provider of the process may be another or none.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider);
    let builder = builder.with_safe_default_protocol_versions();
    let builder = builder.map_err(|error| format!("nothing encrypts here ({error})"))?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Client");
        debug.field("name", &self.name).finish_non_exhaustive()
    }
}
