//! Where a peer has no way of its own to wait for a run: its last step says that it has ended.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot::{Receiver, Sender, channel};

/// Those who wait for runs, by the number with which a run ends.
#[derive(Debug, Default)]
pub struct Ended(Mutex<HashMap<u64, Sender<()>>>);

impl Ended {
    /// Waits from now on for the run that ends with this number.
    pub fn wait(&self, answer: u64) -> Receiver<()> {
        let (sender, receiver) = channel();
        self.waiting().insert(answer, sender);
        receiver
    }

    /// Says that the run with this number has ended; a second time says nothing.
    pub fn tell(&self, answer: u64) {
        if let Some(waiting) = self.waiting().remove(&answer) {
            // Who no longer waits needs not be told.
            let _ = waiting.send(());
        }
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<u64, Sender<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
