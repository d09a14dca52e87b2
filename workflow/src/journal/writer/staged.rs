//! The writer of a test's stage: no thread, and a crash where the test wants one.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use super::queue::Queue;
use super::{Acks, Arc, Handle, Store, Writer, round, stop};
use crate::testing::Windows;

/// How much waits at most for somebody who waits for it.
const MOST: usize = 1024;

/// What stands in for the writer's thread.
pub(super) struct Stage {
    /// None, once it has failed.
    store: Mutex<Option<Box<dyn Store>>>,
    windows: Windows,
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stage")
            .field("windows", &self.windows)
            .finish_non_exhaustive()
    }
}

impl Writer {
    /// A writer without a thread: whoever waits for the store does what waits for it.
    pub(crate) fn staged(store: Box<dyn Store>, windows: &Windows) -> Self {
        let store = windows.around(store);
        Self(Arc::new(Handle {
            queue: Arc::new(Queue::default()),
            acks: Arc::new(Acks::default()),
            tally: Arc::default(),
            thread: Mutex::default(),
            stage: Some(Stage {
                store: Mutex::new(Some(store)),
                windows: windows.clone(),
            }),
        }))
    }

    /// Where a crash can fall, on a stage.
    pub(crate) fn windows(&self) -> Option<&Windows> {
        self.0.stage.as_ref().map(|stage| &stage.windows)
    }

    /// Something was pushed.
    pub(super) async fn pushed(&self) {
        let Some(stage) = &self.0.stage else {
            return;
        };
        if !stage.windows.holds_back() || self.0.queue.len() >= MOST {
            self.settle().await;
        }
    }

    /// Whoever is going to wait for the store does what waits for it; after a crash it waits for ever.
    pub(super) async fn settle(&self) {
        let Some(stage) = &self.0.stage else {
            return;
        };
        stage.windows.unless_struck().await;
        self.drain();
        stage.windows.unless_struck().await;
    }

    pub(super) fn drain(&self) {
        let Some(stage) = &self.0.stage else {
            return;
        };
        let mut open = stage.store.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some(store) = &mut *open
            && let Some(jobs) = self.0.queue.take_now()
        {
            if let Err(error) = round(&mut **store, jobs, &self.0.acks, &self.0.tally) {
                stop(error, &self.0.acks);
                self.0.queue.end();
                *open = None;
            }
        }
        // As a thread does that ends.
        if self.0.queue.is_closed() {
            *open = None;
        }
    }
}
