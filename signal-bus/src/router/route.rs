//! One route: which signals, under which conditions, to whom.

use std::error::Error;
use std::fmt;

use enact_signal_core::{Envelope, Pattern, SignalType, Specificity};

use super::Priority;

/// What can be routed: something of a type.
pub trait Routable {
    /// By which type it is routed.
    fn ty(&self) -> &SignalType;
}

impl Routable for Envelope {
    fn ty(&self) -> &SignalType {
        Self::ty(self)
    }
}

impl Routable for SignalType {
    fn ty(&self) -> &SignalType {
        self
    }
}

/// What a predicate came to; an error is why it could not be asked.
pub(super) type Verdict = Result<bool, Box<dyn Error + Send + Sync>>;

pub(super) type Predicate<E> = Box<dyn Fn(&E) -> Verdict + Send + Sync>;

/// One route of a router: which signals go to which handler.
pub struct Route<H, E: ?Sized = Envelope> {
    pub(super) pattern: Pattern,
    pub(super) priority: Priority,
    pub(super) specificity: Specificity,
    pub(super) predicates: Vec<Predicate<E>>,
    pub(super) handler: H,
}

impl<H, E: ?Sized> Route<H, E> {
    pub(super) fn new(pattern: Pattern, priority: Priority, handler: H) -> Self {
        Self {
            specificity: pattern.specificity(),
            pattern,
            priority,
            predicates: Vec::new(),
            handler,
        }
    }

    /// Which signals it is for.
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// Which routes it comes before.
    pub fn priority(&self) -> Priority {
        self.priority
    }

    /// Whether it is for some of these signals alone.
    pub fn has_predicate(&self) -> bool {
        !self.predicates.is_empty()
    }

    /// Whom the signals go to.
    pub fn handler(&self) -> &H {
        &self.handler
    }

    /// What decides before the order of registration, but for what does not fit.
    pub(super) fn key(&self) -> Key {
        let priority = Priority::HIGHEST.number().abs_diff(self.priority.number());
        let first = u64::from(priority) << 56 | self.specificity.__first() << 2;
        let long = if self.specificity.__has_rest() {
            LONG
        } else {
            0
        };
        let conditional = if self.has_predicate() { CONDITIONAL } else { 0 };
        Key(first | long | conditional)
    }
}

impl<H, E: ?Sized> fmt::Debug for Route<H, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Route")
            .field("pattern", &self.pattern)
            .field("priority", &self.priority)
            .field("predicates", &self.predicates.len())
            .finish_non_exhaustive()
    }
}

/// Priority and specificity in one number, the lower the earlier; and two marks beneath them.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Key(u64);

const CONDITIONAL: u64 = 1;
const LONG: u64 = 2;

impl Key {
    pub(super) const fn order(self) -> u64 {
        self.0 | CONDITIONAL
    }

    /// Whether more than the key has to be compared where keys are equal.
    pub(super) const fn is_long(self) -> bool {
        self.0 & LONG != 0
    }

    pub(super) const fn is_conditional(self) -> bool {
        self.0 & CONDITIONAL != 0
    }
}

/// One route of one router, for as long as that router has it.
///
/// Ids are never given again; clones of a router know the routes from before by the same ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RouteId {
    /// First, so that ids are in the order of registration.
    pub(super) number: u64,
    pub(super) slot: u32,
}

impl fmt::Display for RouteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.number)
    }
}
