//! Who waits for the writer, and how they are woken.

use std::sync::Arc;

use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::journal::store::{Entry, StoreError};

/// Whether an entry was taken, to who asked; to who waits for the disk, that it is there. Or why there will be no more.
pub(super) type Answer = Result<bool, Arc<StoreError>>;

/// Somebody who waits for an answer.
#[derive(Debug)]
pub(super) struct Waiter {
    answer: oneshot::Sender<Answer>,
    /// Where it waits.
    on: Option<Handle>,
}

impl Waiter {
    /// Whoever calls this, and what it waits for.
    pub(super) fn new() -> (Self, oneshot::Receiver<Answer>) {
        let (answer, answered) = oneshot::channel();
        let on = Handle::try_current().ok();
        (Self { answer, on }, answered)
    }

    fn answer(self, answer: Answer) {
        // Whoever waited may be gone.
        drop(self.answer.send(answer));
    }
}

/// Answers each. Those of one runtime are woken from inside of it: a call across threads is dear, and
/// one does for all of them.
///
/// What is written goes along where there are several, to be freed after them: that is where the next entries are
/// made, and two threads that give memory back to one heap wait for each other.
pub(super) fn wake(mut answers: Vec<(Waiter, Answer)>, mut written: Vec<Entry>) {
    while let Some((waiter, answer)) = answers.pop() {
        let Some(on) = waiter.on.clone() else {
            waiter.answer(answer);
            continue;
        };
        let here = |(other, _): &mut (Waiter, Answer)| {
            other.on.as_ref().is_some_and(|other| other.id() == on.id())
        };
        let others: Vec<_> = answers.extract_if(.., here).collect();
        if others.is_empty() {
            waiter.answer(answer);
            continue;
        }
        let written = std::mem::take(&mut written);
        drop(on.spawn(async move {
            waiter.answer(answer);
            for (waiter, answer) in others {
                waiter.answer(answer);
            }
            // Whoever was woken has their turn first.
            tokio::task::yield_now().await;
            drop(written);
        }));
    }
}
