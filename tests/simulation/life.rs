//! One life of the process: from opening the journal to a crash, a fault, a close, or the end of all runs.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use enact::prelude::*;
use enact::workflow::Signals;
use enact::workflow::engine::{Clock, Engine, EngineError, Kind as Why, Settings};
use enact::workflow::journal::Memory;
use enact::workflow::testing::Windows;
use tokio::runtime::Builder;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::faults::{Fault, Faulty};
use crate::judge::End;
use crate::scenario::{Plan, Request};
use crate::workflows::Approved;
use crate::world::World;

/// How long a life may take, by its own clock.
const LONGEST: Duration = Duration::from_hours(3 * 365 * 24);

/// How a life is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Crash(usize),
    Fault(u32, Fault),
    Close(Duration),
    Never,
}

#[derive(Debug, Clone)]
pub(crate) struct LifePlan {
    pub(crate) ending: Ending,
    pub(crate) holds_back: bool,
    pub(crate) most_live: usize,
    pub(crate) linger: Duration,
    pub(crate) poll: Duration,
    /// When the clock jumps, and by how many milliseconds.
    pub(crate) jump: Option<(Duration, i64)>,
    /// Whether runs are asked beside the engine.
    pub(crate) beside: bool,
}

impl Default for LifePlan {
    fn default() -> Self {
        Self {
            ending: Ending::Never,
            holds_back: false,
            most_live: 100,
            linger: Duration::from_secs(1),
            poll: Duration::from_hours(1),
            jump: None,
            beside: false,
        }
    }
}

/// How a life has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lived {
    Ended,
    Crashed,
    Failed,
    Closed,
    TooLong,
}

/// A run, and what whoever asks knows of it.
pub(crate) struct Known {
    pub(crate) plan: Plan,
    pub(crate) started: bool,
    pub(crate) requested: usize,
    /// What was asked, whether that was answered or not.
    pub(crate) asked: Vec<Request>,
    pub(crate) retried: bool,
    pub(crate) answer: Option<End>,
}

pub(crate) type Runs = Vec<Arc<Mutex<Known>>>;

/// The process is over: what it was asked, it did not do.
struct Over;

#[derive(Debug, Clone)]
struct Time {
    since: Instant,
    base: u64,
    jumped: Arc<AtomicI64>,
}

impl Clock for Time {
    fn now(&self) -> u64 {
        let elapsed = u64::try_from(self.since.elapsed().as_millis()).unwrap();
        let now = self.base + elapsed;
        now.saturating_add_signed(self.jumped.load(Ordering::Relaxed))
    }
}

/// Lives; how it ended, the time of day then, and the windows that were passed.
pub(crate) fn live(
    plan: &LifePlan,
    memory: &Memory,
    world: &World,
    runs: &Runs,
    (base, seed): (u64, u64),
) -> (Lived, u64, Vec<String>) {
    fastrand::seed(seed);
    let windows = match plan.ending {
        Ending::Crash(n) => Windows::striking(n),
        _ => Windows::new(),
    };
    let windows = if plan.holds_back {
        windows.holding_back()
    } else {
        windows
    };
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let (lived, now) = runtime.block_on(async {
        let time = Time {
            since: Instant::now(),
            base,
            jumped: Arc::default(),
        };
        let store = Faulty {
            store: memory.reopened(),
            fault: match plan.ending {
                Ending::Fault(at, fault) => Some((at, fault)),
                _ => None,
            },
            calls: 0,
            failed: false,
            world: world.clone(),
        };
        let settings = Settings::default()
            .most_live(plan.most_live)
            .linger(plan.linger)
            .poll(plan.poll)
            .clock(time.clone())
            .windows(&windows);
        let builder = Context::builder().resource(world.clone());
        let cx = builder.resource(Signals::new()).build();
        let engine = Engine::with(Box::new(store), settings, &cx).unwrap();
        let lived = tokio::select! {
            biased;
            () = windows.struck() => Lived::Crashed,
            lived = timeout(LONGEST, work(&engine, plan, world, runs)) => lived.unwrap_or(Lived::TooLong),
            () = closes(&engine, plan) => Lived::Closed,
            () = jumps(&time, plan) => Lived::TooLong,
        };
        (lived, time.now())
    });
    drop(runtime);
    (lived, now, windows.passed())
}

async fn closes(engine: &Engine, plan: &LifePlan) {
    match plan.ending {
        Ending::Close(at) => {
            sleep(at).await;
            engine.close().await;
        }
        _ => std::future::pending().await,
    }
}

async fn jumps(time: &Time, plan: &LifePlan) {
    if let Some((at, by)) = plan.jump {
        sleep(at).await;
        time.jumped.store(by, Ordering::Relaxed);
    }
    std::future::pending::<()>().await;
}

/// Works until all runs have ended, or one of them hears that the process is over; then all must.
async fn work(engine: &Engine, plan: &LifePlan, world: &World, runs: &Runs) -> Lived {
    let mut tasks = JoinSet::new();
    for run in runs {
        let (engine, run, world) = (engine.clone(), Arc::clone(run), world.clone());
        let beside = plan.beside;
        tasks.spawn(async move { one(&engine, &run, &world, beside).await });
    }
    let mut lived = Lived::Ended;
    while let Some(done) = tasks.join_next().await {
        if done.unwrap().is_err() {
            lived = match plan.ending {
                Ending::Close(_) => Lived::Closed,
                _ => Lived::Failed,
            };
        }
    }
    lived
}

async fn one(
    engine: &Engine,
    known: &Mutex<Known>,
    world: &World,
    beside: bool,
) -> Result<(), Over> {
    let plan = known.lock().unwrap().plan.clone();
    match engine.run(&plan.id).await {
        Err(error) if error.kind() == Why::NotThere => {
            if known.lock().unwrap().started {
                world.complain(format!("{} was started, and is not there", plan.id));
            }
            over(plan.subject.start(engine, &plan.id).await)?;
        }
        other => over(other.map(drop))?,
    }
    known.lock().unwrap().started = true;
    tokio::select! {
        biased;
        answered = answers(engine, known, world, &plan) => answered,
        over = requests(engine, known, &plan, beside) => Err(over),
    }
}

/// Whether that shows that the process is over; any other error is a mistake here.
fn over(done: Result<(), EngineError>) -> Result<(), Over> {
    match done {
        Ok(()) => Ok(()),
        Err(error) if matches!(error.kind(), Why::Journal | Why::Held) => Err(Over),
        Err(error) => panic!("{error}"),
    }
}

async fn answers(
    engine: &Engine,
    known: &Mutex<Known>,
    world: &World,
    plan: &Plan,
) -> Result<(), Over> {
    loop {
        let run = match engine.run(&plan.id).await {
            Ok(run) => run,
            Err(error) => return over(Err(error)),
        };
        let end = match run.answer().await {
            Err(failure) if ["journal.unwritable", "engine.closed"].contains(&failure.code()) => {
                return Err(Over);
            }
            answer => End::of(answer.map(|answer| answer.as_str().unwrap().to_owned())),
        };
        let again = {
            let mut known = known.lock().unwrap();
            let again = plan.retried && end.code() == Some("act.doomed");
            if let Some(before) = &known.answer
                && *before != end
                && !plan.retried
            {
                world.complain(format!("{} had {before:?} and has {end:?}", plan.id));
            }
            known.answer = Some(end);
            again
        };
        if !again {
            return Ok(());
        }
        world.heal();
        // Noted before it is asked: what is on disk may be heard by nobody.
        known.lock().unwrap().retried = true;
        over(engine.retry(&plan.id).await)?;
    }
}

async fn requests(engine: &Engine, known: &Mutex<Known>, plan: &Plan, beside: bool) -> Over {
    let begun = Instant::now();
    loop {
        let next = known.lock().unwrap().requested;
        let Some((at, request)) = plan.requests.get(next) else {
            return std::future::pending().await;
        };
        // Times count from the beginning of the life, so a later life asks later.
        tokio::time::sleep_until(begun + *at).await;
        // Noted before it is asked: what is on disk may be heard by nobody.
        known.lock().unwrap().asked.push(request.clone());
        match ask(engine, &plan.id, request, beside).await {
            Ok(()) => {}
            Err(error) if error.kind() == Why::NotThere => {}
            Err(error) => match over(Err(error)) {
                Ok(()) => {}
                Err(over) => return over,
            },
        }
        known.lock().unwrap().requested += 1;
    }
}

async fn ask(
    engine: &Engine,
    id: &str,
    request: &Request,
    beside: bool,
) -> Result<(), EngineError> {
    let client = engine.client();
    match request {
        Request::Approve(by, subject) => {
            let signal = Approved {
                by: (*by).to_owned(),
            };
            if beside {
                let data = serde_json::to_value(&signal).unwrap();
                return client
                    .signal(id, "sim.approved", subject.clone(), data)
                    .await;
            }
            engine.signal(id, &signal, subject.clone()).await
        }
        Request::Cancel if beside => client.cancel(id).await,
        Request::Cancel => engine.cancel(id).await,
        Request::Terminate if beside => client.terminate(id).await,
        Request::Terminate => engine.terminate(id).await,
    }
}
