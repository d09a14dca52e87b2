//! What the compiler is asked of a workflow's actions, in words a user reads where the answer is no.
//!
//! Generated code calls these in constants, on the tokens of the step; each panics while compiling.

#![expect(
    clippy::panic,
    clippy::manual_assert,
    reason = "a panic here is an error of the compiler, on the tokens of the step"
)]

mod kinds;

use std::marker::PhantomData;
use std::time::Duration;

use enact_action_core::__private::{Key, Label, Limits, Telemetry, same};
use enact_action_core::Action;
use enact_action_core::spec::{Effect, Policy, SourcePlace, Spec};
use enact_signal_core::Signal;

use crate::{Graph, Workflow};

pub use self::kinds::{ASignal, AnAction, Equals, Impossible, Kept, Never, Picks, Subject};

/// What generated code asks of an action's type, with an answer even where the type is no action:
/// then [`Otherwise`] gives it, and the one error stands where the step runs.
#[derive(Debug)]
pub struct Of<T: ?Sized>(PhantomData<T>);

impl<A: Action> Of<A> {
    /// What the action says of itself.
    pub const SPEC: Spec = A::SPEC;
    /// The rules of its params that literals are held against.
    pub const LIMITS: &'static [(&'static str, Limits)] = A::LIMITS;
}

impl<W: Workflow> Of<W> {
    /// The graph of an action that is a workflow.
    pub const GRAPH: Option<&'static Graph> = Some(W::GRAPH);
}

/// The answers where there are none.
#[expect(missing_docs, reason = "each is named after what it stands in for")]
pub trait Otherwise {
    const SPEC: Spec = {
        static LABELS: [Label; 1] = [Telemetry::label("")];
        static RUNNING: Key = Telemetry::running(&LABELS);
        let mut spec = Spec::new(
            "",
            "",
            SourcePlace { file: "", line: 0 },
            Telemetry::new(&RUNNING),
        );
        // Nobody shall complain of anything else.
        spec.effect = Effect::Idempotent;
        spec
    };
    const LIMITS: &'static [(&'static str, Limits)] = &[];
    const GRAPH: Option<&'static Graph> = None;
    const SIGNAL: &'static str = "";
}

impl<S: Signal> Of<S> {
    /// The type under which the signal travels.
    pub const SIGNAL: &'static str = S::TYPE;
}

impl<T: ?Sized> Otherwise for Of<T> {}

/// The effect of a workflow: the gravest of its steps'; sending and taking signals is a write.
pub const fn effect(steps: &[&Spec], signals: bool) -> Effect {
    let mut gravest = if signals { Effect::Write } else { Effect::Read };
    let mut index = 0;
    while index < steps.len() {
        gravest = match (gravest, steps[index].effect) {
            (Effect::Write, _) | (_, Effect::Write) => Effect::Write,
            (Effect::Idempotent, _) | (_, Effect::Idempotent) => Effect::Idempotent,
            (Effect::Read, Effect::Read) => Effect::Read,
        };
        index += 1;
    }
    gravest
}

/// What whoever approves of a workflow is asked: it needs approval where a step of it does.
pub const fn confirm(steps: &[&Spec]) -> Option<&'static str> {
    let mut index = 0;
    while index < steps.len() {
        if steps[index].confirm.is_some() {
            return Some(Spec::QUESTION);
        }
        index += 1;
    }
    None
}

/// How many names [`writes`] gives.
pub const fn count_writes(steps: &[&Spec]) -> usize {
    let (mut count, mut index) = (0, 0);
    while index < steps.len() {
        count += steps[index].writes.len();
        index += 1;
    }
    count
}

/// All that the steps write, by name.
pub const fn writes<const N: usize>(steps: &[&Spec]) -> [&'static str; N] {
    let mut names = [""; N];
    let (mut count, mut index) = (0, 0);
    while index < steps.len() {
        let own = steps[index].writes;
        let mut at = 0;
        while at < own.len() {
            names[count] = own[at];
            count += 1;
            at += 1;
        }
        index += 1;
    }
    names
}

/// Refuses a retry of what is not to be repeated.
#[track_caller]
pub const fn retried(action: &Spec) {
    if matches!(action.effect, Effect::Write) {
        panic!(
            "a step that writes is not tried again, since it may write twice: take `retry` out, or \
             say `effect = idempotent` on the action where that is true"
        );
    }
}

/// Refuses a step that a saga could not take back.
#[track_caller]
pub const fn before_the_pivot(action: &Spec) {
    if matches!(action.effect, Effect::Write) && !action.undo {
        panic!(
            "this step writes and can't be undone, and the saga may have to go back behind it: say \
             `#[action(undo)]` and write `impl Undo`, put `pivot` before the step from which the \
             saga goes only forward, or say `effect = idempotent` where repeating it does no harm"
        );
    }
}

/// Refuses a step that a saga could not go on from.
#[track_caller]
pub const fn after_the_pivot(action: &Spec) {
    if matches!(action.effect, Effect::Write) {
        panic!(
            "after the pivot a saga goes only forward, so each step must bear to be run again, and \
             this one writes each time: say `effect = idempotent` on the action where that is true, \
             or move the step before the pivot and let it be undone"
        );
    }
}

/// Refuses a step that may take longer than the whole workflow.
#[track_caller]
pub const fn in_time(_: &Spec, policy: &Policy, deadline: Duration) {
    let Some(timeout) = policy.timeout else {
        return;
    };
    let mut longest = timeout.as_nanos();
    if let Some(retry) = policy.retry {
        longest = longest.saturating_mul(retry.times as u128 + 1);
        let mut wait = retry.first.as_nanos();
        let mut attempt = 0;
        while attempt < retry.times {
            let most = retry.most.as_nanos();
            wait = if wait < most { wait } else { most };
            longest = longest.saturating_add(wait);
            wait = wait.saturating_mul(2);
            attempt += 1;
        }
    }
    if let Some(bound) = policy.deadline {
        let bound = bound.as_nanos();
        longest = if longest < bound { longest } else { bound };
    }
    if longest > deadline.as_nanos() {
        panic!(
            "this step may take longer than the workflow's deadline, its retries and their waits \
             counted: shorten its timeout, retry less, or lengthen the deadline"
        );
    }
}

/// Refuses a step whose only use would be its output, which nobody takes.
#[track_caller]
pub const fn is_read(action: &Spec) {
    if matches!(action.effect, Effect::Read) {
        panic!(
            "this step only reads, and nothing reads its output: use it, or take the step out; a \
             name that begins with `_` says that this is meant"
        );
    }
}

/// Refuses an arm that writes what an arm beside it writes.
#[track_caller]
pub const fn no_race(action: &Spec, beside: &[&Spec]) {
    let mut index = 0;
    while index < beside.len() {
        let mut own = 0;
        while own < action.writes.len() {
            if contains(beside[index].writes, action.writes[own]) {
                race(action.writes[own]);
            }
            own += 1;
        }
        index += 1;
    }
}

#[track_caller]
const fn race(_: &str) {
    panic!(
        "this step writes what a step of an arm beside it writes too (both say so with `writes(…)`), \
         and which is first is chance: run one after the other, or let one of them write it all"
    );
}

const fn contains(names: &[&str], name: &str) -> bool {
    let mut index = 0;
    while index < names.len() {
        if same(names[index], name) {
            return true;
        }
        index += 1;
    }
    false
}

/// A literal that is given to a param.
#[derive(Debug, Clone, Copy)]
pub enum Literal {
    /// A whole number.
    Int(i128),
    /// A fraction.
    Float(f64),
    /// Text.
    Text(&'static str),
}

impl Literal {
    /// The same with a minus before it.
    #[must_use]
    pub const fn negative(self) -> Self {
        match self {
            Self::Int(int) => Self::Int(-int),
            Self::Float(float) => Self::Float(-float),
            Self::Text(text) => Self::Text(text),
        }
    }
}

/// Refuses a literal that its own param refuses.
#[track_caller]
pub const fn literal(limits: &[(&str, Limits)], param: &str, literal: Literal) {
    let mut index = 0;
    while index < limits.len() {
        let (name, limits) = &limits[index];
        let refused = match literal {
            Literal::Int(int) => limits.refuse_int(int),
            Literal::Float(float) => limits.refuse_float(float),
            Literal::Text(text) => limits.refuse_text(text),
        };
        if refused && same(name, param) {
            panic!("{}", limits.allowed);
        }
        index += 1;
    }
}
