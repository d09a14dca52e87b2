//! What a run of the program reads from and writes to.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::future::{Future, pending};
use std::io::{self, IsTerminal as _, Read, Write};

use anstream::{AutoStream, ColorChoice};
use enact_action_core::action::BoxFuture;
use indicatif::ProgressDrawTarget;

/// What a run of the program reads from and writes to: the process's own, or a test's.
///
/// ```
/// use enact_cli::{App, Exit, Io};
///
/// let io = Io::captured(Vec::new(), Vec::new()).input(&b"{}"[..]).env("TOKEN", "t0p");
/// assert_eq!(App::new("shop").run_from(["list"], io), Exit::Ok);
/// ```
pub struct Io {
    pub(crate) ways: Ways,
    pub(crate) given: Given,
    pub(crate) interrupts: Interrupts,
}

/// The ways out.
pub(crate) struct Ways {
    pub(crate) out: Stream,
    pub(crate) err: Stream,
    pub(crate) bars: ProgressDrawTarget,
}

/// What can be read.
pub(crate) struct Given {
    pub(crate) input: Box<dyn Read + Send>,
    /// Whether somebody sits there who can be asked.
    pub(crate) asks: Asks,
    pub(crate) env: Env,
}

/// Whether somebody sits there who can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asks {
    Somebody,
    Nobody,
}

/// A way out, and whether it shows colours unless it is told.
pub(crate) struct Stream {
    pub(crate) write: Box<dyn Write + Send>,
    pub(crate) auto: ColorChoice,
}

/// Where environment variables come from.
pub(crate) enum Env {
    Process,
    Given(HashMap<String, String>),
}

/// Where interrupts come from.
pub(crate) enum Interrupts {
    Process,
    Given(VecDeque<BoxFuture<'static, ()>>),
}

impl Io {
    /// The process's own streams, environment and Ctrl-C.
    pub fn process() -> Self {
        let (out, err) = (io::stdout(), io::stderr());
        let sits_there = io::stdin().is_terminal() && err.is_terminal();
        let (of_out, of_err) = (AutoStream::choice(&out), AutoStream::choice(&err));
        Self {
            ways: Ways {
                out: Stream {
                    write: Box::new(AutoStream::always(out)),
                    auto: of_out,
                },
                err: Stream {
                    write: Box::new(AutoStream::always(err)),
                    auto: of_err,
                },
                bars: ProgressDrawTarget::stderr(),
            },
            given: Given {
                input: Box::new(io::stdin()),
                asks: if sits_there {
                    Asks::Somebody
                } else {
                    Asks::Nobody
                },
                env: Env::Process,
            },
            interrupts: Interrupts::Process,
        }
    }

    /// Writers that are no terminals, an empty input, an empty environment, and no interrupts.
    pub fn captured(out: impl Write + Send + 'static, err: impl Write + Send + 'static) -> Self {
        Self {
            ways: Ways {
                out: Stream {
                    write: Box::new(out),
                    auto: ColorChoice::Never,
                },
                err: Stream {
                    write: Box::new(err),
                    auto: ColorChoice::Never,
                },
                bars: ProgressDrawTarget::hidden(),
            },
            given: Given {
                input: Box::new(io::empty()),
                asks: Asks::Nobody,
                env: Env::Given(HashMap::new()),
            },
            interrupts: Interrupts::Given(VecDeque::new()),
        }
    }

    /// Sets what stands in the standard input.
    #[must_use]
    pub fn input(mut self, input: impl Read + Send + 'static) -> Self {
        self.given.input = Box::new(input);
        self
    }

    /// Acts as if somebody sat at a terminal, whose lines are the [input](Self::input).
    #[must_use]
    pub fn terminal(mut self) -> Self {
        self.given.asks = Asks::Somebody;
        self
    }

    /// Sets an environment variable; the process's own are then not seen.
    #[must_use]
    pub fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let mut given = match self.given.env {
            Env::Process => HashMap::new(),
            Env::Given(given) => given,
        };
        given.insert(name.into(), value.into());
        self.given.env = Env::Given(given);
        self
    }

    /// Acts as if Ctrl-C were pressed when the future ends; the second one waits for the first.
    #[must_use]
    pub fn interrupt_when(mut self, when: impl Future<Output = ()> + Send + 'static) -> Self {
        let mut given = match self.interrupts {
            Interrupts::Process => VecDeque::new(),
            Interrupts::Given(given) => given,
        };
        given.push_back(Box::pin(when));
        self.interrupts = Interrupts::Given(given);
        self
    }
}

impl fmt::Debug for Io {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Io").finish_non_exhaustive()
    }
}

impl Env {
    pub(crate) fn var(&self, name: &str) -> Option<String> {
        match self {
            Self::Process => std::env::var(name).ok(),
            Self::Given(given) => given.get(name).cloned(),
        }
    }
}

impl Interrupts {
    /// Waits for the next one. Nothing is lost when the wait is dropped.
    pub(crate) async fn next(&mut self) {
        match self {
            Self::Process => {
                if tokio::signal::ctrl_c().await.is_err() {
                    pending::<()>().await;
                }
            }
            Self::Given(given) => {
                match given.front_mut() {
                    Some(when) => when.await,
                    None => pending().await,
                }
                given.pop_front();
            }
        }
    }
}
