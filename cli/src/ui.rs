//! What a verb works with: the actions, their context, and the ways out.

use std::fmt;
use std::io::{self, Read};
use std::path::Path;
#[cfg(feature = "journal")]
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use enact_action_core::action::BoxFuture;
use enact_action_core::context::ContextBuilder;
use enact_action_core::registry::RegistryError;
use enact_action_core::{Context, Failure, Registry};
#[cfg(feature = "sealed")]
use enact_workflow::engine::Keyring;
use serde::Serialize;
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use crate::io::{Asks, Env, Given};
use crate::progress::Bar;
use crate::screen::Screen;

/// How answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Output {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Gets the keys of the application's journal, once.
#[cfg(feature = "sealed")]
pub(crate) type Keys = Box<dyn FnOnce() -> Result<Keyring, Failure> + Send>;

/// Where the journal of the application's runs is.
#[derive(Default)]
pub(crate) struct Journal {
    /// The file that `--db` names.
    pub(crate) named: Option<String>,
    /// The one that the application names.
    pub(crate) default: Option<String>,
    /// Where the log of its signals is, where that is another file.
    #[cfg(all(feature = "journal", feature = "trail"))]
    pub(crate) log: Option<String>,
    /// What it is sealed with.
    #[cfg(feature = "sealed")]
    pub(crate) keys: Mutex<Option<Keys>>,
}

/// Makes the application's context, once.
pub(crate) type Connect =
    Box<dyn FnOnce() -> BoxFuture<'static, Result<ContextBuilder, Failure>> + Send>;

/// What a verb works with; cheap to clone.
///
/// ```
/// use enact_cli::{App, Exit, Io};
/// use serde_json::json;
///
/// let app = App::new("shop").otherwise(|ui| async move {
///     let cx = ui.context().await?;
///     let known = ui.registry().len();
///     ui.note("counting the actions");
///     ui.show(&json!({ "known": known, "tenant": cx.tenant() }), format_args!("{known} actions"))
/// });
/// assert_eq!(app.run_from(["--output", "json"], Io::captured(Vec::new(), Vec::new())), Exit::Ok);
/// ```
#[derive(Clone)]
pub struct Ui(Arc<Inner>);

struct Inner {
    program: String,
    #[cfg_attr(
        not(feature = "mcp"),
        expect(dead_code, reason = "only a server tells it")
    )]
    version: Option<String>,
    output: Output,
    journal: Journal,
    registry: Registry,
    connect: Mutex<Option<Connect>>,
    context: OnceCell<Context>,
    token: CancellationToken,
    screen: Arc<Screen>,
    bar: Arc<Bar>,
    input: Mutex<Box<dyn Read + Send>>,
    /// Whether all of it has been read.
    is_read: AtomicBool,
    asks: Asks,
    env: Env,
}

impl Ui {
    pub(crate) fn new(
        (program, version): (String, Option<String>),
        (output, journal): (Output, Journal),
        registry: Registry,
        connect: Connect,
        screen: Arc<Screen>,
        Given { input, asks, env }: Given,
    ) -> Self {
        Self(Arc::new(Inner {
            program,
            version,
            output,
            journal,
            registry,
            connect: Mutex::new(Some(connect)),
            context: OnceCell::new(),
            token: CancellationToken::new(),
            bar: Arc::new(Bar::new(screen.bars().clone())),
            screen,
            input: Mutex::new(input),
            is_read: AtomicBool::new(false),
            asks,
            env,
        }))
    }

    /// How answers are to be written.
    pub fn output(&self) -> Output {
        self.0.output
    }

    /// The program's actions, as far as the application lets the command line see them.
    pub fn registry(&self) -> &Registry {
        &self.0.registry
    }

    /// The file that `--db` names: where the application is to record its runs.
    pub fn journal(&self) -> Option<&Path> {
        self.0.journal.named.as_deref().map(Path::new)
    }

    #[cfg(feature = "journal")]
    pub(crate) fn journal_or_default(&self) -> Option<PathBuf> {
        let Journal { named, default, .. } = &self.0.journal;
        named.as_ref().or(default.as_ref()).map(PathBuf::from)
    }

    /// The file of the log of signals, where it is not the journal's.
    #[cfg(all(feature = "journal", feature = "trail"))]
    pub(crate) fn log(&self) -> Option<PathBuf> {
        self.0.journal.log.as_ref().map(PathBuf::from)
    }

    /// The keys of the journal, for whoever asks first.
    #[cfg(feature = "sealed")]
    pub(crate) fn keys(&self) -> Result<Option<Keyring>, Failure> {
        let keys = &self.0.journal.keys;
        let keys = keys.lock().unwrap_or_else(PoisonError::into_inner).take();
        keys.map(|keys| keys()).transpose()
    }

    /// How wide the terminal is.
    #[cfg(feature = "journal")]
    pub(crate) fn columns(&self) -> usize {
        let told = self.env("COLUMNS").and_then(|told| told.parse().ok());
        told.unwrap_or(100)
    }

    /// The context that actions run in: the application's, cancelled by Ctrl-C, with its progress
    /// drawn on a terminal.
    ///
    /// It is made when first asked for, so that verbs that run nothing connect to nothing.
    ///
    /// # Errors
    /// What making it fails with; a misconfigured failure that lists every resource that an action
    /// needs and the context lacks.
    pub async fn context(&self) -> Result<Context, Failure> {
        self.0
            .context
            .get_or_try_init(|| self.connect())
            .await
            .cloned()
    }

    /// Writes an answer to the standard output: the value as JSON or the text, as it was asked for.
    ///
    /// # Errors
    /// When the output can't be written. Pass it on with `?`: an output that was closed early is
    /// then not an error.
    pub fn show(&self, value: &impl Serialize, text: impl fmt::Display) -> Result<(), Failure> {
        match self.0.output {
            Output::Text => self.0.screen.say(&text.to_string()),
            Output::Json => self.0.screen.data(&pretty(value)?),
        }
    }

    /// Writes a line to the standard error, which is for what is no answer.
    pub fn note(&self, text: impl fmt::Display) {
        self.0.screen.note(&text.to_string());
    }

    /// A progress bar of the verb's own.
    pub fn bar(&self) -> Bar {
        Bar::new(self.0.screen.bars().clone())
    }

    /// Writes an answer that must not be restyled.
    pub(crate) fn data(&self, text: &str) -> Result<(), Failure> {
        self.0.screen.data(text)
    }

    pub(crate) fn clear_bar(&self) {
        self.0.bar.clear();
    }

    pub(crate) fn program(&self) -> &str {
        &self.0.program
    }

    /// The application's version.
    #[cfg(feature = "mcp")]
    pub(crate) fn version(&self) -> &str {
        self.0.version.as_deref().unwrap_or("0.0.0")
    }

    pub(crate) fn token(&self) -> &CancellationToken {
        &self.0.token
    }

    pub(crate) fn env(&self, name: &str) -> Option<String> {
        self.0.env.var(name)
    }

    /// All of the input, once: who asks again would find nothing there.
    pub(crate) fn input(&self) -> io::Result<String> {
        if self.0.is_read.swap(true, Ordering::Relaxed) {
            return Err(io::Error::other("another flag has read it; give @FILE"));
        }
        let mut text = String::new();
        let mut input = self.0.input.lock().unwrap_or_else(PoisonError::into_inner);
        input.read_to_string(&mut text)?;
        Ok(text)
    }

    /// Whether somebody sits there who can be asked.
    pub(crate) fn asks(&self) -> Asks {
        self.0.asks
    }

    /// One line of the input, of at most so many bytes; it blocks.
    pub(crate) fn line(&self, most: usize) -> io::Result<String> {
        let mut input = self.0.input.lock().unwrap_or_else(PoisonError::into_inner);
        let mut line = Vec::new();
        let mut byte = [0];
        while line.len() < most && input.read(&mut byte)? == 1 && byte != *b"\n" {
            line.extend(byte);
        }
        Ok(String::from_utf8_lossy(&line).into_owned())
    }

    async fn connect(&self) -> Result<Context, Failure> {
        let connect = self
            .0
            .connect
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let connect = connect.ok_or_else(|| {
            Failure::misconfigured("context.failed", "the context could not be made before")
        })?;
        let bar = Arc::clone(&self.0.bar);
        let cx = connect()
            .await?
            .cancellation(self.0.token.clone())
            .on_progress(move |progress| bar.show(&progress))
            .build();
        self.0
            .registry
            .check(cx.resources())
            .map_err(|error| defective(&error))?;
        Ok(cx)
    }
}

impl fmt::Debug for Ui {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ui")
            .field("program", &self.0.program)
            .field("output", &self.0.output)
            .finish_non_exhaustive()
    }
}

/// The failure of a program whose actions are defective.
pub(crate) fn defective(error: &RegistryError) -> Failure {
    Failure::misconfigured("registry.defective", error.to_string())
}

pub(crate) fn pretty(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string_pretty(value).map_err(|error| {
        Failure::terminal(
            "output.unwritable",
            "the answer could not be written as JSON",
        )
        .because(error)
    })
}
