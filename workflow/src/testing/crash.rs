//! Crashing a run of a workflow at every window that it has.

use std::fmt;
use std::time::Duration;

use enact_action_core::Context;
use enact_action_core::action::BoxFuture;
use enact_signal_core::Signal;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::life::{Life, Lived, World};
use super::outcome::{CrashError, Crashes, Ended, Failed};
use super::windows::Windows;
use crate::engine::{Engine, EngineError};
use crate::run::Workflow;

/// The id of the run, and so the beginning of its steps' idempotency keys.
pub(super) const ID: &str = "crash";

/// The most windows that a run may have.
const MOST_WINDOWS: usize = 10_000;

/// How long an undisturbed run may take, by its own clock.
const LONGEST: Duration = Duration::from_hours(10 * 365 * 24);

/// How much longer one may take that a crash has disturbed.
const LONGER: Duration = Duration::from_hours(24);

/// Runs a workflow once for each window that a crash can fall into, lets one fall there, goes on from the
/// journal as a new process would, and makes sure that it ends as an undisturbed run does.
///
/// The windows are: before each step's effect, while it is under way, after it and before its record,
/// and before and after whatever the journal writes is on disk; around signals that are sent, and around
/// undos. The same is done again with records held back for as long as a journal may. What must hold at
/// each: the same answer, or the same code and step of a failure; a step whose outcome is on disk is
/// never run again; and none has an outcome that never ran.
///
/// `world` makes the context that the run sees, anew for each crash: what it holds is the world that
/// outlives the process. Where steps write into it by their
/// [`idempotency_key`](Context::idempotency_key), it too ends the same; [`CrashTest`] compares that, and
/// sends signals.
///
/// ```
/// # extern crate enact_workflow as enact;
/// # use enact_action_core::prelude::*;
/// # use enact_workflow::workflow;
/// # /// Charges a card.
/// # #[derive(Action)]
/// # #[action(effect = idempotent, crate = enact_action_core)]
/// # struct Charge { #[doc = "How much."] cents: u32 }
/// # impl Run for Charge {
/// #     type Output = String;
/// #     async fn run(&self, _cx: &Context) -> Result<String, Failure> {
/// #         Ok(format!("charged {}", self.cents))
/// #     }
/// # }
/// use enact_workflow::testing::crash_everywhere;
///
/// workflow! {
///     /// Sells something, and asks a month later how it was.
///     pub Sell { cents: u32 } -> String {
///         step charge = Charge { cents };
///         sleep "30d";
///         charge
///     }
/// }
///
/// let crashes = crash_everywhere(Sell::new(500_u32), Context::new);
/// assert!(crashes.windows().contains(&"before step `charge`".to_owned()));
/// ```
///
/// It needs no runtime around it: each life of the run has its own, on a thread beside, whose clock stands
/// still unless everybody waits, so that months take no time. Work that waits for something else than that
/// clock belongs into `spawn_blocking`, or time runs out for it.
///
/// # Panics
/// Where a run ends otherwise, with the windows and what was different at each.
#[track_caller]
pub fn crash_everywhere<W>(
    workflow: W,
    world: impl Fn() -> Context + Send + Sync + 'static,
) -> Crashes
where
    W: Workflow<Output: DeserializeOwned>,
{
    match CrashTest::new(workflow, world).run() {
        Ok(crashes) => crashes,
        #[expect(clippy::panic, reason = "it is an assertion")]
        Err(error) => panic!("{error}"),
    }
}

/// [`crash_everywhere`] for runs that wait for signals, or that leave something in the world.
///
/// ```
/// # extern crate enact_workflow as enact;
/// # use enact_action_core::prelude::*;
/// # use enact_workflow::workflow;
/// # use enact_workflow::signals::Signal;
/// use enact_workflow::testing::CrashTest;
///
/// #[derive(Clone, serde::Serialize, serde::Deserialize)]
/// struct Approved {
///     by: String,
/// }
///
/// impl Signal for Approved {
///     const TYPE: &'static str = "order.approved";
/// }
///
/// workflow! {
///     /// Waits for somebody.
///     pub Ask {} -> String {
///         wait approval = Approved;
///         approval.by
///     }
/// }
///
/// let test = CrashTest::new(Ask::new(), Context::new);
/// let crashes = test.signal(Approved { by: "ada".into() }, None).run()?;
/// println!("{crashes}");
/// # Ok::<(), enact_workflow::testing::CrashError>(())
/// ```
#[must_use = "nothing is tried before `run`"]
pub struct CrashTest {
    pub(super) start: Ask,
    pub(super) signals: Vec<Sending>,
    pub(super) world: Option<World>,
    cx: Box<dyn Fn() -> Context + Send + Sync>,
}

type Asked = BoxFuture<'static, Result<(), EngineError>>;

/// Asks something of an engine.
pub(super) type Ask = Box<dyn Fn(Engine) -> Asked + Send + Sync>;

/// A signal for the run.
pub(super) struct Sending {
    pub(super) kind: &'static str,
    pub(super) send: Ask,
}

impl CrashTest {
    /// A test of that workflow with these params, in that world.
    pub fn new<W>(workflow: W, world: impl Fn() -> Context + Send + Sync + 'static) -> Self
    where
        W: Workflow<Output: DeserializeOwned>,
    {
        let start = move |engine: Engine| -> Asked {
            let copied = serde_json::to_value(&workflow).and_then(serde_json::from_value::<W>);
            Box::pin(async move {
                let workflow = copied.map_err(|error| EngineError::input(ID, error))?;
                engine.start(ID, workflow).await.map(drop)
            })
        };
        Self {
            start: Box::new(start),
            signals: Vec::new(),
            world: None,
            cx: Box::new(world),
        }
    }

    /// Sends a signal to the run once it waits for one of that type; several are sent in order.
    pub fn signal<S: Signal>(mut self, signal: S, subject: Option<String>) -> Self {
        let send = move |engine: Engine| -> Asked {
            let (signal, subject) = (signal.clone(), subject.clone());
            Box::pin(async move { engine.signal(ID, &signal, subject).await })
        };
        self.signals.push(Sending {
            kind: S::TYPE,
            send: Box::new(send),
        });
        self
    }

    /// Looks at the world once the run has ended, after a crash as after an undisturbed run: what is
    /// seen there must be the same.
    pub fn world<T: Serialize>(
        mut self,
        look: impl Fn(&Context) -> T + Send + Sync + 'static,
    ) -> Self {
        self.world = Some(Box::new(move |cx| serde_json::to_value(look(cx))));
        self
    }

    /// Lets a crash fall into every window.
    ///
    /// # Errors
    /// Where an undisturbed run does not end; where one that a crash has disturbed ends otherwise.
    pub fn run(&self) -> Result<Crashes, CrashError> {
        std::thread::scope(|threads| {
            let thread = threads.spawn(|| self.everywhere());
            match thread.join() {
                Ok(crashes) => crashes,
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
    }

    fn everywhere(&self) -> Result<Crashes, CrashError> {
        let (mut windows, mut failed) = (Vec::new(), Vec::new());
        for holds_back in [false, true] {
            let undisturbed = self.undisturbed(holds_back);
            let (expected, took) = undisturbed.map_err(CrashError::undisturbed)?;
            for n in 0.. {
                if n == MOST_WINDOWS {
                    return Err(CrashError::endless(MOST_WINDOWS));
                }
                let crashed = self.crashed(n, holds_back, took);
                let Some((window, ended)) = crashed.map_err(CrashError::undisturbed)? else {
                    break;
                };
                if let Err(why) = ended.and_then(|ended| expected.same(&ended)) {
                    failed.push(Failed::new(window.clone(), why));
                }
                windows.push(window);
            }
        }
        if failed.is_empty() {
            Ok(Crashes::new(windows))
        } else {
            Err(CrashError::otherwise(windows.len(), failed))
        }
    }

    /// How an undisturbed run ends, and how long it takes.
    fn undisturbed(&self, holds_back: bool) -> Result<(Ended, Duration), String> {
        let cx = (self.cx)();
        let life = Life::new(self, &cx);
        match life.live(&Windows::of(None, holds_back), LONGEST)? {
            Lived::Ended(ended, took) => Ok((ended, took)),
            Lived::Struck(_) => Err("it was struck, and nothing was to strike it".to_owned()),
        }
    }

    /// The window that was struck and how the run ended; nothing where the run has ended before.
    fn crashed(
        &self,
        n: usize,
        holds_back: bool,
        took: Duration,
    ) -> Result<Option<Crashed>, String> {
        let cx = (self.cx)();
        let mut life = Life::new(self, &cx);
        let windows = Windows::of(Some(n), holds_back);
        let limit = took.saturating_mul(2).saturating_add(LONGER);
        let Lived::Struck(lived) = life.live(&windows, limit)? else {
            return Ok(None);
        };
        life.crash(&windows, lived);
        let ended = match life.live(&Windows::of(None, holds_back), limit) {
            Ok(Lived::Ended(ended, _)) => Ok(ended),
            Ok(Lived::Struck(_)) => Err("it was struck again".to_owned()),
            Err(why) => Err(why),
        };
        Ok(Some((windows.passed().pop().unwrap_or_default(), ended)))
    }
}

impl fmt::Debug for CrashTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signals: Vec<_> = self.signals.iter().map(|signal| signal.kind).collect();
        f.debug_struct("CrashTest")
            .field("signals", &signals)
            .finish_non_exhaustive()
    }
}

/// The window that was struck, and how the run ended after it.
type Crashed = (String, Result<Ended, String>);

/// What is seen of the world.
pub(super) fn seen(world: Option<&World>, cx: &Context) -> Result<Option<Value>, String> {
    let seen = world.map(|look| look(cx)).transpose();
    seen.map_err(|error| format!("what was seen of the world can't be compared: {error}"))
}
