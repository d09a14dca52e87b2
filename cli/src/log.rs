//! The log: what is told to `tracing`, at the standard error, where somebody asks for it.

use std::io::{self, Write};
use std::sync::Arc;

use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::layer;
use tracing_subscriber::prelude::*;

use crate::io::Env;
use crate::screen::Screen;

/// Says what is logged, as programs of the field read it.
const VARIABLE: &str = "RUST_LOG";

/// Starts the log, where the environment asks for one.
///
/// A subscriber that the application has set stays, since there can be only one.
pub(crate) fn start(env: &Env, screen: &Arc<Screen>) {
    let Some(asked) = env.var(VARIABLE).filter(|asked| !asked.trim().is_empty()) else {
        return;
    };
    let targets: Targets = match asked.parse() {
        Ok(targets) => targets,
        Err(error) => {
            screen.note(&format!(
                "there is no log, since {VARIABLE} is not understood: {error}; write it as `info` or `warn,enact=debug`"
            ));
            return;
        }
    };
    let screen = Arc::clone(screen);
    // The screen takes the colours out again where they are not wanted.
    let lines = layer()
        .with_ansi(true)
        .with_writer(move || Lines(Arc::clone(&screen)));
    let log = tracing_subscriber::registry().with(lines.with_filter(targets));
    // The application's own stays.
    drop(log.try_init());
}

/// Writes beside progress bars, and not through them.
struct Lines(Arc<Screen>);

impl Write for Lines {
    /// A whole line: events are put together before they are written.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.note(&String::from_utf8_lossy(line));
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
