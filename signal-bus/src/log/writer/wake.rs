//! How those who wait are told that the writer is done.

use tokio::runtime::Handle;

use super::{Outcome, Told};
use crate::log::store::Entry;

/// Somebody who is to be told what came of a job.
pub(crate) struct Waiter {
    told: Told,
    /// Where it waits.
    on: Option<Handle>,
}

impl Waiter {
    /// Whoever calls this waits, in its runtime.
    pub(in crate::log) fn here(told: impl FnOnce(Outcome) + Send + 'static) -> Self {
        let (told, on): (Told, _) = (Box::new(told), Handle::try_current().ok());
        Self { told, on }
    }

    /// Nobody waits for that, wherever it runs.
    pub(crate) fn anywhere(told: impl FnOnce(Outcome) + Send + 'static) -> Self {
        let (told, on): (Told, _) = (Box::new(told), None);
        Self { told, on }
    }

    pub(super) fn tell(self, outcome: Outcome) {
        (self.told)(outcome);
    }
}

/// Tells each. Those of one runtime are told from inside of it: a call across threads is dear, and one
/// does for all of them.
///
/// What is written goes along where there are several, to be freed after them: that is where the next entries are
/// made, and two threads that give memory back to one heap wait for each other.
pub(super) fn wake(mut finished: Vec<(Waiter, Outcome)>, mut written: Vec<Entry>) {
    // In the order in which they came.
    finished.reverse();
    while let Some((waiter, outcome)) = finished.pop() {
        let Some(on) = waiter.on.clone() else {
            waiter.tell(outcome);
            continue;
        };
        let here = |(other, _): &mut (Waiter, Outcome)| {
            other.on.as_ref().is_some_and(|other| other.id() == on.id())
        };
        let others: Vec<_> = finished.extract_if(.., here).collect();
        if others.is_empty() {
            waiter.tell(outcome);
            continue;
        }
        let written = std::mem::take(&mut written);
        drop(on.spawn(async move {
            waiter.tell(outcome);
            for (waiter, outcome) in others.into_iter().rev() {
                waiter.tell(outcome);
            }
            // Whoever was told has their turn first.
            tokio::task::yield_now().await;
            drop(written);
        }));
    }
}
