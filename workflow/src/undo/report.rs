//! Undoing it all, and the report of it.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use enact_action_core::action::BoxFuture;
use enact_action_core::{Failure, UndoOutcome, Undone, UndoneStep};

use super::stack::{Entry, Stack, Step};
use super::unfinished::Unfinished;
use crate::event::What;
use crate::run::Root;

/// Undoes what is done, and hangs the report on the failure, which stays what it was.
pub(crate) async fn go_back(root: &Root<'_>, stack: Stack, mut failure: Failure) -> Failure {
    let mut entries = stack.into_entries();
    if entries.is_empty() {
        return failure;
    }
    // What was done before a run that could not go back waits until that has.
    if let Some(inner) = Unfinished::of(&mut failure) {
        entries.extend(inner.into_left());
        let went = Went {
            steps: Vec::new(),
            left: entries,
        };
        return report(went, failure);
    }
    let went = back(
        &|path, what| root.tell(|| path.to_owned(), || what),
        entries,
    )
    .await;
    report(went, failure)
}

/// Adds to the failure of one arm what came of going back in the arm of another.
pub(crate) fn beside(mut failure: Failure, mut other: Failure) -> Failure {
    let own = Unfinished::of(&mut failure).into_iter();
    let left: Vec<_> = own
        .chain(Unfinished::of(&mut other))
        .map(Unfinished::into_left)
        .collect();
    if !left.is_empty() {
        let unfinished = Unfinished::new(vec![Entry::Side(left)]);
        failure = failure.with_unfinished(Box::new(unfinished));
    }
    let Some(Undone::Steps(more)) = other.take_undone() else {
        return failure;
    };
    match failure.take_undone() {
        None => failure.with_undone(Undone::Steps(more)),
        Some(Undone::Steps(mut steps)) => {
            steps.extend(more);
            failure.with_undone(Undone::Steps(steps))
        }
        Some(own) => failure.with_undone(own),
    }
}

/// How far going back has come.
pub(crate) struct Went {
    pub(crate) steps: Vec<UndoneStep>,
    /// What is left to undo, in the order in which it was done.
    pub(crate) left: Vec<Entry>,
}

pub(crate) type TellUndo<'a> = &'a (dyn Fn(&str, What) + Send + Sync);

/// Hangs the report on the failure; loudly, where something is left.
pub(crate) fn report(went: Went, mut failure: Failure) -> Failure {
    let mut steps = match failure.take_undone() {
        Some(Undone::Steps(inner)) => inner,
        _ => Vec::new(),
    };
    steps.extend(went.steps);
    if !went.left.is_empty() {
        pending(&went.left, &mut steps);
        failure = failure.with_unfinished(Box::new(Unfinished::new(went.left)));
    }
    failure.with_undone(Undone::Steps(steps))
}

/// Undoes latest first. What fails stays, and so does all that was done before it.
pub(crate) fn back(tell: TellUndo<'_>, mut entries: Vec<Entry>) -> BoxFuture<'_, Went> {
    Box::pin(async move {
        let mut steps = Vec::new();
        while let Some(entry) = entries.pop() {
            let left = match entry {
                Entry::Step(step) => one(tell, step, &mut steps).await,
                Entry::Side(arms) => side(tell, arms, &mut steps).await,
            };
            if let Some(left) = left {
                entries.push(left);
                break;
            }
        }
        Went {
            steps,
            left: entries,
        }
    })
}

async fn one(tell: TellUndo<'_>, step: Box<Step>, steps: &mut Vec<UndoneStep>) -> Option<Entry> {
    if step.is_undone() {
        steps.push(UndoneStep::new(&*step.path, UndoOutcome::Done));
        return None;
    }
    match step.undo().await {
        Some(Undone::Failed(failure)) => {
            tracing::error!(
                target: "enact::workflow", step = step.path, code = failure.code(), %failure,
                "a step could not be undone; look after it"
            );
            tell(
                &step.path,
                What::UndoFailed {
                    code: failure.code().to_owned(),
                    message: failure.message().to_owned(),
                },
            );
            steps.push(UndoneStep::new(&*step.path, UndoOutcome::Failed(failure)));
            Some(Entry::Step(step))
        }
        _ => {
            tell(&step.path, What::StepUndone);
            steps.push(UndoneStep::new(&*step.path, UndoOutcome::Done));
            None
        }
    }
}

async fn side(
    tell: TellUndo<'_>,
    arms: Vec<Vec<Entry>>,
    steps: &mut Vec<UndoneStep>,
) -> Option<Entry> {
    let arms = all(arms.into_iter().map(|arm| back(tell, arm)).collect()).await;
    let mut left = Vec::new();
    for arm in arms {
        steps.extend(arm.steps);
        left.push(arm.left);
    }
    left.retain(|arm| !arm.is_empty());
    (!left.is_empty()).then_some(Entry::Side(left))
}

/// Polls all to their ends.
async fn all<T>(mut futures: Vec<BoxFuture<'_, T>>) -> Vec<T> {
    let mut answers: Vec<Option<T>> = futures.iter().map(|_| None).collect();
    poll_fn(|task| {
        let mut pending = false;
        for (future, answer) in futures.iter_mut().zip(&mut answers) {
            if answer.is_none() {
                match Pin::as_mut(future).poll(task) {
                    Poll::Ready(value) => *answer = Some(value),
                    Poll::Pending => pending = true,
                }
            }
        }
        if pending {
            Poll::Pending
        } else {
            Poll::Ready(())
        }
    })
    .await;
    answers.into_iter().flatten().collect()
}

/// The steps whose undo has not begun.
fn pending(left: &[Entry], steps: &mut Vec<UndoneStep>) {
    for entry in left.iter().rev() {
        match entry {
            Entry::Step(step) if steps.iter().any(|told| told.path == step.path) => {}
            Entry::Step(step) => {
                steps.push(UndoneStep::new(&*step.path, UndoOutcome::Pending));
            }
            Entry::Side(arms) => arms.iter().for_each(|arm| pending(arm, steps)),
        }
    }
}
