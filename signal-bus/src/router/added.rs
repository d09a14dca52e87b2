//! A route that was just added, and what more is said of it.

use std::fmt;
use std::marker::PhantomData;

use enact_signal_core::{Envelope, Pattern, Signal};

use super::{Priority, RouteId, Router};

/// A route that was just added: more can be said of it, and others added after.
///
/// `S` is the signal that it is for, where that is one alone.
pub struct Added<'r, H, E: ?Sized, S = Any> {
    router: &'r mut Router<H, E>,
    id: RouteId,
    signal: PhantomData<fn(&S)>,
}

/// The route is for whatever its pattern stands for.
#[derive(Debug)]
pub enum Any {}

impl<'r, H, E: ?Sized, S> Added<'r, H, E, S> {
    pub(super) fn new(router: &'r mut Router<H, E>, id: RouteId) -> Self {
        let signal = PhantomData;
        Self { router, id, signal }
    }

    /// By which the route can be taken out again.
    pub fn id(&self) -> RouteId {
        self.id
    }

    /// Gives the route a priority.
    ///
    /// ```
    /// use enact_signal_bus::{Router, priority};
    /// use enact_signal_core::{Pattern, SignalType};
    ///
    /// let mut router: Router<&str, SignalType> = Router::new();
    /// let id = router.on(Pattern::new("order.**")?, priority(0), "audit").at(priority(90)).id();
    /// assert_eq!(router.get(id).map(|route| route.priority()), Some(priority(90)));
    /// # Ok::<_, enact_signal_core::MalformedName>(())
    /// ```
    #[expect(clippy::return_self_not_must_use, reason = "the router has it all")]
    pub fn at(self, priority: Priority) -> Self {
        let change = |route: &mut super::Route<H, E>| route.priority = priority;
        self.router.slots.amend(self.id, change);
        self
    }

    /// Adds another route; see [`Router::on`].
    ///
    /// # Panics
    ///
    /// There are 4,294,967,294 routes already.
    pub fn on(
        self,
        pattern: impl Into<Pattern>,
        priority: Priority,
        handler: H,
    ) -> Added<'r, H, E> {
        self.router.on(pattern, priority, handler)
    }

    /// Adds another route, for one type of signals; see [`Router::on_signal`].
    ///
    /// # Panics
    ///
    /// There are 4,294,967,294 routes already.
    pub fn on_signal<T: Signal>(self, handler: H) -> Added<'r, H, E, T> {
        self.router.on_signal(handler)
    }
}

impl<H, E: ?Sized> Added<'_, H, E> {
    /// Says for which of the signals the route is; said again, all has to hold.
    ///
    /// The predicate is asked when a signal is routed and at no other time. One that panics says
    /// no, and [`Matches::failures`](super::Matches::failures) tells of it.
    ///
    /// ```
    /// use enact_signal_bus::{Buffer, Router, priority};
    /// use enact_signal_core::{Pattern, SignalType};
    ///
    /// let mut router: Router<&str, SignalType> = Router::new();
    /// router
    ///     .on(Pattern::new("order.**")?, priority(0), "audit")
    ///     .when(|signal_type| signal_type.as_str().ends_with("paid"));
    /// let mut buffer = Buffer::new();
    /// assert!(router.route(&SignalType::new("order.created")?, &mut buffer).is_empty());
    /// assert_eq!(router.route(&SignalType::new("order.paid")?, &mut buffer).len(), 1);
    /// # Ok::<_, enact_signal_core::MalformedName>(())
    /// ```
    #[expect(clippy::return_self_not_must_use, reason = "the router has it all")]
    pub fn when(self, predicate: impl Fn(&E) -> bool + Send + Sync + 'static) -> Self {
        self.router.slots.amend(self.id, |route| {
            route
                .predicates
                .push(Box::new(move |event| Ok(predicate(event))));
        });
        self
    }
}

impl<H, S: Signal> Added<'_, H, Envelope, S> {
    /// Says for which of the signals the route is; said again, all has to hold.
    ///
    /// The signal is opened for each predicate that is asked: a clone where it was sealed in this
    /// process, and a reading of its data where it came from elsewhere. One that can't be opened
    /// is no match, and [`Matches::failures`](super::Matches::failures) tells of it.
    ///
    /// ```
    /// use enact_signal_bus::{Buffer, Router};
    /// use enact_signal_core::{Seal, Signal};
    ///
    /// #[derive(Clone, serde::Serialize, serde::Deserialize)]
    /// struct OrderCreated {
    ///     total: u64,
    /// }
    ///
    /// impl Signal for OrderCreated {
    ///     const TYPE: &'static str = "order.created";
    /// }
    ///
    /// let limit = 1000;
    /// let mut router: Router<&str> = Router::new();
    /// router.on_signal::<OrderCreated>("review").when(move |order| order.total > limit);
    ///
    /// let mut buffer = Buffer::new();
    /// let small = OrderCreated { total: 10 }.seal()?;
    /// assert!(router.route(&small, &mut buffer).is_empty());
    /// let large = OrderCreated { total: 10_000 }.seal()?;
    /// assert_eq!(router.route(&large, &mut buffer).len(), 1);
    /// # Ok::<_, enact_signal_core::SignalError>(())
    /// ```
    #[expect(clippy::return_self_not_must_use, reason = "the router has it all")]
    pub fn when(self, predicate: impl Fn(&S) -> bool + Send + Sync + 'static) -> Self {
        self.router.slots.amend(self.id, |route| {
            route.predicates.push(Box::new(move |envelope| {
                Ok(predicate(&envelope.open::<S>()?))
            }));
        });
        self
    }
}

impl<H, E: ?Sized, S> fmt::Debug for Added<'_, H, E, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Added")
            .field("id", &self.id)
            .field("route", &self.router.get(self.id))
            .finish()
    }
}
