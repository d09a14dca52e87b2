//! What was recorded of a run before this process took it up, by path.

use std::collections::{HashMap, HashSet, VecDeque};
use std::mem::discriminant;

use enact_action_core::Failure;
use enact_action_core::context::Trace;
use enact_action_core::spec::Effect;
use serde_json::Value;

use super::RunJournal;
use super::signals::Signals;
use crate::journal::record::{Damage, Outcome, Record, What};
use crate::journal::{Causes, NEVER, Origin};

/// What is recorded, by path, and not yet gone past.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    by_path: HashMap<String, VecDeque<What>>,
    /// How many times the step of a path was undone and is done anew: part of its key.
    turns: HashMap<String, u32>,
    /// When the run was last tried again.
    retried: Option<u64>,
    /// What the run was started by.
    pub(super) origin: Option<Origin>,
    /// Whether anything was recorded, but what the run was started by.
    begun: bool,
    /// The paths that something is recorded inside of, once anybody has asked.
    around: Option<HashSet<String>>,
}

/// Reads all that is recorded of a run.
pub(super) fn read(run: u64, records: &[Record]) -> Result<(Recorded, Signals), Damage> {
    let (mut recorded, mut signals) = (Recorded::default(), Signals::default());
    for (order, record) in records.iter().enumerate() {
        let mut what = record.what(run)?;
        if let What::Step(stepped) = &mut what {
            stepped.order = order;
        }
        // What it was started by is recorded before it begins.
        recorded.begun |= !matches!(what, What::Trace { .. });
        match what {
            What::Signal(sent) => signals.push(sent),
            What::Trace { parent, cause } => {
                let parent = parent.parse().ok();
                recorded.origin = parent.map(|parent| Origin { parent, cause });
            }
            // What it had come to stands, and it stops again where it did.
            What::GoesBack => {}
            What::Retried { failed } => {
                if recorded.try_again(failed.as_deref(), record.at) {
                    signals.give_back();
                }
            }
            what => {
                if let What::Taken { signal } = &what {
                    signals.take(*signal);
                }
                let path = record.path.clone();
                recorded.by_path.entry(path).or_default().push_back(what);
            }
        }
    }
    Ok((recorded, signals))
}

impl Recorded {
    /// What came of a step with that effect. What it found from what was undone since does not count,
    /// unless it changed the world, which stays as it is.
    fn outcome(&mut self, path: &str, effect: Effect) -> Option<Outcome> {
        loop {
            let What::Step(stepped) = self.take(path, |what| matches!(what, What::Step(_)))? else {
                return None;
            };
            if !stepped.stale || effect == Effect::Write {
                return Some(stepped.outcome);
            }
            *self.turns.entry(path.to_owned()).or_default() += 1;
        }
    }

    /// Takes the first thing that is so, recorded at that path.
    fn take(&mut self, path: &str, is: impl Fn(&What) -> bool) -> Option<What> {
        let recorded = self.by_path.get_mut(path)?;
        let place = recorded.iter().position(is)?;
        let what = recorded.remove(place);
        if recorded.is_empty() {
            self.by_path.remove(path);
        }
        what
    }

    /// Takes the first thing of the kind that `is` knows, recorded at that path.
    fn found<T>(&mut self, path: &str, is: impl Fn(&What) -> Option<T>) -> Option<T> {
        let what = self.take(path, |what| is(what).is_some())?;
        is(&what)
    }

    /// Forgets what is to be done again: the step that failed, what was stopped beside it, and what
    /// was undone since. Whether anything was: what the run has read, chosen and waited for since may
    /// hang on that, and is to be found anew, but for what steps came to before the first that was undone.
    fn try_again(&mut self, failed: Option<&str>, at: u64) -> bool {
        self.retried = Some(at);
        let undos = self.undos();
        let anew = self.by_path.values().any(is_undone);
        let first = self.first_undone();
        for (path, recorded) in &mut self.by_path {
            let turns = recorded.iter().filter(|what| **what == What::Undone);
            let turns = u32::try_from(turns.count()).unwrap_or(u32::MAX);
            if turns > 0 {
                *self.turns.entry(path.clone()).or_default() += turns;
            }
            let again = recorded.iter().any(|what| match what {
                What::Step(stepped) => match stepped.outcome {
                    Outcome::Stopped => true,
                    Outcome::Failure(_) => failed == Some(path),
                    Outcome::Answer(_) => false,
                },
                _ => false,
            });
            let undone = recorded.iter().rposition(|what| *what == What::Undone);
            // Of several attempts of a workflow inside, the last is what stands.
            let lasts: HashMap<_, _> = (0..)
                .zip(recorded.iter())
                .map(|(place, what)| (discriminant(what), place))
                .collect();
            let is_undo = undos.contains(path);
            let mut places = 0..;
            recorded.retain_mut(|what| {
                let place = places.next();
                let before = undone.is_some() && place < undone;
                let is_last = lasts.get(&discriminant(what)).copied() == place;
                match what {
                    What::Step(stepped) => {
                        // What was to be found anew before counts among the step's turns.
                        let stays = is_last || stepped.stale;
                        stepped.stale |= first.is_some_and(|first| stepped.order > first);
                        !again && !before && stays
                    }
                    What::Timer { .. } => !again && is_last,
                    What::Waits { .. } => !again && !anew && is_last,
                    What::Branch { .. } | What::Items { .. } | What::Taken { .. } => {
                        !anew && is_last
                    }
                    What::Done { .. } => !before && !is_undo,
                    What::Undone | What::Cancelled => false,
                    _ => true,
                }
            });
        }
        anew
    }
}

impl Recorded {
    /// Which record is what the first step came to that was undone and not done anew since.
    fn first_undone(&self) -> Option<usize> {
        let undone = self.by_path.values().filter(|recorded| is_undone(recorded));
        let orders = undone.filter_map(|recorded| {
            recorded.iter().rev().find_map(|what| match what {
                What::Step(stepped) => Some(stepped.order),
                _ => None,
            })
        });
        orders.min()
    }

    /// The paths of the undos of what was undone.
    fn undos(&self) -> Vec<String> {
        let undone = self
            .by_path
            .iter()
            .filter(|(_, recorded)| recorded.contains(&What::Undone));
        undone.map(|(path, _)| format!("{path}/undo")).collect()
    }

    /// What a step that does something in the journal's database has answered to itself; it stays, for
    /// the step's next attempt.
    pub(super) fn done(&self, path: &str, of: &str) -> Option<&Value> {
        let recorded = self.by_path.get(path)?;
        recorded.iter().find_map(|what| match what {
            What::Done { name, answer } if name == of => Some(answer),
            _ => None,
        })
    }

    /// Whether a step was undone; if it is done anew, it is another effect.
    fn undone(&mut self, path: &str) -> bool {
        let Some(recorded) = self.by_path.get_mut(path) else {
            return false;
        };
        let Some(place) = recorded.iter().position(|what| *what == What::Undone) else {
            return false;
        };
        recorded.remove(place);
        let later = recorded.split_off(place);
        recorded.retain(|what| !matches!(what, What::Done { .. }));
        recorded.extend(later);
        self.next_turn(path);
        true
    }

    /// A step was undone just now.
    fn anew(&mut self, path: &str) {
        if let Some(recorded) = self.by_path.get_mut(path) {
            recorded.retain(|what| !matches!(what, What::Done { .. }));
        }
        self.next_turn(path);
    }

    fn next_turn(&mut self, path: &str) {
        *self.turns.entry(path.to_owned()).or_default() += 1;
        let mut names = HashSet::new();
        if let Some(recorded) = self.by_path.get_mut(&format!("{path}/undo")) {
            // What this undo has done; what a later one has is behind it.
            recorded.retain(|what| match what {
                What::Done { name, .. } => !names.insert(name.clone()),
                _ => true,
            });
        }
    }

    /// Whether anything was recorded of a run inside, whose records it has not yet gone past.
    fn has_begun(&mut self, path: &str) -> bool {
        if path.is_empty() || !self.begun {
            return self.begun;
        }
        let paths = &self.by_path;
        let around = self.around.get_or_insert_with(|| {
            let parts = |path: &String| -> Vec<String> {
                let ends = path.match_indices('/').map(|(end, _)| end);
                ends.map(|end| path[..end].to_owned()).collect()
            };
            paths.keys().flat_map(parts).collect()
        });
        around.contains(path)
    }

    pub(super) fn add(&mut self, path: &str, what: What) {
        let recorded = self.by_path.entry(path.to_owned()).or_default();
        recorded.push_back(what);
    }
}

/// Whether a step was undone, and not done anew since.
fn is_undone(recorded: &VecDeque<What>) -> bool {
    let undone = recorded.iter().rposition(|what| *what == What::Undone);
    let last = recorded
        .iter()
        .rposition(|what| matches!(what, What::Step(_)));
    undone > last
}

impl RunJournal {
    fn found<T>(&self, path: &str, is: impl Fn(&What) -> Option<T>) -> Option<T> {
        self.state().recorded.found(path, is)
    }

    /// What came of a step with that effect.
    pub(crate) fn outcome(&self, path: &str, effect: Effect) -> Option<Outcome> {
        self.state().recorded.outcome(path, effect)
    }

    /// Which arm of a branch was taken.
    pub(crate) fn arm(&self, path: &str) -> Option<u32> {
        self.found(path, |what| match what {
            What::Branch { arm } => Some(*arm),
            _ => None,
        })
    }

    /// How many items a fan-out has.
    pub(crate) fn items(&self, path: &str) -> Option<u32> {
        self.found(path, |what| match what {
            What::Items { count } => Some(*count),
            _ => None,
        })
    }

    /// Until when a wait goes on, where it has begun; [`NEVER`] for a signal alone.
    pub(crate) fn waits(&self, path: &str) -> Option<u64> {
        self.found(path, |what| match what {
            What::Waits { until, .. } => Some(until.unwrap_or(NEVER)),
            _ => None,
        })
    }

    /// When a sleep is over.
    pub(crate) fn timer(&self, path: &str) -> Option<u64> {
        self.found(path, |what| match what {
            What::Timer { until } => Some(*until),
            _ => None,
        })
    }

    /// The number of the signal that a wait took.
    pub(super) fn taken(&self, path: &str) -> Option<u32> {
        self.found(path, |what| match what {
            What::Taken { signal } => Some(*signal),
            _ => None,
        })
    }

    /// Whether anything was recorded of the run inside at that path before this one came into memory;
    /// of the run itself, where that is empty.
    pub(crate) fn has_begun(&self, path: &str) -> bool {
        self.state().recorded.has_begun(path)
    }

    /// The span that the run was started in, where that is recorded.
    pub(crate) fn trace(&self) -> Option<Trace> {
        let state = self.state();
        state.recorded.origin.as_ref().map(|origin| origin.parent)
    }

    /// The causes of what the run emits now, as far as they are recorded.
    pub(crate) fn causes(&self) -> Causes {
        let state = self.state();
        let origin = state.recorded.origin.as_ref();
        let started_by = origin.and_then(|origin| origin.cause.as_ref());
        Causes::of(started_by, state.signals.events())
    }

    /// Whether a signal was sent, before an emit there failed if one did: a workflow inside may have been tried again.
    pub(crate) fn emitted_first(&self, path: &str) -> bool {
        let is_emitted = |what: &What| matches!(what, What::Emitted { .. });
        self.comes_first(path, is_emitted)
            && self
                .found(path, |what| is_emitted(what).then_some(()))
                .is_some()
    }

    /// Whether a wait took a signal, before one there failed if one did.
    pub(crate) fn took_first(&self, path: &str) -> bool {
        self.comes_first(path, |what| matches!(what, What::Taken { .. }))
    }

    /// Whether there is such a thing before the first outcome.
    fn comes_first(&self, path: &str, is: impl Fn(&What) -> bool) -> bool {
        let state = self.state();
        let recorded = state.recorded.by_path.get(path);
        let mut recorded = recorded.into_iter().flatten();
        let first = recorded.find(|what| is(what) || matches!(what, What::Step(_)));
        first.is_some_and(is)
    }

    /// Whether a step was undone.
    pub(crate) fn undone(&self, path: &str) -> bool {
        self.state().recorded.undone(path)
    }

    /// Records that a step was undone.
    pub(crate) async fn record_undone(&self, path: &str) -> Result<(), Failure> {
        self.record_soon(path.to_owned(), &What::Undone).await?;
        self.state().recorded.anew(path);
        Ok(())
    }

    /// Whether somebody asked for the run to be cancelled.
    pub(crate) fn cancelled(&self) -> bool {
        let cancelled = self.found("", |what| matches!(what, What::Cancelled).then_some(()));
        cancelled.is_some()
    }

    /// How many times the step of that path was undone before.
    pub(crate) fn turn(&self, path: &str) -> u32 {
        let state = self.state();
        state.recorded.turns.get(path).copied().unwrap_or_default()
    }

    /// When the run was last tried again, if it was.
    pub(crate) fn retried(&self) -> Option<u64> {
        self.state().recorded.retried
    }
}
