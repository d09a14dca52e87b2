//! The standard streams of a process that is a server: the protocol's alone.
//!
//! A client takes each line of the standard output for a message. One `println!` in an action, a library of C that writes a
//! notice or a program that an action starts would end the session. So the protocol keeps both streams for itself, and
//! puts others in their places: what is written to the standard output comes out at the standard error, and
//! whoever reads the standard input finds its end and not the client's messages.

use std::fmt;

use tokio::io::{AsyncRead, AsyncWrite};

use crate::error::McpError;

type Input = Box<dyn AsyncRead + Send + Unpin>;
type Output = Box<dyn AsyncWrite + Send + Unpin>;

/// The standard streams of this process, kept for the protocol.
///
/// ```no_run
/// use enact_action_core::Registry;
/// use enact_mcp::{Server, Stdio};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let Stdio { input, output } = Stdio::take()?;
/// println!("connecting"); // where people read it: at the standard error
/// let server = Server::builder("shop", &Registry::open()?).build()?;
/// server.serve(input, output).await?;
/// # Ok(())
/// # }
/// ```
pub struct Stdio {
    /// What the client writes.
    pub input: Input,
    /// What the client reads.
    pub output: Output,
}

impl Stdio {
    /// Takes both streams, for as long as the process lives. It needs a tokio runtime around it.
    ///
    /// From then on the standard output of this process, of libraries of any language in it and of programs that it starts is its
    /// standard error, and their standard input is empty. On Windows the streams are taken as they are: there, what is
    /// written to the standard output reaches the client.
    ///
    /// # Errors
    /// Where they are taken already, or the system gives no more file descriptors.
    pub fn take() -> Result<Self, McpError> {
        Ok(system::take()?)
    }
}

impl fmt::Debug for Stdio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stdio").finish_non_exhaustive()
    }
}

#[cfg(unix)]
mod system {
    use std::fs::File;
    use std::io;
    use std::os::fd::{AsFd, AsRawFd, OwnedFd};
    use std::sync::atomic::{AtomicBool, Ordering};

    use rustix::io::fcntl_dupfd_cloexec;
    use rustix::stdio::{dup2_stdin, dup2_stdout};
    use tokio::net::unix::pipe;

    use super::{Input, Output, Stdio};
    use crate::error::Inner;

    static TAKEN: AtomicBool = AtomicBool::new(false);

    pub(super) fn take() -> Result<Stdio, Inner> {
        if TAKEN.swap(true, Ordering::SeqCst) {
            return Err(Inner::Taken);
        }
        let (input, output) = kept().map_err(Inner::Streams)?;
        // A pipe that is opened anew can be waited for without a thread, and others who hold it see no change.
        let input: Input = match pipe::OpenOptions::new().open_receiver(place(&input)) {
            Ok(pipe) => Box::new(pipe),
            Err(_) => Box::new(file(input)),
        };
        let output: Output = match pipe::OpenOptions::new().open_sender(place(&output)) {
            Ok(pipe) => Box::new(pipe),
            Err(_) => Box::new(file(output)),
        };
        Ok(Stdio { input, output })
    }

    /// The streams under other numbers, which programs that are started do not get.
    fn kept() -> io::Result<(OwnedFd, OwnedFd)> {
        // Beyond those that have a meaning.
        const FIRST: i32 = 3;
        let input = fcntl_dupfd_cloexec(io::stdin().as_fd(), FIRST)?;
        let output = fcntl_dupfd_cloexec(io::stdout().as_fd(), FIRST)?;
        dup2_stdin(File::open("/dev/null")?)?;
        dup2_stdout(io::stderr().as_fd())?;
        Ok((input, output))
    }

    /// Where Linux has an open file; elsewhere there is nothing.
    fn place(open: &OwnedFd) -> String {
        format!("/proc/self/fd/{}", open.as_raw_fd())
    }

    fn file(open: OwnedFd) -> tokio::fs::File {
        tokio::fs::File::from_std(open.into())
    }
}

#[cfg(not(unix))]
mod system {
    use super::Stdio;
    use crate::error::Inner;

    pub(super) fn take() -> Result<Stdio, Inner> {
        let (input, output) = rmcp::transport::stdio_pipes();
        Ok(Stdio {
            input: Box::new(input),
            output: Box::new(output),
        })
    }
}
