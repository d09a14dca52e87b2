//! A whole story, and whether it went as it had to.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use enact::prelude::*;
use enact::workflow::Signals;
use enact::workflow::journal::{Memory, Reader as _, Store as _};
use tokio::runtime::Builder;

use crate::life::{Ending, Known, LifePlan, Lived, Runs, live};
use crate::scenario::{Plan, Request, Scenario, Subject};
use crate::world::{Done, Line, World};

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    Answered(String),
    Failed { code: String, step: Option<String> },
}

/// What a story has met.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Met {
    pub(crate) crashes: u32,
    pub(crate) faults: u32,
    pub(crate) closes: u32,
    pub(crate) failures: u32,
    pub(crate) cancelled: u32,
    pub(crate) terminated: u32,
    pub(crate) retried: u32,
}

/// What came of a scenario.
pub(crate) struct Story {
    scenario: Scenario,
    runs: Runs,
    world: World,
    last: Lived,
    open: u64,
    pub(crate) met: Met,
    /// All that happened, in order.
    pub(crate) told: Vec<String>,
}

impl End {
    pub(crate) fn of(answer: Result<String, Failure>) -> Self {
        match answer {
            Ok(answer) => Self::Answered(answer),
            Err(failure) => Self::Failed {
                code: failure.code().to_owned(),
                step: failure.step().map(str::to_owned),
            },
        }
    }

    pub(crate) fn code(&self) -> Option<&str> {
        match self {
            Self::Answered(_) => None,
            Self::Failed { code, .. } => Some(code),
        }
    }
}

impl Scenario {
    /// Plays it to the end.
    pub(crate) fn play(&self) -> Story {
        let (memory, world) = (Memory::default(), World::new(self.seed, self.doom));
        let known = |plan: &Plan| {
            Arc::new(Mutex::new(Known {
                plan: plan.clone(),
                started: false,
                requested: 0,
                asked: Vec::new(),
                retried: false,
                answer: None,
            }))
        };
        let runs: Runs = self.runs.iter().map(known).collect();
        let (mut now, mut met, mut told) = (946_684_800_000, Met::default(), Vec::new());
        let (mut last, mut number) = (Lived::Crashed, 0);
        let undisturbed = LifePlan::default();
        for plan in self.lives.iter().chain([&undisturbed]) {
            number += 1;
            world.begin(number, memory.reader().unwrap());
            let seed = (now, self.seed + u64::from(number));
            let passed;
            (last, now, passed) = live(plan, &memory, &world, &runs, seed);
            told.push(format!("life {number} {plan:?}: {last:?} at {now}"));
            told.extend(passed);
            met.crashes += u32::from(last == Lived::Crashed);
            met.faults += u32::from(last == Lived::Failed);
            met.closes += u32::from(last == Lived::Closed);
            if last == Lived::TooLong || last == Lived::Ended && plan.ending == Ending::Never {
                break;
            }
        }
        for run in &runs {
            let known = run.lock().unwrap();
            let code = known
                .answer
                .as_ref()
                .and_then(End::code)
                .unwrap_or_default();
            met.failures += u32::from(code == "act.doomed");
            met.cancelled += u32::from(code == "cancelled");
            met.terminated += u32::from(code == "run.terminated");
            met.retried += u32::from(known.retried);
        }
        let counts = memory.reopened().counts(now).unwrap();
        told.extend(world.ledger().iter().map(|line| format!("{line:?}")));
        Story {
            scenario: self.clone(),
            runs,
            world,
            last,
            open: counts.running + counts.queued + counts.waiting,
            met,
            told,
        }
    }
}

/// What a run comes to in memory, and what it does in the world.
fn model(seed: u64, doom: u64, plan: &Plan) -> (End, BTreeSet<(String, Done)>) {
    let world = World::new(seed, doom);
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let builder = Context::builder()
        .resource(world.clone())
        .resource(Signals::new())
        .idempotency_key(&*plan.id);
    let cx = builder.build();
    let end = runtime.block_on(plan.subject.in_memory(&plan.id, &cx));
    (End::of(end), effects(&world.ledger(), &plan.id))
}

fn of_run<'a>(ledger: &'a [Line], id: &str) -> impl Iterator<Item = &'a Line> {
    let prefix = format!("{id}/");
    ledger
        .iter()
        .filter(move |line| line.key.starts_with(&prefix))
}

fn effects(ledger: &[Line], id: &str) -> BTreeSet<(String, Done)> {
    let lines = of_run(ledger, id).filter(|line| line.what != Done::Looked);
    lines.map(|line| (line.key.clone(), line.what)).collect()
}

impl Story {
    /// Panics where something is not as it must be.
    #[track_caller]
    pub(crate) fn judge(&self, name: &str) {
        let mut wrong = self.world.wrong();
        if self.last != Lived::Ended {
            wrong.push(format!("the last life ended as {:?}", self.last));
        } else if self.open > 0 {
            wrong.push(format!("{} runs are open", self.open));
        }
        for run in &self.runs {
            let known = run.lock().unwrap();
            if let Err(why) = self.judge_run(&known) {
                wrong.push(format!(
                    "{} of {:?}: {why}",
                    known.plan.id, known.plan.subject
                ));
            }
        }
        assert!(
            wrong.is_empty(),
            "{name}:\n- {}\n{:#?}\n{}",
            wrong.join("\n- "),
            self.scenario,
            self.told.join("\n")
        );
    }

    fn judge_run(&self, known: &Known) -> Result<(), String> {
        let plan = &known.plan;
        let Some(end) = &known.answer else {
            return Err("it has no end".to_owned());
        };
        let ledger = self.world.ledger();
        let doom = if known.retried { 0 } else { self.scenario.doom };
        let (expected, model) = model(self.scenario.seed, doom, plan);
        let doomed = |step: &Option<String>| {
            let step = step.as_deref().unwrap_or_default();
            let key = format!("{}/{step}", plan.id);
            of_run(&ledger, &plan.id).any(|line| line.what == Done::Doomed && line.key == key)
        };
        let asked = match end.code() {
            Some("cancelled") => known.asked.contains(&Request::Cancel),
            Some("run.terminated") => known.asked.contains(&Request::Terminate),
            _ => false,
        };
        match (&expected, end) {
            _ if asked => {}
            (expected, end) if expected == end => {}
            // Of arms that all fail, another may have been the first.
            (
                End::Failed { code, step },
                End::Failed {
                    code: other,
                    step: at,
                },
            ) if code == other && doomed(step) | doomed(at) && doomed(at) => {}
            _ => return Err(format!("it has {end:?}, and undisturbed {expected:?}")),
        }
        once_in_a_life(&ledger, known)?;
        match end {
            End::Answered(_) if !known.retried => {
                let done = effects(&ledger, &plan.id);
                if done != model {
                    return Err(format!("it did {done:#?}, and undisturbed {model:#?}"));
                }
                Ok(())
            }
            End::Answered(_) => Ok(()),
            End::Failed { code, .. } if code == "run.terminated" => Ok(()),
            End::Failed { .. } => all_undone(&ledger, known),
        }
    }
}

/// Nothing is done twice with no crash between.
fn once_in_a_life(ledger: &[Line], known: &Known) -> Result<(), String> {
    if known.retried {
        return Ok(());
    }
    let mut counts: BTreeMap<(u32, &str), u32> = BTreeMap::new();
    let made = |line: &&Line| matches!(line.what, Done::Made | Done::Looked);
    for line in of_run(ledger, &known.plan.id).filter(made) {
        *counts.entry((line.life, &line.key)).or_default() += 1;
    }
    match counts.iter().find(|(_, count)| **count > 1) {
        Some(((life, key), count)) => Err(format!("{key} was done {count} times in life {life}")),
        None => Ok(()),
    }
}

/// A saga that has failed leaves nothing that it has done.
fn all_undone(ledger: &[Line], known: &Known) -> Result<(), String> {
    let effects = effects(ledger, &known.plan.id);
    let has = |key: &str, what| effects.contains(&(key.to_owned(), what));
    // Behind the pivot nothing goes back.
    let pivot = format!("{}/turn", known.plan.id);
    let is_behind = matches!(known.plan.subject, Subject::Nests(_)) && has(&pivot, Done::Made);
    for (key, what) in &effects {
        if *what == Done::Made && !is_behind && !has(&format!("{key}/undo"), Done::Undone) {
            return Err(format!("{key} was done, and is not undone"));
        }
    }
    Ok(())
}
