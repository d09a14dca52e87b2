//! The application around the verbs: its name, its resources, and verbs of its own.

use std::ffi::OsString;
use std::fmt;
use std::future::Future;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{ArgMatches, Command};
use enact_action_core::action::BoxFuture;
use enact_action_core::context::ContextBuilder;
use enact_action_core::registry::RegistryError;
use enact_action_core::{Context, Failure, Registry};
#[cfg(feature = "sealed")]
use enact_workflow::engine::Keyring;
#[cfg(not(feature = "mcp"))]
use tracing_subscriber::layer::Identity;

use crate::command::Program;
use crate::exit::Exit;
use crate::io::Io;
use crate::screen::{Screen, asked, color};
#[cfg(feature = "mcp")]
use crate::serve::Serve;
#[cfg(feature = "sealed")]
use crate::ui::Keys;
use crate::ui::{Connect, Output, Ui};
use crate::{log, report};

/// The whole program of an application that only has actions.
///
/// Call it from a plain `fn main`: it starts its own tokio runtime.
///
/// ```no_run
/// fn main() -> std::process::ExitCode {
///     enact_cli::main()
/// }
/// ```
pub fn main() -> ExitCode {
    let path = std::env::args_os().next().unwrap_or_default();
    let name = Path::new(&path)
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    App::new(if name.is_empty() {
        "enact".to_owned()
    } else {
        name
    })
    .run()
}

pub(crate) type View = Box<dyn FnOnce(Registry) -> Result<Registry, RegistryError>>;
pub(crate) type Verb = Box<dyn FnOnce(ArgMatches, Ui) -> BoxFuture<'static, Result<(), Failure>>>;

/// An application's command line: the verbs over its actions, its resources, and its own verbs.
///
/// ```
/// # extern crate enact_action_core as enact;
/// use enact::prelude::*;
/// use enact_cli::clap::{Arg, Command};
/// use enact_cli::{App, Exit, Io};
///
/// struct Greeting(String);
///
/// /// Greets somebody.
/// #[derive(Action)]
/// #[action(effect = read, needs(Greeting))]
/// struct Greet {
///     /// Whom to greet.
///     #[param(len = 1..=40, example = "Ada")]
///     name: String,
/// }
///
/// impl Run for Greet {
///     type Output = String;
///     async fn run(&self, cx: &Context) -> Result<String, Failure> {
///         Ok(format!("{} {}", cx.resource::<Greeting>()?.0, self.name))
///     }
/// }
///
/// let app = || {
///     App::new("quickstart")
///         .about("Greets in several ways.")
///         .version("1.0.0")
///         .context(|| Context::builder().resource(Greeting("hello".into())))
///         .command(
///             Command::new("twice").about("Greet twice").arg(Arg::new("name").required(true)),
///             |matches, ui| async move {
///                 let name = matches.get_one::<String>("name").map_or("", String::as_str);
///                 let hello = Greet::new(name).exec(&ui.context().await?).await?;
///                 ui.show(&[&hello, &hello], format_args!("{hello}, {hello}"))
///             },
///         )
///         .otherwise(|ui| async move { ui.show(&"hello", "hello, whoever you are") })
/// };
/// let io = || Io::captured(Vec::new(), Vec::new());
/// assert_eq!(app().run_from(["run", "greet", "--name", "Ada"], io()), Exit::Ok);
/// assert_eq!(app().run_from(["twice", "Ada"], io()), Exit::Ok);
/// assert_eq!(app().run_from(["twice", ""], io()), Exit::Invalid);
/// assert_eq!(app().run_from([""; 0], io()), Exit::Ok);
/// ```
#[must_use = "an application does nothing until it is run"]
pub struct App {
    pub(crate) program: Program,
    pub(crate) view: View,
    pub(crate) connect: Connect,
    #[cfg(feature = "sealed")]
    pub(crate) keys: Option<Keys>,
    #[cfg(feature = "mcp")]
    pub(crate) serve: Serve,
    pub(crate) own: Vec<(Command, Verb)>,
    pub(crate) otherwise: Option<Verb>,
}

impl App {
    /// An application of that name with all the program's actions and no resources.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            program: Program {
                name: name.into(),
                journal: None,
                #[cfg(all(feature = "journal", feature = "trail"))]
                log: None,
                about: None,
                version: None,
            },
            view: Box::new(Ok),
            connect: Box::new(|| Box::pin(async { Ok(Context::builder()) })),
            #[cfg(feature = "sealed")]
            keys: None,
            #[cfg(feature = "mcp")]
            serve: Serve::default(),
            own: Vec::new(),
            otherwise: None,
        }
    }

    /// Says what the application is for.
    pub fn about(mut self, about: impl Into<String>) -> Self {
        self.program.about = Some(about.into());
        self
    }

    /// Sets what `--version` tells, as a rule `env!("CARGO_PKG_VERSION")`.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.program.version = Some(version.into());
        self
    }

    /// Says that the application's runs are recorded, and where, unless `--db FILE` names another file.
    ///
    /// It adds the verbs over runs: `runs`, `show`, `timeline`, `cancel`, `terminate`, `retry`, `undo` and `signal`, and
    /// `trail` with the feature of that name.
    /// [`Ui::journal`] tells the application's own verbs which file was named.
    #[cfg(feature = "journal")]
    pub fn journal(mut self, file: impl Into<String>) -> Self {
        self.program.journal = Some(file.into());
        self
    }

    /// Says which file the log of the application's signals is in, where that is not the journal's.
    ///
    /// The verb `trail` tells what came of a signal or a run from both.
    #[cfg(all(feature = "journal", feature = "trail"))]
    pub fn log(mut self, file: impl Into<String>) -> Self {
        self.program.log = Some(file.into());
        self
    }

    /// Says with which keys the journal is sealed, for the verbs over runs. They show what is recorded in clear, secrets
    /// too: to whoever can get the keys.
    ///
    /// It is called when such a verb needs it, not before.
    ///
    /// ```
    /// # use enact_action_core::Failure;
    /// # use enact_cli::{App, Exit, Io};
    /// use enact_workflow::engine::Keyring;
    ///
    /// let app = App::new("shop").journal("orders.db").keys(|| {
    ///     let key = std::fs::read("/run/secrets/journal.key")?;
    ///     let key = key.try_into().map_err(|_| Failure::misconfigured("key.length", "a key has 32 bytes"))?;
    ///     Ok(Keyring::new(1, &key))
    /// });
    /// assert_eq!(app.run_from(["list"], Io::captured(Vec::new(), Vec::new())), Exit::Ok);
    /// ```
    #[cfg(feature = "sealed")]
    pub fn keys(
        mut self,
        keys: impl FnOnce() -> Result<Keyring, Failure> + Send + 'static,
    ) -> Self {
        self.keys = Some(Box::new(keys));
        self
    }

    /// Lets the command line see only part of the program's actions.
    ///
    /// ```
    /// # use enact_cli::{App, Exit, Io};
    /// let app = App::new("shop").registry(|all| Ok(all.filter(|entry| entry.name() != "refund")));
    /// assert_eq!(app.run_from(["list"], Io::captured(Vec::new(), Vec::new())), Exit::Ok);
    /// let app = App::new("shop").registry(|all| all.allow(["no_such_action"]));
    /// assert_eq!(app.run_from(["list"], Io::captured(Vec::new(), Vec::new())), Exit::Misconfigured);
    /// ```
    pub fn registry(
        mut self,
        view: impl FnOnce(Registry) -> Result<Registry, RegistryError> + 'static,
    ) -> Self {
        self.view = Box::new(view);
        self
    }

    /// Says what actions run with: resources, tenant, trace.
    ///
    /// It is called when a verb needs it, not before. The command line adds cancellation and
    /// progress itself.
    pub fn context(self, context: impl FnOnce() -> ContextBuilder + Send + 'static) -> Self {
        self.connect(async move || Ok(context()))
    }

    /// Says what actions run with, where making it waits or may fail, as with a database.
    ///
    /// ```
    /// # use enact_action_core::{Context, Failure};
    /// # use enact_cli::{App, Exit, Io};
    /// # struct Pool;
    /// # impl Pool { async fn open(_: &str) -> Result<Self, std::io::Error> { Ok(Self) } }
    /// let app = App::new("shop").connect(async || {
    ///     let pool = Pool::open("shop.db").await?;
    ///     Ok(Context::builder().resource(pool))
    /// });
    /// assert_eq!(app.run_from(["list"], Io::captured(Vec::new(), Vec::new())), Exit::Ok);
    /// ```
    pub fn connect<F, R>(mut self, connect: F) -> Self
    where
        F: FnOnce() -> R + Send + 'static,
        R: Future<Output = Result<ContextBuilder, Failure>> + Send + 'static,
    {
        self.connect = Box::new(|| Box::pin(connect()));
        self
    }

    /// Adds a verb of the application's own; it takes the place of one of ours of the same name.
    ///
    /// `--output` and `--color` are everybody's, so that no verb may have flags of these names.
    pub fn command<F, R>(mut self, command: Command, verb: F) -> Self
    where
        F: FnOnce(ArgMatches, Ui) -> R + 'static,
        R: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        self.own
            .push((command, Box::new(|matches, ui| Box::pin(verb(matches, ui)))));
        self
    }

    /// Says what to do when no verb is given; without it, the help is shown.
    pub fn otherwise<F, R>(mut self, verb: F) -> Self
    where
        F: FnOnce(Ui) -> R + 'static,
        R: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        self.otherwise = Some(Box::new(|_, ui| Box::pin(verb(ui))));
        self
    }

    /// Reads the process's arguments and does what they say.
    pub fn run(self) -> ExitCode {
        self.run_from(std::env::args_os().skip(1), Io::process())
            .into()
    }

    /// Does what the arguments say; they don't begin with the program's name.
    pub fn run_from<A: Into<OsString>>(self, args: impl IntoIterator<Item = A>, io: Io) -> Exit {
        let args: Vec<OsString> = args.into_iter().map(Into::into).collect();
        let screen = Arc::new(Screen::new(io.ways, color(&args)));
        #[cfg(feature = "mcp")]
        log::start(&io.given.env, &screen, self.serve.layer());
        #[cfg(not(feature = "mcp"))]
        log::start(&io.given.env, &screen, None::<Identity>);
        let output = match asked(&args, "--output") {
            Some("json") => Output::Json,
            _ => Output::Text,
        };
        let journal = asked(&args, "--db").map(str::to_owned);
        let ended = self.start(
            args,
            (output, journal),
            Arc::clone(&screen),
            io.given,
            io.interrupts,
        );
        report::end(&screen, output, ended)
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("program", &self.program)
            .finish_non_exhaustive()
    }
}
