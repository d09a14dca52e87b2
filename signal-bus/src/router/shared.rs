//! A router that changes while others route.

use std::cmp::Ordering;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::{ArcSwap, Guard};
use enact_signal_core::Envelope;

use super::{Buffer, Match, Routable, RouteId, Router};

/// A router that is changed while others route.
///
/// Whoever routes sees the router as it was when they began, and never waits: a change is made on a
/// copy, which shares what it does not touch, and takes the place of the original when it is done.
///
/// ```
/// use enact_signal_bus::{Buffer, Router, SharedRouter, priority};
/// use enact_signal_core::{Pattern, SignalType};
///
/// let shared = SharedRouter::new(Router::<&str, SignalType>::new());
/// let orders = Pattern::new("order.**")?;
/// let id = shared.edit(|router| router.on(orders, priority(0), "audit").id());
///
/// let created = SignalType::new("order.created")?;
/// let mut handlers = Vec::new();
/// shared.each(&created, &mut Buffer::new(), |found| handlers.push(*found.handler()));
/// assert_eq!(handlers, ["audit"]);
///
/// shared.edit(|router| router.remove(id));
/// assert!(shared.now().is_empty());
/// # Ok::<_, enact_signal_core::MalformedName>(())
/// ```
pub struct SharedRouter<H, E: ?Sized = Envelope> {
    now: ArcSwap<Router<H, E>>,
    /// The highest number that a route was given in any edit, also in those that failed.
    editing: Mutex<u64>,
}

/// A copy that is being changed; the numbers of its routes are not given again, whatever becomes of it.
struct Edit<'a, H, E: ?Sized> {
    router: Router<H, E>,
    last: MutexGuard<'a, u64>,
}

impl<H, E: ?Sized> Drop for Edit<'_, H, E> {
    fn drop(&mut self) {
        *self.last = self.router.slots.last().max(*self.last);
    }
}

impl<H, E: ?Sized> SharedRouter<H, E> {
    /// Shares a router.
    pub fn new(router: Router<H, E>) -> Self {
        Self {
            now: ArcSwap::from_pointee(router),
            editing: Mutex::new(0),
        }
    }

    /// The router as it is now; later changes are not seen in it.
    pub fn now(&self) -> Arc<Router<H, E>> {
        self.now.load_full()
    }

    /// Changes the router: all at once, for whoever routes from then on.
    ///
    /// Edits wait for one another, and so an edit inside another would wait for ever. One that
    /// panics changes nothing.
    pub fn edit<T>(&self, edit: impl FnOnce(&mut Router<H, E>) -> T) -> T {
        let changed: Result<T, std::convert::Infallible> = self.try_edit(|router| Ok(edit(router)));
        match changed {
            Ok(answer) => answer,
            Err(never) => match never {},
        }
    }

    /// Changes the router as [`edit`](Self::edit) does, or not at all where the edit fails.
    ///
    /// ```
    /// use enact_signal_bus::{Router, SharedRouter, priority};
    /// use enact_signal_core::{Pattern, SignalType};
    ///
    /// let shared = SharedRouter::new(Router::<&str, SignalType>::new());
    /// let refused = shared.try_edit(|router| {
    ///     for text in ["order.**", "order..paid"] {
    ///         router.on(Pattern::new(text)?, priority(0), "audit");
    ///     }
    ///     Ok::<_, enact_signal_core::MalformedName>(())
    /// });
    /// assert!(refused.is_err() && shared.now().is_empty());
    /// ```
    ///
    /// # Errors
    ///
    /// Those of the edit.
    pub fn try_edit<T, F>(
        &self,
        edit: impl FnOnce(&mut Router<H, E>) -> Result<T, F>,
    ) -> Result<T, F> {
        // What an edit that panicked has left behind is its own copy.
        let last = self.editing.lock().unwrap_or_else(PoisonError::into_inner);
        let router = Router::clone(&self.now.load());
        let mut next = Edit { router, last };
        next.router.slots.skip(*next.last);
        let answer = edit(&mut next.router)?;
        // Which may have put a new router in its place.
        *next.last = next.router.slots.last().max(*next.last);
        self.now.store(Arc::new(std::mem::take(&mut next.router)));
        Ok(answer)
    }

    /// Calls `each` with every route that a signal goes to, in their order, and counts them.
    ///
    /// A predicate that could not be asked is told of as an event of `tracing`, of the target
    /// `enact::router` and at the level of errors, before the first call.
    pub fn each(&self, event: &E, buffer: &mut Buffer, each: impl FnMut(Match<'_, H, E>)) -> usize
    where
        E: Routable,
    {
        Self::each_of(&self.guard(), event, buffer, each)
    }

    /// The router as it is now, for a short time.
    pub(crate) fn guard(&self) -> Guard<Arc<Router<H, E>>> {
        self.now.load()
    }

    /// As [`each`](Self::each), in the router as it was.
    pub(crate) fn each_of(
        router: &Router<H, E>,
        event: &E,
        buffer: &mut Buffer,
        each: impl FnMut(Match<'_, H, E>),
    ) -> usize
    where
        E: Routable,
    {
        let matches = router.route(event, buffer);
        for failure in matches.failures() {
            let (ty, code) = (event.ty().as_str(), failure.code());
            let cause = std::error::Error::source(failure);
            tracing::error!(target: "enact::router", ty, code, cause, "{}", failure);
        }
        matches.iter().for_each(each);
        matches.len()
    }
}

impl<H, E: ?Sized> Router<H, E> {
    /// Which of two of its routes comes first, for whatever signal goes to both.
    pub(crate) fn order(&self, one: RouteId, other: RouteId) -> Ordering {
        self.slots.order(one, other)
    }
}

impl<H, E: ?Sized> fmt::Debug for SharedRouter<H, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SharedRouter")
            .field(&self.now.load())
            .finish()
    }
}
