//! Who waits for the writer, and how they are woken.

use tokio::runtime::Handle;
use tokio::sync::oneshot;

/// Somebody who waits for an answer.
#[derive(Debug)]
pub(super) struct Waiter<T> {
    answer: oneshot::Sender<T>,
    /// Where it waits.
    on: Option<Handle>,
}

impl<T> Waiter<T> {
    /// Whoever calls this, and what it waits for.
    pub(super) fn new() -> (Self, oneshot::Receiver<T>) {
        let (answer, answered) = oneshot::channel();
        let on = Handle::try_current().ok();
        (Self { answer, on }, answered)
    }

    fn answer(self, answer: T) {
        // Whoever waited may be gone.
        drop(self.answer.send(answer));
    }
}

/// Answers each. Those of one runtime are woken from inside of it: a call across threads is dear, and
/// one does for all of them.
pub(super) fn wake<T: Send + 'static>(mut answers: Vec<(Waiter<T>, T)>) {
    while let Some((waiter, answer)) = answers.pop() {
        let Some(on) = waiter.on.clone() else {
            waiter.answer(answer);
            continue;
        };
        let here = |(other, _): &mut (Waiter<T>, T)| {
            other.on.as_ref().is_some_and(|other| other.id() == on.id())
        };
        let others: Vec<_> = answers.extract_if(.., here).collect();
        if others.is_empty() {
            waiter.answer(answer);
            continue;
        }
        drop(on.spawn(async move {
            waiter.answer(answer);
            for (waiter, answer) in others {
                waiter.answer(answer);
            }
        }));
    }
}
