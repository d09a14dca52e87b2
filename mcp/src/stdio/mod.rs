//! Lines of JSON, one message each: how a client talks to a process that it has started.

mod checked;
mod id;
mod streams;

use rmcp::ServiceExt;
use rmcp::service::ServerInitializeError;
use rmcp::transport::async_rw::AsyncRwTransport;
use tokio::io::{AsyncRead, AsyncWrite};

use self::checked::Checked;
pub(crate) use self::checked::{NO_JSON, TOO_LONG};
pub use self::streams::Stdio;
use crate::error::{Inner, McpError};
use crate::handler::Handler;
use crate::server::Server;

pub(crate) async fn serve(
    server: &Server,
    input: impl AsyncRead + Send + Unpin + 'static,
    output: impl AsyncWrite + Send + Unpin + 'static,
) -> Result<(), McpError> {
    let input = Checked::new(input, server.limits().message);
    // The reader before it sees to the length.
    let transport = AsyncRwTransport::new_server(input, output).with_max_line_length(usize::MAX);
    let gone = server.stopped().child_token();
    let running = Handler::new(server, gone.clone(), server.connection())
        .serve_with_ct(transport, server.stopped().child_token())
        .await;
    let ended = match running {
        Ok(running) => {
            // How it ended is in the log of the protocol's library; here, an end is an end.
            running.waiting().await.map(drop).unwrap_or_default();
            Ok(())
        }
        // Nobody came, or we are to stop.
        Err(ServerInitializeError::ConnectionClosed(_) | ServerInitializeError::Cancelled) => {
            Ok(())
        }
        Err(error) => Err(Inner::Handshake(Box::new(error)).into()),
    };
    gone.cancel();
    server.drain().await;
    ended
}
