//! A receiver of HTTP requests on this machine: the other services, partners and providers of the
//! programs.

use std::convert::Infallible;
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use enact::bus::dispatch::http::{Options, Reach};
use enact::signal::http::{self, Content};
use enact::signal::{Envelope, Limits};
use http_body_util::{BodyExt as _, Collected, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::Outcome;

/// Somebody who is told things by HTTP, remembers them, and answers as they were told to.
///
/// It is at a port of its own on this machine, and gone when it is dropped.
#[derive(Debug)]
pub struct Receiver {
    address: SocketAddr,
    reach: Reach,
    shared: Arc<Shared>,
    _accepting: JoinSet<()>,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    /// The path of its address.
    pub path: String,
    /// Its headers, with their names in lower-case letters.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

/// What is answered to a request; made of a status alone, it has no body.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}

struct Shared {
    answer: Box<dyn Fn(&Request) -> Answer + Send + Sync>,
    taken: Mutex<Vec<Request>>,
}

impl Receiver {
    /// Opens one that answers so.
    ///
    /// # Errors
    /// Where this machine has no port for it.
    pub async fn open<A: Into<Answer>>(
        answer: impl Fn(&Request) -> A + Send + Sync + 'static,
    ) -> Outcome<Self> {
        let network = Ipv4Addr::LOCALHOST.to_string().parse()?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            answer: Box::new(move |request| answer(request).into()),
            taken: Mutex::default(),
        });
        let mut accepting = JoinSet::new();
        accepting.spawn(accept(listener, Arc::clone(&shared)));
        Ok(Self {
            address,
            reach: Reach::public().allow(network),
            shared,
            _accepting: accepting,
        })
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What has come so far, whatever was answered.
    pub fn requests(&self) -> Vec<Request> {
        let taken = self.shared.taken.lock();
        taken.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The signals that came to a path, whatever was answered.
    ///
    /// # Errors
    /// Where one of the requests was no signal.
    pub fn signals(&self, path: &str) -> Outcome<Vec<Envelope>> {
        let mut signals = Vec::new();
        for request in self.requests() {
            if request.path == path {
                signals.extend(request.signals()?);
            }
        }
        Ok(signals)
    }

    /// Options that reach it; a machine's own addresses are out of reach by default.
    pub fn options(&self) -> Options {
        Options {
            reach: self.reach.clone(),
            ..Options::default()
        }
    }
}

impl Request {
    /// A header; nothing where it is not there.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(found, _)| found == name);
        found.map_or("", |(_, value)| value)
    }

    /// The signals that it carries, in whichever of the modes of `CloudEvents`.
    ///
    /// # Errors
    /// Where it carries none.
    pub fn signals(&self) -> Outcome<Vec<Envelope>> {
        let headers = self.headers.iter().map(|(name, value)| (name, value));
        Ok(
            match http::read(headers, self.body.clone(), &Limits::default())? {
                Content::One(signal) => vec![signal],
                Content::Batch(batch) => {
                    batch.events.into_iter().map(|(_, signal)| signal).collect()
                }
            },
        )
    }
}

impl From<u16> for Answer {
    fn from(status: u16) -> Self {
        let body = String::new();
        Self { status, body }
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

/// Posts a body as somebody who knows nothing of signals does, and tells what is answered.
///
/// # Errors
/// Where there is no way there, or no answer.
pub async fn post(url: &str, headers: &[(&str, &str)], body: &str) -> Outcome<Answer> {
    let rest = url.strip_prefix("http://").ok_or("only `http` is spoken")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let stream = TokioIo::new(TcpStream::connect(host).await?);
    let (mut sender, connection) = hyper::client::conn::http1::handshake(stream).await?;
    let mut connecting = JoinSet::new();
    connecting.spawn(connection);
    let mut request = hyper::Request::post(format!("/{path}")).header("host", host);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::new(Bytes::copy_from_slice(body.as_bytes())))?;
    let (parts, body) = sender.send_request(request).await?.into_parts();
    let body = body.collect().await?.to_bytes();
    Ok(Answer {
        status: parts.status.as_u16(),
        body: String::from_utf8_lossy(&body).into_owned(),
    })
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut open = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        open.spawn(serve(stream, Arc::clone(&shared)));
        while open.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let service = service_fn(|request| answer(request, &shared));
    let http = hyper::server::conn::http1::Builder::new();
    // Whoever goes away has had their answer.
    drop(http.serve_connection(TokioIo::new(stream), service).await);
}

async fn answer(
    request: hyper::Request<Incoming>,
    shared: &Shared,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map(Collected::to_bytes);
    let headers = parts.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), value)
    });
    let request = Request {
        path: parts.uri.path().to_owned(),
        headers: headers.collect(),
        body: body.unwrap_or_default().into(),
    };
    let Answer { status, body } = (shared.answer)(&request);
    let taken = shared.taken.lock();
    taken.unwrap_or_else(PoisonError::into_inner).push(request);
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    Ok(response)
}
