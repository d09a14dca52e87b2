//! What routing finds, and the memory that it needs for it.

use std::any::Any;
use std::error::Error;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use enact_signal_core::Pattern;

use super::slots::{Hit, Slots};
use super::tree::Walk;
use super::{Route, RouteId, Router};

/// The memory that routing needs, to be used again and again.
///
/// It grows to what the largest answer needed, and holds nothing of the router.
///
/// ```
/// use enact_signal_bus::Buffer;
///
/// let buffer = Buffer::new();
/// ```
#[derive(Clone, Debug, Default)]
pub struct Buffer {
    pub(super) walk: Walk,
    pub(super) hits: Vec<Hit>,
    pub(super) failures: Vec<PredicateFailure>,
}

impl Buffer {
    /// An empty buffer, which allocates when it is used first.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many steps the latest walk took; tests hold it against what there is to visit.
    #[doc(hidden)]
    pub const fn __steps(&self) -> usize {
        self.walk.steps()
    }
}

/// The routes that a signal goes to, in their order.
///
/// ```
/// use enact_signal_bus::{Buffer, Router, priority};
/// use enact_signal_core::{Pattern, SignalType};
///
/// let mut router: Router<&str, SignalType> = Router::new();
/// router.on(Pattern::new("order.**")?, priority(0), "audit");
/// let mut buffer = Buffer::new();
/// let matches = router.route(&SignalType::new("order.created")?, &mut buffer);
/// for found in &matches {
///     assert_eq!(*found.handler(), "audit");
/// }
/// # Ok::<_, enact_signal_core::MalformedName>(())
/// ```
pub struct Matches<'a, H, E: ?Sized> {
    slots: &'a Slots<H, E>,
    hits: &'a [Hit],
    failures: &'a [PredicateFailure],
}

impl<'a, H, E: ?Sized> Matches<'a, H, E> {
    pub(super) fn new(router: &'a Router<H, E>, buffer: &'a Buffer) -> Self {
        Self {
            slots: &router.slots,
            hits: &buffer.hits,
            failures: &buffer.failures,
        }
    }

    /// The routes, in their order.
    pub fn iter(&self) -> MatchesIter<'a, H, E> {
        MatchesIter {
            slots: self.slots,
            hits: self.hits.iter(),
        }
    }

    /// How many they are.
    pub const fn len(&self) -> usize {
        self.hits.len()
    }

    /// Whether the signal goes nowhere.
    pub const fn is_empty(&self) -> bool {
        self.hits.is_empty()
    }

    /// The predicates that could not be asked; their routes are not among the matches.
    ///
    /// ```
    /// use enact_signal_bus::{Buffer, Router, priority};
    /// use enact_signal_core::{Pattern, SignalType};
    ///
    /// let mut router: Router<&str, SignalType> = Router::new();
    /// router
    ///     .on(Pattern::new("order.*")?, priority(0), "ship")
    ///     .when(|_| panic!("out of paper"))
    ///     .on(Pattern::new("order.**")?, priority(0), "audit");
    /// let mut buffer = Buffer::new();
    /// let matches = router.route(&SignalType::new("order.created")?, &mut buffer);
    /// assert!(matches.iter().map(|found| *found.handler()).eq(["audit"]));
    /// assert_eq!(
    ///     matches.failures()[0].to_string(),
    ///     "could not ask the predicate of route #1 (`order.*`): it panicked: out of paper",
    /// );
    /// # Ok::<_, enact_signal_core::MalformedName>(())
    /// ```
    pub const fn failures(&self) -> &'a [PredicateFailure] {
        self.failures
    }
}

impl<'a, H, E: ?Sized> IntoIterator for &Matches<'a, H, E> {
    type Item = Match<'a, H, E>;
    type IntoIter = MatchesIter<'a, H, E>;

    fn into_iter(self) -> MatchesIter<'a, H, E> {
        self.iter()
    }
}

impl<H, E: ?Sized> fmt::Debug for Matches<'_, H, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

/// The routes of [`Matches`], one after the other.
pub struct MatchesIter<'a, H, E: ?Sized> {
    slots: &'a Slots<H, E>,
    hits: std::slice::Iter<'a, Hit>,
}

impl<'a, H, E: ?Sized> Iterator for MatchesIter<'a, H, E> {
    type Item = Match<'a, H, E>;

    fn next(&mut self) -> Option<Match<'a, H, E>> {
        let hit = self.hits.next()?;
        let route = self.slots.hit(hit);
        Some(Match { id: hit.id, route })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.hits.size_hint()
    }
}

impl<H, E: ?Sized> ExactSizeIterator for MatchesIter<'_, H, E> {}

impl<H, E: ?Sized> fmt::Debug for MatchesIter<'_, H, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hits = self.hits.clone();
        let slots = self.slots;
        f.debug_list().entries(Self { slots, hits }).finish()
    }
}

/// A route that a signal goes to.
pub struct Match<'a, H, E: ?Sized> {
    id: RouteId,
    route: &'a Route<H, E>,
}

impl<'a, H, E: ?Sized> Match<'a, H, E> {
    /// By which it can be taken out.
    pub const fn id(&self) -> RouteId {
        self.id
    }

    /// The route.
    pub const fn route(&self) -> &'a Route<H, E> {
        self.route
    }

    /// Whom the signal goes to.
    pub const fn handler(&self) -> &'a H {
        &self.route.handler
    }
}

impl<H, E: ?Sized> fmt::Debug for Match<'_, H, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Match")
            .field("id", &self.id)
            .field("route", self.route)
            .finish()
    }
}

/// A predicate that could not be asked: so its route is no match.
#[derive(Clone, Debug)]
pub struct PredicateFailure {
    route: RouteId,
    pattern: Pattern,
    cause: FailureCause,
}

/// Why a predicate could not be asked.
#[derive(Clone, Debug)]
enum FailureCause {
    Panicked(String),
    Unread(Arc<dyn Error + Send + Sync>),
}

impl PredicateFailure {
    /// The route whose predicate it is.
    pub const fn route(&self) -> RouteId {
        self.route
    }

    /// The pattern of that route.
    pub const fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// What programs know it by: `router.predicate_panicked`, or `router.signal_unread` where the signal is not
    /// what its type says.
    pub const fn code(&self) -> &'static str {
        match self.cause {
            FailureCause::Panicked(_) => "router.predicate_panicked",
            FailureCause::Unread(_) => "router.signal_unread",
        }
    }
}

impl fmt::Display for PredicateFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            route,
            pattern,
            cause,
        } = self;
        write!(
            f,
            "could not ask the predicate of route {route} (`{pattern}`): "
        )?;
        match cause {
            FailureCause::Panicked(words) => write!(f, "it panicked: {words}"),
            FailureCause::Unread(_) => f.write_str("the signal is not what its type says"),
        }
    }
}

impl Error for PredicateFailure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.cause {
            FailureCause::Panicked(_) => None,
            FailureCause::Unread(error) => Some(error.as_ref()),
        }
    }
}

/// Keeps of the hits those whose predicates say yes.
pub(super) fn select<H, E: ?Sized>(slots: &Slots<H, E>, event: &E, buffer: &mut Buffer) {
    let Buffer { hits, failures, .. } = buffer;
    if !hits.iter().any(|hit| hit.key.is_conditional()) {
        return;
    }
    hits.retain(|hit| match ask(slots.hit(hit), event) {
        Ok(yes) => yes,
        Err(cause) => {
            failures.push(PredicateFailure {
                route: hit.id,
                pattern: slots.hit(hit).pattern.clone(),
                cause,
            });
            false
        }
    });
}

/// Whether all predicates of a route say yes; one that panics harms nobody else.
fn ask<H, E: ?Sized>(route: &Route<H, E>, event: &E) -> Result<bool, FailureCause> {
    for predicate in &route.predicates {
        match catch_unwind(AssertUnwindSafe(|| predicate(event))) {
            Ok(Ok(true)) => (),
            Ok(Ok(false)) => return Ok(false),
            Ok(Err(error)) => return Err(FailureCause::Unread(error.into())),
            Err(panic) => return Err(FailureCause::Panicked(words(panic.as_ref()))),
        }
    }
    Ok(true)
}

fn words(panic: &(dyn Any + Send)) -> String {
    let words = panic.downcast_ref::<&str>().copied();
    let words = words.or_else(|| panic.downcast_ref().map(String::as_str));
    words.unwrap_or("a panic without words").to_owned()
}
