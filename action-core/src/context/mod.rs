//! What a run may see: resources, tenant, trace, deadline, cancellation, progress.

mod progress;
mod resources;
mod trace;

mod inside;

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

#[doc(hidden)]
pub use self::inside::Inside;
pub use self::progress::Progress;
pub use self::resources::Resources;
pub use self::trace::{Trace, TraceError};
use crate::failure::Failure;

/// What a run may see of the world around it. Cheap to clone.
///
/// ```
/// use enact_action_core::Context;
///
/// struct Rates(f64);
///
/// let cx = Context::builder().resource(Rates(1.08)).tenant("acme").build();
/// assert_eq!(cx.tenant(), Some("acme"));
/// assert_eq!(cx.resource::<Rates>()?.0, 1.08);
/// # Ok::<(), enact_action_core::Failure>(())
/// ```
#[derive(Clone)]
pub struct Context {
    shared: Arc<Shared>,
    cancellation: Option<CancellationToken>,
    deadline: Option<Instant>,
    attempt: u32,
    /// How many runs it is inside of.
    depth: u16,
    /// Whether it belongs to a dry run.
    dry: bool,
}

#[derive(Default, Clone)]
struct Shared {
    resources: Arc<Resources>,
    tenant: Option<Arc<str>>,
    idempotency_key: Option<Box<str>>,
    trace: Option<Trace>,
    progress: Option<Arc<dyn Fn(Progress) + Send + Sync>>,
    carried: Option<Arc<dyn Any + Send + Sync>>,
}

impl Context {
    /// A context with nothing in it: no resources, no deadline, never cancelled.
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// Starts a context with something in it.
    pub fn builder() -> ContextBuilder {
        ContextBuilder::default()
    }

    /// The resource of that type.
    ///
    /// Declare it with `#[action(needs(T))]`, and its absence is an error when the program starts.
    ///
    /// # Errors
    /// A misconfigured failure, code `resource.missing`, where the context has none.
    pub fn resource<T: Send + Sync + 'static>(&self) -> Result<&T, Failure> {
        self.shared.resources.one().ok_or_else(|| {
            let name = std::any::type_name::<T>();
            let text = format!(
                "the context has no `{name}`; give it one with `Context::builder().resource(…)`, \
                 and declare `needs(…)` to be told when the program starts"
            );
            Failure::misconfigured("resource.missing", text)
        })
    }

    /// All the resources.
    pub fn resources(&self) -> &Resources {
        &self.shared.resources
    }

    /// On whose behalf the action runs.
    pub fn tenant(&self) -> Option<&str> {
        self.shared.tenant.as_deref()
    }

    /// The key under which an effect may happen only once, the same over attempts.
    pub fn idempotency_key(&self) -> Option<&str> {
        self.shared.idempotency_key.as_deref()
    }

    /// The W3C trace that the run belongs to.
    pub fn trace(&self) -> Option<&Trace> {
        self.shared.trace.as_ref()
    }

    /// Which attempt this is, counted from 1.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// When the run must have answered.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Whether the caller has cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.cancellation
            .as_ref()
            .is_some_and(CancellationToken::is_cancelled)
    }

    /// Waits until the caller cancels; for ever, where nobody can.
    pub async fn cancelled(&self) {
        match &self.cancellation {
            Some(token) => token.cancelled().await,
            None => std::future::pending().await,
        }
    }

    /// Whether this is a [dry run](crate::action::DryRun): actions that write refuse to run.
    pub fn is_dry(&self) -> bool {
        self.dry
    }

    /// Tells whoever watches how far the run is.
    pub fn progress(&self, progress: Progress) {
        if let Some(watch) = &self.shared.progress {
            watch(progress);
        }
    }

    /// The same context, cancelled through its own token as well as through this one's.
    #[must_use]
    pub fn child(&self) -> (Self, CancellationToken) {
        let token = match &self.cancellation {
            Some(parent) => parent.child_token(),
            None => CancellationToken::new(),
        };
        let child = Self {
            cancellation: Some(token.clone()),
            ..self.clone()
        };
        (child, token)
    }

    /// The same context with an earlier deadline; a later one changes nothing.
    #[must_use]
    pub fn until(mut self, deadline: Instant) -> Self {
        self.deadline = Some(
            self.deadline
                .map_or(deadline, |earlier| earlier.min(deadline)),
        );
        self
    }

    /// The same context under another key.
    pub(crate) fn keyed(mut self, key: String) -> Self {
        Arc::make_mut(&mut self.shared).idempotency_key = Some(key.into());
        self
    }

    /// The same context on behalf of another tenant: for whoever serves several.
    ///
    /// ```
    /// use enact_action_core::Context;
    ///
    /// let cx = Context::builder().resource(7_u32).build().of_tenant("acme");
    /// assert_eq!((cx.tenant(), *cx.resource::<u32>()?), (Some("acme"), 7));
    /// # Ok::<(), enact_action_core::Failure>(())
    /// ```
    #[must_use]
    pub fn of_tenant(mut self, tenant: impl Into<Arc<str>>) -> Self {
        self.shared = Arc::new(Shared {
            tenant: Some(tenant.into()),
            ..Shared::clone(&self.shared)
        });
        self
    }

    /// For a dry run.
    pub(crate) fn dry(mut self) -> Self {
        self.dry = true;
        self
    }

    pub(crate) fn can_be_cancelled(&self) -> bool {
        self.cancellation.is_some()
    }

    pub(crate) fn at_attempt(mut self, attempt: u32) -> Self {
        self.attempt = attempt;
        self
    }

    /// For the undo of an action by itself: it is another effect than the action, and has another key.
    pub(crate) fn undoing(&self) -> Self {
        let Some(key) = self.idempotency_key() else {
            return self.clone();
        };
        self.inside(Inside {
            idempotency_key: Some(format!("{key}/undo").into()),
            trace: self.trace().copied(),
            carried: self.shared.carried.clone(),
        })
    }

    /// For the undo: the same resources, but neither cancelled nor out of time.
    pub(crate) fn free(&self) -> Self {
        Self {
            cancellation: None,
            deadline: None,
            ..self.clone()
        }
    }
}

impl Default for Context {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("resources", &self.shared.resources)
            .field("tenant", &self.shared.tenant)
            .field("idempotency_key", &self.shared.idempotency_key)
            .field("trace", &self.shared.trace)
            .field("attempt", &self.attempt)
            .field("deadline", &self.deadline)
            .field("cancelled", &self.is_cancelled())
            .finish_non_exhaustive()
    }
}

/// Builds a [`Context`].
#[derive(Default)]
#[must_use = "a builder does nothing until `build`"]
pub struct ContextBuilder {
    resources: Resources,
    shared: Shared,
    cancellation: Option<CancellationToken>,
    deadline: Option<Instant>,
}

impl ContextBuilder {
    /// Adds a resource, known by its type; a second one of the same type takes its place.
    pub fn resource<T: Send + Sync + 'static>(mut self, resource: T) -> Self {
        self.resources.insert(resource);
        self
    }

    /// Sets on whose behalf actions run.
    pub fn tenant(mut self, tenant: impl Into<Arc<str>>) -> Self {
        self.shared.tenant = Some(tenant.into());
        self
    }

    /// Sets the key under which an effect may happen only once.
    pub fn idempotency_key(mut self, key: impl Into<Box<str>>) -> Self {
        self.shared.idempotency_key = Some(key.into());
        self
    }

    /// Sets the W3C trace.
    pub fn trace(mut self, trace: Trace) -> Self {
        self.shared.trace = Some(trace);
        self
    }

    /// Sets when runs must have answered.
    pub fn deadline(mut self, deadline: Instant) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Lets this token cancel.
    pub fn cancellation(mut self, token: CancellationToken) -> Self {
        self.cancellation = Some(token);
        self
    }

    /// Lets `watch` know how far runs are; it must not block.
    pub fn on_progress(mut self, watch: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.shared.progress = Some(Arc::new(watch));
        self
    }

    /// The context.
    pub fn build(self) -> Context {
        let shared = Shared {
            resources: Arc::new(self.resources),
            ..self.shared
        };
        Context {
            shared: Arc::new(shared),
            cancellation: self.cancellation,
            deadline: self.deadline,
            attempt: 1,
            depth: 0,
            dry: false,
        }
    }
}

impl fmt::Debug for ContextBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContextBuilder")
            .field("resources", &self.resources)
            .finish_non_exhaustive()
    }
}
