//! How those who wait are told that the writer is done.

use tokio::runtime::{Handle, Id};
use tokio::sync::oneshot;

use super::Outcome;
use crate::log::store::Entry;

/// Somebody who is to be told what came of a job.
pub(crate) struct Waiter {
    told: Told,
    /// Where it waits.
    on: Option<Handle>,
}

/// What is done once a job is durable, or never will be.
enum Told {
    Answer(oneshot::Sender<Outcome>),
    Call(Box<dyn FnOnce(Outcome) + Send>),
}

impl Waiter {
    /// Whoever calls this waits, in its runtime.
    pub(in crate::log) fn here(answer: oneshot::Sender<Outcome>) -> Self {
        let (told, on) = (Told::Answer(answer), Handle::try_current().ok());
        Self { told, on }
    }

    /// Nobody waits for that, wherever it runs.
    pub(crate) fn anywhere(told: impl FnOnce(Outcome) + Send + 'static) -> Self {
        let (told, on) = (Told::Call(Box::new(told)), None);
        Self { told, on }
    }

    pub(super) fn tell(self, outcome: Outcome) {
        match self.told {
            Told::Answer(answer) => drop(answer.send(outcome)),
            Told::Call(call) => call(outcome),
        }
    }

    fn runtime(&self) -> Option<Id> {
        self.on.as_ref().map(Handle::id)
    }
}

/// Tells each. Where several wait in one runtime they are told from inside of it: a call across threads is dear, and
/// one does for all of them.
///
/// What is written goes along where there are several, to be freed after them: that is where the next entries are
/// made, and two threads that give memory back to one heap wait for each other.
pub(super) fn wake(mut finished: Vec<(Waiter, Outcome)>, mut written: Vec<Entry>) {
    while let Some((first, _)) = finished.first() {
        let (on, runtime) = (first.on.clone(), first.runtime());
        let is_here = |(waiter, _): &(Waiter, Outcome)| waiter.runtime() == runtime;
        let here;
        // Where all are of one runtime, as most publishers are, none has to be moved.
        (here, finished) = if finished.iter().all(is_here) {
            (finished, Vec::new())
        } else {
            finished.into_iter().partition(is_here)
        };
        match on {
            Some(on) if here.len() > 1 => {
                let written = std::mem::take(&mut written);
                drop(on.spawn(async move {
                    tell(here);
                    // Whoever was told has their turn first.
                    tokio::task::yield_now().await;
                    drop(written);
                }));
            }
            _ => tell(here),
        }
    }
}

/// Tells each, in the order in which they came.
fn tell(finished: Vec<(Waiter, Outcome)>) {
    for (waiter, outcome) in finished {
        waiter.tell(outcome);
    }
}

#[cfg(test)]
mod tests {
    use tokio::runtime::{Builder, Runtime};

    use super::super::Done;
    use super::*;

    fn runtime() -> Runtime {
        let runtime = Builder::new_current_thread().build();
        runtime.expect("a runtime can be made")
    }

    #[test]
    fn all_are_told_wherever_they_wait() {
        let (one, other) = (runtime(), runtime());
        let (told, anywhere) = std::sync::mpsc::channel();
        let (mut finished, mut waiting) = (Vec::new(), Vec::new());
        for n in [2, 0, 1, 0, 2, 1] {
            let waiter = if let Some(runtime) = [&one, &other].get(n) {
                let _inside = runtime.enter();
                let (answer, answered) = oneshot::channel();
                waiting.push((*runtime, answered));
                Waiter::here(answer)
            } else {
                let (told, at) = (told.clone(), finished.len());
                Waiter::anywhere(move |_| told.send(at).expect("the test listens"))
            };
            let which = Done::Pruned(finished.len());
            finished.push((waiter, Ok(which)));
        }
        wake(finished, Vec::new());
        assert_eq!(anywhere.try_iter().collect::<Vec<_>>(), [0, 4]);
        let answers =
            waiting
                .into_iter()
                .map(|(runtime, answered)| match runtime.block_on(answered) {
                    Ok(Ok(Done::Pruned(which))) => which,
                    answer => panic!("{answer:?}"),
                });
        assert_eq!(answers.collect::<Vec<_>>(), [1, 2, 3, 5]);
    }
}
