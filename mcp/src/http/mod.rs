//! Streamable HTTP: who may come, and what they get.

mod body;
mod door;
mod late;
mod sessions;
mod standing;

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream, lookup_host};
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;

pub(crate) use self::door::SESSION;
use self::door::{Door, Secret};
use crate::TARGET;
use crate::error::{Inner, McpError};
use crate::server::Server;
use crate::session::{Denied, Grant, Session};

/// How long the head of a request may take.
const HEAD: Duration = Duration::from_secs(30);

/// How often it is looked for sessions to end, and for calls to answer whose action holds its thread.
///
/// It also spares the runtime work: a timer that would be its next has it wake a thread, and each call and each wait for a request
/// begins some. With this one there, none of them is the next.
const SWEEP: Duration = Duration::from_millis(500);

/// Tells what a client gets, or turns it away.
type Hook = Arc<dyn Fn(&Session<'_>) -> Result<Grant, Denied> + Send + Sync>;

/// How a server serves over HTTP: who may come, and what they get.
///
/// Without more, only this machine is served: requests whose `Host` or `Origin` is elsewhere are refused (403), which keeps web
/// pages away that a browser has open. An address that others can reach is served only with a token.
///
/// ```
/// use enact_action_core::Context;
/// use enact_mcp::{Allow, Denied, Grant, Http};
///
/// let http = Http::new()
///     .host("tools.example.com")
///     .origin("https://app.example.com:443")
///     .sessions(|session| match session.bearer() {
///         Some("t0p-of-acme") => Ok(Grant::new(Context::new().of_tenant("acme")).allow(Allow::only(["get_*"]))),
///         _ => Err(Denied::because("whose token is this?")),
///     });
/// ```
#[derive(Clone, Default)]
#[must_use = "it does nothing until a server is bound with it"]
pub struct Http {
    token: Option<Secret>,
    hosts: Vec<String>,
    origins: Vec<String>,
    sessions: Option<Hook>,
}

impl Http {
    /// For this machine, without a token.
    pub fn new() -> Self {
        Self::default()
    }

    /// Wants this bearer token in each request; else the answer is 401.
    pub fn token(mut self, token: &str) -> Self {
        self.token = Some(Secret::new(token));
        self
    }

    /// Takes requests for this host besides this machine: a name or an address, with a port where only that is meant.
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.hosts.push(host.into());
        self
    }

    /// Takes requests from pages of this origin besides this machine's, as `https://app.example.com:443`.
    pub fn origin(mut self, origin: impl Into<String>) -> Self {
        self.origins.push(origin.into());
        self
    }

    /// Says of each request whose it is: its tenant, its resources, its tools. It must not block.
    ///
    /// It stands in for a [`token`](Self::token) where an address is served that others can reach, so it must see to who comes.
    pub fn sessions(
        mut self,
        sessions: impl Fn(&Session<'_>) -> Result<Grant, Denied> + Send + Sync + 'static,
    ) -> Self {
        self.sessions = Some(Arc::new(sessions));
        self
    }

    fn check(&self, address: &str, found: SocketAddr) -> Result<(), Inner> {
        if self.token.as_ref().is_some_and(Secret::is_empty) {
            return Err(Inner::Token);
        }
        let is_open = self.token.is_none() && self.sessions.is_none();
        if is_open && !found.ip().is_loopback() {
            return Err(Inner::Exposed(address.to_owned()));
        }
        Ok(())
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Http")
            .field("hosts", &self.hosts)
            .field("origins", &self.origins)
            .finish_non_exhaustive()
    }
}

/// A server that has its address, and serves once it is told to.
#[derive(Debug)]
pub struct Bound {
    server: Server,
    http: Http,
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Takes an address for HTTP, as `127.0.0.1:8931`; port 0 is any that is free. The endpoint is `/mcp`.
    ///
    /// # Errors
    /// Where the address is not to be had, or others can reach it and nothing keeps them out.
    ///
    /// ```
    /// # use enact_action_core::Registry;
    /// use enact_mcp::{Http, Server};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let server = Server::builder("shop", &Registry::open()?).build()?;
    /// let error = server.bind("0.0.0.0:0", Http::new()).await.unwrap_err();
    /// assert_eq!(error.code(), "mcp.exposed");
    ///
    /// let bound = server.bind("127.0.0.1:0", Http::new()).await?;
    /// println!("http://{}/mcp", bound.address());
    /// server.stop();
    /// bound.serve().await;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn bind(&self, address: &str, http: Http) -> Result<Bound, McpError> {
        let unavailable = |error| Inner::Bind(address.to_owned(), error);
        let all: Vec<SocketAddr> = lookup_host(address).await.map_err(unavailable)?.collect();
        for found in &all {
            http.check(address, *found)?;
        }
        let listener = TcpListener::bind(&*all).await.map_err(unavailable)?;
        let address = listener.local_addr().map_err(unavailable)?;
        Ok(Bound {
            server: self.clone(),
            http,
            listener,
            address,
        })
    }
}

impl Bound {
    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until the server is [stopped](Server::stop).
    pub async fn serve(self) {
        let limits = *self.server.limits();
        let stop = self.server.stopped();
        let places = Arc::new(Semaphore::new(
            limits.connections.clamp(1, Semaphore::MAX_PERMITS),
        ));
        let door = Arc::new(Door::new(&self.server, self.http, self.address));
        let mut connections = JoinSet::new();
        // Whoever lets go of this serves nobody any more.
        let _end = End(Arc::clone(&door));
        let mut sweep = interval(SWEEP);
        sweep.set_missed_tick_behavior(MissedTickBehavior::Delay);
        tracing::info!(target: TARGET, address = %self.address, tools = self.server.len(), "serving");
        loop {
            let (place, accepted) = tokio::select! {
                () = stop.cancelled() => break,
                _ = sweep.tick() => {
                    door.sweep();
                    continue;
                }
                Some(_) = connections.join_next() => continue,
                taken = take(&places, &self.listener) => taken,
            };
            match accepted {
                Ok((stream, peer)) => {
                    let served = serve(stream, peer, Arc::clone(&door), stop.clone());
                    connections.spawn(async move {
                        served.await;
                        drop(place);
                    });
                }
                Err(error) => {
                    tracing::warn!(target: TARGET, %error, "could not accept a connection");
                    // As when there are no more file descriptors: some will come back.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        door.stop();
        let left = async {
            self.server.drain().await;
            timeout(limits.grace, connections.join_all()).await.is_err()
        };
        let mut left = pin!(left);
        let is_left = loop {
            tokio::select! {
                is_left = left.as_mut() => break is_left,
                _ = sweep.tick() => door.sweep(),
            }
        };
        if is_left {
            tracing::warn!(target: TARGET, "left while clients are connected");
        }
    }
}

/// Takes the next connection, once there is a place; until then it waits in the system's own queue.
async fn take(
    places: &Arc<Semaphore>,
    listener: &TcpListener,
) -> (
    Result<OwnedSemaphorePermit, AcquireError>,
    io::Result<(TcpStream, SocketAddr)>,
) {
    let place = Arc::clone(places).acquire_owned().await;
    (place, listener.accept().await)
}

/// Ends all sessions when it is let go.
struct End(Arc<Door>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.end();
    }
}

async fn serve(stream: TcpStream, peer: SocketAddr, door: Arc<Door>, stop: CancellationToken) {
    // An answer is written in several parts, and none is to wait until the one before it has been heard of.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(target: TARGET, %peer, %error, "parts of answers may wait");
    }
    let service = service_fn(move |request| {
        let door = Arc::clone(&door);
        async move { Ok::<_, Infallible>(door.answer(request, peer).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stop.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(target: TARGET, %peer, %error, "a connection broke off");
    }
}
