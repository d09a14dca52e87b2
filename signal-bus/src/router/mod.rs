//! Who is meant by a signal, and in which order.

mod added;
mod explain;
mod matches;
mod priority;
mod route;
mod shared;
mod slots;
mod tree;

use std::fmt;
use std::sync::Arc;

use enact_signal_core::{Envelope, Pattern, Signal, SignalType};

use self::matches::select;
use self::slots::Slots;
use self::tree::{Change, Collision, NO_ROUTE, RouteList, Tree, Walk};

pub use self::added::{Added, Any};
pub use self::explain::{Explained, Explanation, Why};
pub use self::matches::{Buffer, Match, Matches, MatchesIter, PredicateFailure};
pub use self::priority::{Priority, PriorityError, priority};
pub use self::route::{Routable, Route, RouteId};
pub use self::shared::SharedRouter;

/// Says which handlers a signal goes to, and in which order.
///
/// A router is a value: it is filled, cloned and asked, and does nothing by itself. `H` is whatever
/// signals go to, a function, a channel or a name; `E` is what is routed. Handlers come in the
/// order of their priority, the higher first; then of their patterns'
/// [`Specificity`](enact_signal_core::Specificity), then of their registration. Each route comes
/// once, however many ways its wildcards can be laid out.
///
/// What routing costs depends on the segments of the type and on the routes that begin like it;
/// not on how many others there are. A clone costs one reference for every thousand routes or so,
/// and shares what neither changes.
///
/// ```
/// use enact_signal_bus::{Buffer, Router, priority};
/// use enact_signal_core::{Pattern, SignalType};
///
/// let mut router: Router<&str, SignalType> = Router::new();
/// router
///     .on(Pattern::new("order.**")?, priority(90), "audit")
///     .on(Pattern::new("order.*")?, priority(0), "count")
///     .on(Pattern::new("order.created")?, priority(0), "ship");
///
/// let created = SignalType::new("order.created")?;
/// let mut buffer = Buffer::new();
/// let matches = router.route(&created, &mut buffer);
/// assert!(matches.iter().map(|found| *found.handler()).eq(["audit", "ship", "count"]));
/// # Ok::<_, enact_signal_core::MalformedName>(())
/// ```
pub struct Router<H, E: ?Sized = Envelope> {
    tree: Tree,
    slots: Slots<H, E>,
}

impl<H, E: ?Sized> Router<H, E> {
    /// A router without routes.
    ///
    /// ```
    /// use enact_signal_bus::Router;
    /// use enact_signal_core::SignalType;
    ///
    /// assert!(Router::<(), SignalType>::new().is_empty());
    /// ```
    pub fn new() -> Self {
        Self {
            tree: Tree::new(),
            slots: Slots::new(),
        }
    }

    /// Adds a route, which more can be said of, and others added after.
    ///
    /// The same pattern may have many routes, and the same handler too; each is a route of its own.
    ///
    /// ```
    /// use enact_signal_bus::{Router, priority};
    /// use enact_signal_core::{Pattern, SignalType};
    ///
    /// let mut router: Router<&str, SignalType> = Router::new();
    /// router
    ///     .on(Pattern::new("order.**")?, priority(90), "audit")
    ///     .when(|signal_type| signal_type.segments().count() < 4);
    /// # Ok::<_, enact_signal_core::MalformedName>(())
    /// ```
    ///
    /// # Panics
    ///
    /// There are 4,294,967,294 routes already.
    pub fn on(
        &mut self,
        pattern: impl Into<Pattern>,
        priority: Priority,
        handler: H,
    ) -> Added<'_, H, E> {
        let id = self.add(Arc::new(Route::new(pattern.into(), priority, handler)));
        Added::new(self, id)
    }

    /// Adds a route for one type of signals, of the default priority.
    ///
    /// ```
    /// use enact_signal_bus::Router;
    /// use enact_signal_core::{Signal, SignalType};
    ///
    /// #[derive(Clone, serde::Serialize, serde::Deserialize)]
    /// struct OrderApproved {}
    ///
    /// impl Signal for OrderApproved {
    ///     const TYPE: &'static str = "order.approved";
    /// }
    ///
    /// let mut router: Router<&str, SignalType> = Router::new();
    /// router.on_signal::<OrderApproved>("ship");
    /// assert!(router.has_match(&SignalType::of::<OrderApproved>()));
    /// ```
    ///
    /// # Panics
    ///
    /// There are 4,294,967,294 routes already.
    pub fn on_signal<S: Signal>(&mut self, handler: H) -> Added<'_, H, E, S> {
        let pattern = Pattern::from(SignalType::of::<S>());
        let id = self.add(Arc::new(Route::new(pattern, Priority::default(), handler)));
        Added::new(self, id)
    }

    /// Adds the routes of another router after its own, in the order in which they were added.
    ///
    /// ```
    /// use enact_signal_bus::{Router, priority};
    /// use enact_signal_core::{Pattern, SignalType};
    ///
    /// let mut billing: Router<&str, SignalType> = Router::new();
    /// billing.on(Pattern::new("order.paid")?, priority(0), "book");
    /// let mut router: Router<&str, SignalType> = Router::new();
    /// router.merge(&billing);
    /// assert_eq!(router.len(), 1);
    /// # Ok::<_, enact_signal_core::MalformedName>(())
    /// ```
    ///
    /// # Panics
    ///
    /// There would be more than 4,294,967,294 routes.
    pub fn merge(&mut self, other: &Self) {
        let routes: Vec<_> = other
            .in_order()
            .map(|(_, route)| Arc::clone(route))
            .collect();
        for route in routes {
            self.add(route);
        }
    }

    /// Takes a route out, and returns it; nothing if it is not there.
    ///
    /// ```
    /// use enact_signal_bus::{Router, priority};
    /// use enact_signal_core::{Pattern, SignalType};
    ///
    /// let mut router: Router<&str, SignalType> = Router::new();
    /// let id = router.on(Pattern::new("order.**")?, priority(0), "audit").id();
    /// assert_eq!(router.remove(id).map(|route| *route.handler()), Some("audit"));
    /// assert!(router.remove(id).is_none());
    /// # Ok::<_, enact_signal_core::MalformedName>(())
    /// ```
    pub fn remove(&mut self, id: RouteId) -> Option<Arc<Route<H, E>>> {
        let removed = self.slots.remove(id)?;
        if let Some(new) = removed.first {
            self.change(&removed.route.pattern, Change { old: id.slot, new });
        }
        Some(removed.route)
    }

    /// Takes out the routes of exactly this pattern, and says how many they were.
    ///
    /// The pattern is not matched: those of `order.*` are not among those of `order.**`.
    ///
    /// ```
    /// use enact_signal_bus::{Router, priority};
    /// use enact_signal_core::{Pattern, SignalType};
    ///
    /// let mut router: Router<&str, SignalType> = Router::new();
    /// router.on(Pattern::new("order.*")?, priority(0), "count");
    /// assert_eq!(router.remove_pattern(&Pattern::new("order.**")?), 0);
    /// assert_eq!(router.remove_pattern(&Pattern::new("order.*")?), 1);
    /// # Ok::<_, enact_signal_core::MalformedName>(())
    /// ```
    pub fn remove_pattern(&mut self, pattern: &Pattern) -> usize {
        let list = self.list(pattern);
        let ids: Vec<_> = self.slots.list(list).map(|hit| hit.id).collect();
        ids.iter().filter_map(|id| self.remove(*id)).count()
    }

    /// How many routes there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there are no routes.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A route by its id.
    pub fn get(&self, id: RouteId) -> Option<&Route<H, E>> {
        self.slots.get(id).map(AsRef::as_ref)
    }

    /// All routes, in the order in which they were added.
    ///
    /// ```
    /// use enact_signal_bus::{Router, priority};
    /// use enact_signal_core::{Pattern, SignalType};
    ///
    /// let mut router: Router<&str, SignalType> = Router::new();
    /// router.on(Pattern::new("order.**")?, priority(90), "audit");
    /// let (_id, route) = router.routes().next().unwrap();
    /// assert_eq!(route.pattern().as_str(), "order.**");
    /// # Ok::<_, enact_signal_core::MalformedName>(())
    /// ```
    pub fn routes(&self) -> impl Iterator<Item = (RouteId, &Route<H, E>)> {
        self.in_order().map(|(id, route)| (id, route.as_ref()))
    }

    /// Whether there is a route of exactly this pattern, which is not matched.
    ///
    /// ```
    /// use enact_signal_bus::{Router, priority};
    /// use enact_signal_core::{Pattern, SignalType};
    ///
    /// let mut router: Router<&str, SignalType> = Router::new();
    /// router.on(Pattern::new("order.*")?, priority(0), "count");
    /// assert!(router.has_pattern(&Pattern::new("order.*")?));
    /// assert!(!router.has_pattern(&Pattern::new("order.created")?));
    /// assert!(router.has_match(&SignalType::new("order.created")?));
    /// # Ok::<_, enact_signal_core::MalformedName>(())
    /// ```
    pub fn has_pattern(&self, pattern: &Pattern) -> bool {
        self.list(pattern) != NO_ROUTE
    }

    /// Whether there is a route whose pattern stands for the type; predicates are not asked.
    pub fn has_match(&self, signal_type: &SignalType) -> bool {
        let mut any = false;
        Walk::default().run(&self.tree, signal_type.as_str(), |list| {
            any |= self.slots.stands_for(list, signal_type);
        });
        any
    }

    /// The routes that a signal goes to, in their order.
    ///
    /// The buffer is where routing keeps what it needs: with one that has been used before, nothing
    /// is allocated. A predicate that panics is no match and hinders no other;
    /// [`Matches::failures`] tells of it.
    ///
    /// ```
    /// use enact_signal_bus::{Buffer, Router, priority};
    /// use enact_signal_core::{Pattern, SignalType};
    ///
    /// let mut router: Router<&str, SignalType> = Router::new();
    /// router.on(Pattern::new("order.**")?, priority(0), "audit");
    /// let mut buffer = Buffer::new();
    /// for text in ["order", "order.created"] {
    ///     let matches = router.route(&SignalType::new(text)?, &mut buffer);
    ///     assert_eq!(matches.len(), 1);
    /// }
    /// # Ok::<_, enact_signal_core::MalformedName>(())
    /// ```
    pub fn route<'a>(&'a self, event: &E, buffer: &'a mut Buffer) -> Matches<'a, H, E>
    where
        E: Routable,
    {
        self.find(event.ty(), buffer);
        select(&self.slots, event, buffer);
        Matches::new(self, buffer)
    }

    /// The routes whose pattern stands for a type, in their order; predicates are not asked.
    ///
    /// ```
    /// use enact_signal_bus::{Buffer, Router, priority};
    /// use enact_signal_core::{Pattern, SignalType};
    ///
    /// let mut router: Router<&str, SignalType> = Router::new();
    /// router.on(Pattern::new("order.**")?, priority(0), "audit").when(|_| false);
    /// let mut buffer = Buffer::new();
    /// assert_eq!(router.route_type(&SignalType::new("order")?, &mut buffer).len(), 1);
    /// # Ok::<_, enact_signal_core::MalformedName>(())
    /// ```
    pub fn route_type<'a>(
        &'a self,
        signal_type: &SignalType,
        buffer: &'a mut Buffer,
    ) -> Matches<'a, H, E> {
        self.find(signal_type, buffer);
        Matches::new(self, buffer)
    }

    fn in_order(&self) -> impl Iterator<Item = (RouteId, &Arc<Route<H, E>>)> {
        let mut ids: Vec<_> = self.slots.all().map(|hit| hit.id).collect();
        ids.sort_unstable();
        ids.into_iter()
            .filter_map(|id| Some((id, self.slots.get(id)?)))
    }

    fn find(&self, signal_type: &SignalType, buffer: &mut Buffer) {
        let Buffer {
            walk,
            hits,
            failures,
        } = buffer;
        hits.clear();
        failures.clear();
        walk.run(&self.tree, signal_type.as_str(), |list| {
            if self.slots.stands_for(list, signal_type) {
                hits.extend(self.slots.list(list));
            }
        });
        if hits.len() > 1 {
            hits.sort_unstable_by(|one, other| self.slots.compare(one, other));
            // Only two paths of one hash lead to a pattern twice.
            hits.dedup_by_key(|hit| hit.id);
        }
    }

    fn add(&mut self, route: Arc<Route<H, E>>) -> RouteId {
        let pattern = route.pattern.clone();
        let old = self.list(&pattern);
        let id = self.slots.add(route, old);
        self.change(&pattern, Change { old, new: id.slot });
        id
    }

    /// The routes of exactly this pattern.
    fn list(&self, pattern: &Pattern) -> RouteList {
        let candidates = self.tree.candidates(pattern).into_iter();
        let mut lists = candidates.filter(|list| *list != NO_ROUTE);
        let found = lists.find(|list| self.slots.pattern(*list) == pattern);
        found.unwrap_or(NO_ROUTE)
    }

    fn change(&mut self, pattern: &Pattern, change: Change) {
        let pattern_of = |list| self.slots.pattern(list);
        if self.tree.change(pattern, change, &pattern_of).is_err() {
            while self.rebuild().is_err() {}
        }
    }

    /// Puts all patterns into another tree.
    fn rebuild(&mut self) -> Result<(), Collision> {
        self.tree = self.tree.again();
        for new in self.slots.lists() {
            let change = Change { old: NO_ROUTE, new };
            let pattern_of = |list| self.slots.pattern(list);
            self.tree
                .change(self.slots.pattern(new), change, &pattern_of)?;
        }
        Ok(())
    }
}

impl<H, E: ?Sized> Clone for Router<H, E> {
    fn clone(&self) -> Self {
        Self {
            tree: self.tree.clone(),
            slots: self.slots.clone(),
        }
    }
}

impl<H, E: ?Sized> Default for Router<H, E> {
    fn default() -> Self {
        Self::new()
    }
}

impl<H, E: ?Sized> fmt::Debug for Router<H, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Router")
            .field("routes", &self.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
