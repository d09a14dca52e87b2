//! A receiver of HTTP requests in the test itself.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use enact_signal_bus::dispatch::http::{Options, Reach};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Got {
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut named = self.headers.iter().filter(|(other, _)| other == name);
        named.next().map_or("", |(_, value)| value.as_str())
    }
}

type Answer = dyn Fn(&Got) -> Response<Full<Bytes>> + Send + Sync;

/// Listens until it is dropped.
pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    got: Arc<Mutex<Vec<Got>>>,
    connections: Arc<Mutex<usize>>,
    _tasks: JoinSet<()>,
}

impl Receiver {
    /// One that answers as it is told.
    pub(crate) async fn answering(
        answer: impl Fn(&Got) -> Response<Full<Bytes>> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (got, connections) = (Arc::default(), Arc::default());
        let answer: Arc<Answer> = Arc::new(answer);
        let mut tasks = JoinSet::new();
        tasks.spawn(listen(
            listener,
            Arc::clone(&got),
            Arc::clone(&connections),
            answer,
        ));
        Self {
            address,
            got,
            connections,
            _tasks: tasks,
        }
    }

    /// One that answers each with that status.
    pub(crate) async fn status(status: u16) -> Self {
        Self::answering(move |_| empty(status)).await
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/events", self.address)
    }

    pub(crate) fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }
}

pub(crate) fn empty(status: u16) -> Response<Full<Bytes>> {
    let response = Response::builder().status(status);
    response.body(Full::default()).unwrap()
}

/// Options that reach this machine.
pub(crate) fn here() -> Options {
    Options {
        reach: Reach::public().allow("127.0.0.0/8".parse().unwrap()),
        ..Options::default()
    }
}

async fn listen(
    listener: TcpListener,
    got: Arc<Mutex<Vec<Got>>>,
    connections: Arc<Mutex<usize>>,
    answer: Arc<Answer>,
) {
    let mut open = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        *connections.lock().unwrap() += 1;
        let (got, answer) = (Arc::clone(&got), Arc::clone(&answer));
        open.spawn(async move {
            let service = service_fn(|request| serve(request, &got, &*answer));
            let http = hyper::server::conn::http1::Builder::new();
            drop(http.serve_connection(TokioIo::new(stream), service).await);
        });
    }
}

async fn serve(
    request: Request<Incoming>,
    got: &Mutex<Vec<Got>>,
    answer: &Answer,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let text = |value: &hyper::header::HeaderValue| value.to_str().unwrap().to_owned();
    let headers = parts.headers.iter();
    let headers = headers.map(|(name, value)| (name.as_str().to_owned(), text(value)));
    let headers = headers.collect();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    let request = Got { headers, body };
    let response = answer(&request);
    got.lock().unwrap().push(request);
    Ok(response)
}
