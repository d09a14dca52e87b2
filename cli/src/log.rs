//! The log: what is told to `tracing`, at the standard error, where somebody asks for it.

use std::io::{self, Write};
use std::sync::Arc;

use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::layer;
use tracing_subscriber::prelude::*;
use tracing_subscriber::{Layer, Registry};

use crate::io::Env;
use crate::screen::Screen;

/// Says what is logged, as programs of the field read it.
const VARIABLE: &str = "RUST_LOG";

/// Starts the log, where the environment asks for one, or somebody else hears it.
///
/// A subscriber that the application has set stays, since there can be only one.
pub(crate) fn start(
    env: &Env,
    screen: &Arc<Screen>,
    heard: Option<impl Layer<Registry> + Send + Sync>,
) {
    let asked = asked(env, screen);
    if asked.is_none() && heard.is_none() {
        return;
    }
    let screen = Arc::clone(screen);
    // The screen takes the colours out again where they are not wanted.
    let lines = asked.map(|targets| {
        let lines = layer().with_ansi(true);
        let lines = lines.with_writer(move || Lines(Arc::clone(&screen)));
        lines.with_filter(targets)
    });
    let log = tracing_subscriber::registry().with(heard).with(lines);
    // The application's own stays.
    drop(log.try_init());
}

/// What the environment asks for.
fn asked(env: &Env, screen: &Screen) -> Option<Targets> {
    let asked = env.var(VARIABLE)?;
    if asked.trim().is_empty() {
        return None;
    }
    let targets = asked.parse();
    let misread = |error| {
        screen.note(&format!(
            "there is no log, since {VARIABLE} is not understood: {error}; write it as `info` or `warn,enact=debug`"
        ));
    };
    targets.map_err(misread).ok()
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
