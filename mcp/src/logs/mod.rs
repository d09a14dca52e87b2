//! What actions log, for the clients that call them.

mod layer;
mod line;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

#[expect(
    deprecated,
    reason = "clients of revisions before 2026-07-28 ask for it"
)]
use rmcp::model::LoggingLevel;
use tokio::sync::mpsc;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::registry::LookupSpan;

use self::layer::{Hears, Wanted};
pub(crate) use self::line::Line;
use crate::news::News;

/// What actions log by `tracing`, told to the clients that call them: the protocol's `logging`.
///
/// A client hears what is logged while its own call runs, from the level that it has asked for, and nothing before it asks: by
/// `logging/setLevel`, and since 2026-07-28 by `io.modelcontextprotocol/logLevel` in a call's `_meta`. Of what, the program says: lines
/// are written for whoever runs it, and a client may be anybody, so only the targets named here are told.
///
/// What an action spawns is heard where it is instrumented with a span of these targets; a task that outlives the call, and works for others
/// too, had better have a span that no call opened. A client that reads slowly misses lines, as it
/// misses progress.
///
/// ```
/// use enact_action_core::Registry;
/// use enact_mcp::{Logs, Server};
/// use tracing_subscriber::prelude::*;
///
/// let logs = Logs::of(["shop"]);
/// tracing_subscriber::registry()
///     .with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr))
///     .with(logs.layer())
///     .init();
/// let server = Server::builder("shop", &Registry::open()?).logs(&logs).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Logs(Arc<Shared>);

struct Shared {
    targets: Vec<String>,
    /// The rank of the most verbose level that anybody has asked for.
    most: AtomicU8,
    /// How many subscribers have the layer.
    installed: AtomicUsize,
}

impl Logs {
    /// What is logged with these targets and those below them: a crate's name is the target of all that it logs, unless it says
    /// otherwise.
    pub fn of(targets: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self(Arc::new(Shared {
            targets: targets.into_iter().map(Into::into).collect(),
            most: AtomicU8::new(0),
            installed: AtomicUsize::new(0),
        }))
    }

    /// What hears it, for the program's subscriber. It has a filter of its own and takes nothing from other layers.
    pub fn layer<S>(&self) -> impl Layer<S> + Send + Sync + 'static
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        Hears::new(Arc::clone(&self.0)).with_filter(Wanted(Arc::clone(&self.0)))
    }

    /// Whether a subscriber has the layer.
    pub(crate) fn is_installed(&self) -> bool {
        self.0.installed.load(Ordering::Acquire) > 0
    }

    /// Notes that somebody wants to hear of that level.
    pub(crate) fn want(&self, least: Least) {
        self.0.most.fetch_max(least.0, Ordering::Relaxed);
    }
}

impl Shared {
    fn has(&self, target: &str) -> bool {
        self.targets.iter().any(|one| {
            let below = target.strip_prefix(&**one);
            below.is_some_and(|below| below.is_empty() || below.starts_with("::"))
        })
    }

    fn wants(&self, metadata: &Metadata<'_>) -> bool {
        let most = self.most.load(Ordering::Relaxed);
        let is_loud = metadata.is_span() && most > 0 || rank(*metadata.level()) <= most;
        is_loud && self.has(metadata.target())
    }
}

impl fmt::Debug for Logs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logs")
            .field("targets", &self.0.targets)
            .finish_non_exhaustive()
    }
}

/// The least level that a client wants to hear of, as the rank of ours; 0 is none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Least(u8);

impl Least {
    pub(crate) fn of_rank(rank: u8) -> Self {
        Self(rank)
    }

    pub(crate) fn rank(self) -> u8 {
        self.0
    }

    pub(crate) fn is_none(self) -> bool {
        self.0 == 0
    }
}

#[expect(
    deprecated,
    reason = "clients of revisions before 2026-07-28 ask for it"
)]
impl From<LoggingLevel> for Least {
    /// The protocol has eight levels; nothing of ours is graver than an error.
    fn from(level: LoggingLevel) -> Self {
        Self(match level {
            LoggingLevel::Debug => rank(Level::TRACE),
            LoggingLevel::Info => rank(Level::INFO),
            LoggingLevel::Notice | LoggingLevel::Warning => rank(Level::WARN),
            LoggingLevel::Error => rank(Level::ERROR),
            LoggingLevel::Critical | LoggingLevel::Alert | LoggingLevel::Emergency => 0,
        })
    }
}

fn rank(level: Level) -> u8 {
    match level {
        Level::ERROR => 1,
        Level::WARN => 2,
        Level::INFO => 3,
        Level::DEBUG => 4,
        Level::TRACE => 5,
    }
}

/// Who hears what one call logs.
#[derive(Debug, Clone)]
pub(crate) struct Listener {
    least: Least,
    tell: mpsc::Sender<News>,
}

impl Listener {
    pub(crate) fn new(least: Least, tell: mpsc::Sender<News>) -> Self {
        Self { least, tell }
    }

    /// Runs a call that is listened to.
    pub(crate) async fn hear<F: Future>(self, call: F) -> F::Output {
        CALL.scope(self, call).await
    }
}

tokio::task_local! {
    /// Who hears what the task logs.
    static CALL: Listener;
}
