//! Looking names up.

use std::io;
use std::net::SocketAddr;

use tokio::net::lookup_host;

use crate::dispatch::Pending;

/// Looks names up; what it answers is judged by the [`Reach`](super::Reach) all the same.
pub trait Resolve: Send + Sync {
    /// The addresses of a host, which may be written as an address itself.
    ///
    /// # Errors
    /// Where it can't be looked up.
    fn resolve<'a>(&'a self, host: &'a str, port: u16) -> Pending<'a, io::Result<Vec<SocketAddr>>>;
}

/// The system's way.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

impl Resolve for SystemResolver {
    fn resolve<'a>(&'a self, host: &'a str, port: u16) -> Pending<'a, io::Result<Vec<SocketAddr>>> {
        Box::pin(async move { Ok(lookup_host((host, port)).await?.collect()) })
    }
}
