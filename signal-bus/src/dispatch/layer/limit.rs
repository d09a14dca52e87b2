//! So many deliveries at once, and no more.

use std::sync::atomic::{AtomicUsize, Ordering};

use enact_signal_core::Envelope;
use tokio::sync::Semaphore;

use super::{layer, send};
use crate::dispatch::target::shared;
use crate::dispatch::{DispatchError, Kind, Outcome, Target};

/// Has so many deliveries at once, and lets so many others wait, in their order.
///
/// What comes beyond is refused with [`Kind::Full`], so that what waits is bounded. Several signals that
/// are delivered together are one delivery.
#[derive(Debug)]
pub struct Limit<T> {
    inner: T,
    turns: Semaphore,
    waiting: AtomicUsize,
    most: usize,
}

layer!(Limit, |layer| layer.inner.check());

impl<T: Target> Limit<T> {
    /// Around that target; one at once at least.
    pub fn new(inner: T, at_once: usize, waiting: usize) -> Self {
        Self {
            inner,
            turns: Semaphore::new(at_once.clamp(1, Semaphore::MAX_PERMITS)),
            waiting: AtomicUsize::new(0),
            most: waiting,
        }
    }

    async fn run(&self, signals: &[Envelope]) -> Vec<Outcome> {
        let turn = match self.turns.try_acquire() {
            Ok(turn) => turn,
            Err(_) => match self.wait().await {
                Ok(turn) => turn,
                Err(error) => return shared(&Err(error), signals.len()),
            },
        };
        let outcomes = send(&self.inner, signals).await;
        drop(turn);
        outcomes
    }

    async fn wait(&self) -> Result<tokio::sync::SemaphorePermit<'_>, DispatchError> {
        let before = self.waiting.fetch_add(1, Ordering::Relaxed);
        let _place = Place(&self.waiting);
        if before >= self.most {
            return Err(self.full());
        }
        // It is closed by nobody.
        self.turns.acquire().await.map_err(|_| self.full())
    }

    fn full(&self) -> DispatchError {
        let what = format!("{} deliveries wait for it already; retry later", self.most);
        DispatchError::new(Kind::Full, self.inner.name(), what)
    }
}

/// A place among those who wait, given back whatever happens.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
