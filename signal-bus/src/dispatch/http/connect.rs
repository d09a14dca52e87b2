//! Connections, each to an address that was judged.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tower_service::Service;

use super::reach::Reach;
use super::resolve::Resolve;
use crate::dispatch::Pending;

/// Connects to a host whose addresses are all in reach, and to nothing else.
#[derive(Clone)]
pub(super) struct Connect {
    pub(super) reach: Reach,
    pub(super) resolver: Arc<dyn Resolve>,
    pub(super) timeout: Duration,
}

/// An address that is out of reach.
#[derive(Debug)]
pub(super) struct OutOfReach(IpAddr);

impl fmt::Display for OutOfReach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is no public address", self.0)
    }
}

impl std::error::Error for OutOfReach {}

impl OutOfReach {
    pub(super) fn address(&self) -> String {
        self.0.to_string()
    }
}

impl Connect {
    /// A connection to the first of the addresses that answers, all of which were judged before.
    async fn connect(&self, uri: &Uri) -> io::Result<TcpStream> {
        let host = uri.host().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let implied = if is_https(uri) { 443 } else { 80 };
        let port = uri.port_u16().unwrap_or(implied);
        let addresses = self.resolver.resolve(host, port).await?;
        for address in &addresses {
            self.judge(address)?;
        }
        let mut failure = io::Error::new(io::ErrorKind::NotFound, "the name has no addresses");
        for address in addresses {
            match TcpStream::connect(address).await {
                Ok(stream) => {
                    self.judge(&stream.peer_addr()?)?;
                    stream.set_nodelay(true)?;
                    return Ok(stream);
                }
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    fn judge(&self, address: &SocketAddr) -> io::Result<()> {
        if self.reach.admits(address.ip()) {
            Ok(())
        } else {
            Err(io::Error::other(OutOfReach(address.ip())))
        }
    }
}

pub(super) fn is_https(uri: &Uri) -> bool {
    uri.scheme_str() == Some("https")
}

impl Service<Uri> for Connect {
    type Response = TokioIo<TcpStream>;
    type Error = io::Error;
    type Future = Pending<'static, io::Result<TokioIo<TcpStream>>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connect = self.clone();
        Box::pin(async move {
            let connected = timeout(connect.timeout, connect.connect(&uri)).await;
            connected
                .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
                .map(TokioIo::new)
        })
    }
}
