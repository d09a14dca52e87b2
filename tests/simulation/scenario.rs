//! What happens in one simulation: runs, what is asked of them, and the lives of the process.

use std::time::Duration;

use enact::prelude::*;
use enact::workflow::Signals;
use enact::workflow::engine::{Engine, EngineError};

use crate::faults::FAULTS;
use crate::life::{Ending, LifePlan};
use crate::workflows::{Approved, Collects, Hurries, Nests, Waits, Ways};

const DAY: Duration = Duration::from_hours(24);

/// What a run is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    Ways(u32),
    Waits,
    Nests(bool),
    Collects,
    Hurries,
}

/// Something asked of a run from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Request {
    Approve(&'static str, Option<String>),
    Cancel,
    Terminate,
}

/// One run, and when what is asked of it.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) id: String,
    pub(crate) subject: Subject,
    pub(crate) requests: Vec<(Duration, Request)>,
    /// Whether it is tried again, where it fails, once nothing else does.
    pub(crate) retried: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Scenario {
    pub(crate) seed: u64,
    /// How many of a hundred steps fail for good.
    pub(crate) doom: u64,
    pub(crate) runs: Vec<Plan>,
    /// The lives that are disturbed; one that is not follows.
    pub(crate) lives: Vec<LifePlan>,
}

impl Subject {
    pub(crate) const ALL: [Self; 6] = [
        Self::Ways(2),
        Self::Ways(3),
        Self::Waits,
        Self::Nests(false),
        Self::Collects,
        Self::Hurries,
    ];

    pub(crate) async fn start(self, engine: &Engine, id: &str) -> Result<(), EngineError> {
        match self {
            Self::Ways(seed) => engine.start(id, Ways::new(seed)).await.map(drop),
            Self::Waits => engine.start(id, Waits::new(id)).await.map(drop),
            Self::Nests(early) => engine.start(id, Nests::new(early)).await.map(drop),
            Self::Collects => engine.start(id, Collects::new(4_u32)).await.map(drop),
            Self::Hurries => engine.start(id, Hurries::new(id)).await.map(drop),
        }
    }

    /// What it comes to in memory, with no journal at all.
    pub(crate) async fn in_memory(self, id: &str, cx: &Context) -> Result<String, Failure> {
        match self {
            Self::Ways(seed) => Ways::new(seed).exec(cx).await,
            Self::Waits => {
                let signals: &Signals = cx.resource()?;
                for (by, subject) in approvals(id) {
                    signals.send(Approved { by: by.to_owned() }, subject);
                }
                Waits::new(id).exec(cx).await
            }
            Self::Nests(early) => Nests::new(early).exec(cx).await,
            Self::Collects => Collects::new(4_u32).exec(cx).await,
            Self::Hurries => Hurries::new(id).exec(cx).await,
        }
    }
}

fn approvals(id: &str) -> [(&'static str, Option<String>); 2] {
    [("ada", Some(id.to_owned())), ("bob", None)]
}

impl Plan {
    /// A run that gets what it waits for.
    pub(crate) fn of(subject: Subject, number: u64) -> Self {
        let id = format!("run-{number}");
        let requests = if subject == Subject::Waits {
            let approvals = approvals(&id).into_iter().zip([1, 5]);
            let approve = |((by, about), days)| (DAY * days, Request::Approve(by, about));
            approvals.map(approve).collect()
        } else {
            Vec::new()
        };
        Self {
            id,
            subject,
            requests,
            retried: false,
        }
    }

    fn random(rng: &mut fastrand::Rng, number: u64) -> Self {
        let subject = match rng.u8(0..6) {
            0 | 1 => Subject::Ways(rng.u32(0..9)),
            2 => Subject::Waits,
            3 => Subject::Nests(rng.u8(0..4) == 0),
            4 => Subject::Collects,
            _ => Subject::Hurries,
        };
        let mut plan = Self::of(subject, number);
        for (at, _) in &mut plan.requests {
            *at = some_time(rng);
        }
        if rng.u8(0..5) == 0 {
            let request = if rng.u8(0..3) == 0 {
                Request::Terminate
            } else {
                Request::Cancel
            };
            plan.requests.push((some_time(rng), request));
        }
        plan.requests.sort_by_key(|(at, _)| *at);
        plan
    }
}

/// In milliseconds, minutes or days from the beginning.
fn some_time(rng: &mut fastrand::Rng) -> Duration {
    match rng.u8(0..3) {
        0 => Duration::from_millis(rng.u64(0..300)),
        1 => Duration::from_secs(rng.u64(0..6000)),
        _ => Duration::from_secs(rng.u64(0..40 * 24 * 60 * 60)),
    }
}

impl Scenario {
    pub(crate) fn random(seed: u64) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let rng = &mut rng;
        let doom = if rng.u8(0..3) == 0 { rng.u64(1..15) } else { 0 };
        let many = if doom > 0 { 1 } else { rng.u64(1..5) };
        let mut runs: Vec<Plan> = (0..many).map(|n| Plan::random(rng, n)).collect();
        // What heals heals for all, so only a run that is alone is tried again.
        runs[0].retried = many == 1 && rng.bool();
        let lives = (0..rng.usize(0..4)).map(|_| life(rng)).collect();
        Self {
            seed,
            doom,
            runs,
            lives,
        }
    }
}

fn life(rng: &mut fastrand::Rng) -> LifePlan {
    let ending = match rng.u8(0..8) {
        0 => Ending::Close(some_time(rng)),
        1 | 2 => Ending::Fault(rng.u32(0..60), FAULTS[rng.usize(0..FAULTS.len())]),
        _ => {
            // Early windows more often than late ones.
            let most = rng.usize(1..160);
            Ending::Crash(rng.usize(0..most))
        }
    };
    LifePlan {
        ending,
        holds_back: rng.bool(),
        most_live: [1, 2, 100][rng.usize(0..3)],
        linger: Duration::from_millis([0, 5, 1000][rng.usize(0..3)]),
        poll: Duration::from_hours([1, 24][rng.usize(0..2)]),
        jump: (rng.u8(0..4) == 0).then(|| (some_time(rng), rng.i64(-3_600_000..3_600_000))),
        beside: rng.bool(),
    }
}
