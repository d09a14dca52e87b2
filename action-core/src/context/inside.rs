//! The context of what a run runs inside itself.

use std::any::Any;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::{Context, Progress, Shared, Trace};

/// What a step's context has that its workflow's has not.
#[derive(Debug, Default)]
pub struct Inside {
    /// The step's own key.
    pub idempotency_key: Option<Box<str>>,
    /// The step's own span.
    pub trace: Option<Trace>,
    /// What the run hands to a run inside it.
    pub carried: Option<Arc<dyn Any + Send + Sync>>,
}

impl Context {
    /// The context of a step: the same world, the step's own key and span, the first attempt.
    #[doc(hidden)]
    #[must_use]
    pub fn inside(&self, inside: Inside) -> Self {
        let around = &*self.shared;
        let shared = Shared {
            resources: Arc::clone(&around.resources),
            tenant: around.tenant.clone(),
            idempotency_key: inside.idempotency_key,
            trace: inside.trace,
            progress: around.progress.clone(),
            carried: inside.carried,
        };
        Self {
            shared: Arc::new(shared),
            cancellation: self.cancellation.clone(),
            deadline: self.deadline,
            attempt: 1,
            depth: self.depth,
            dry: self.dry,
        }
    }

    /// The same context, whose runs tell that one how far they are.
    #[doc(hidden)]
    #[must_use]
    pub fn watched_by(mut self, watch: Arc<dyn Fn(Progress) + Send + Sync>) -> Self {
        self.shared = Arc::new(Shared {
            progress: Some(watch),
            ..Shared::clone(&self.shared)
        });
        self
    }

    /// The same context, inside of one more run.
    #[doc(hidden)]
    #[must_use]
    pub fn deeper(mut self) -> Self {
        self.depth = self.depth.saturating_add(1);
        self
    }

    /// How many runs it is inside of.
    #[doc(hidden)]
    pub fn depth(&self) -> u16 {
        self.depth
    }

    /// The same context, cancelled through that token and no other.
    #[doc(hidden)]
    #[must_use]
    pub fn cancelled_by(mut self, token: CancellationToken) -> Self {
        self.cancellation = Some(token);
        self
    }

    /// What an enclosing run has handed over.
    #[doc(hidden)]
    pub fn carried<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.shared.carried.as_ref()?.downcast_ref()
    }
}
