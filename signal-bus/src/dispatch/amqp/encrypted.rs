//! Encrypted connections: sockets that encrypt by themselves, so that the client has nothing to do with it.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_rs::traits::Reactor;
use async_rs::util::RuntimeParts;
use async_rs::{Runtime, Tokio};
use futures_core::Stream as Sequence;
use lapin::uri::{AMQPScheme, AMQPUri};
use lapin::{Connection, ConnectionProperties};
use rustls::ClientConfig;
use tokio_util::compat::{Compat, TokioAsyncReadCompatExt as _};

use crate::dispatch::way::{Encrypting, Stream};

pub(super) async fn connect(
    mut uri: AMQPUri,
    properties: ConnectionProperties,
    client: Arc<ClientConfig>,
) -> lapin::Result<Connection> {
    let tokio = Tokio::current();
    let sockets = Sockets {
        encrypting: Encrypting::new(client, &uri.authority.host),
        tokio: tokio.clone(),
    };
    // What goes through such a socket is plain to the client.
    uri.scheme = AMQPScheme::AMQP;
    let runtime = Runtime::new(RuntimeParts::new(tokio, sockets));
    Connection::connect_uri_with_runtime(uri, properties, runtime).await
}

/// Tokio's sockets and timers, the sockets encrypted.
#[derive(Clone, Debug)]
struct Sockets {
    encrypting: Encrypting,
    tokio: Tokio,
}

impl Reactor for Sockets {
    type TcpStream = Compat<Stream>;
    type Sleep = <Tokio as Reactor>::Sleep;

    // Sockets that were opened elsewhere are plain, and the client has none.
    #[expect(
        refining_impl_trait_internal,
        reason = "there is no such socket, so its type says nothing"
    )]
    fn register<H: Read + Write + Send + 'static>(&self, _: H) -> io::Result<Self::TcpStream> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn sleep(&self, duration: Duration) -> Self::Sleep {
        self.tokio.sleep(duration)
    }

    fn interval(&self, duration: Duration) -> impl Sequence<Item = Instant> + Send + 'static {
        self.tokio.interval(duration)
    }

    fn tcp_connect_addr(
        &self,
        address: SocketAddr,
    ) -> impl Future<Output = io::Result<Self::TcpStream>> + Send + 'static {
        let encrypting = self.encrypting.clone();
        async move { Ok(encrypting.connect(address).await?.compat()) }
    }
}
