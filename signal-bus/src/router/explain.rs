//! Why a signal goes where it goes, and not elsewhere.

use std::fmt;

use enact_signal_core::{Pattern, Segment, SignalType};

use super::{Buffer, Matches, PredicateFailure, Priority, Routable, RouteId, Router};

/// How many of the routes that are not for a signal are written out.
const SHOWN: usize = 100;

/// Which routes a signal goes to, in which order, and why the others are not for it.
///
/// As text, it has a line for each match and for each of the first hundred others.
#[derive(Clone, Debug)]
pub struct Explanation {
    ty: SignalType,
    matching: Vec<Explained>,
    others: Vec<Explained>,
}

/// One route, and why it is a match or none.
#[derive(Clone, Debug)]
pub struct Explained {
    id: RouteId,
    pattern: Pattern,
    priority: Priority,
    why: Why,
}

/// Why a route is a match or none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Why {
    /// It is one.
    Matches,
    /// It is one if its predicate says yes, which was not asked.
    MatchesWhen,
    /// At the segment of that number, counted from 0, the type has something else than the pattern.
    Differs {
        /// Which segment of the type.
        segment: usize,
        /// What the pattern has there.
        wanted: String,
    },
    /// The type is over where the pattern still wants something.
    Over {
        /// What the pattern has there.
        wanted: String,
    },
    /// The pattern is over, and the type goes on with the segment of that number.
    GoesOn {
        /// Which segment of the type.
        segment: usize,
    },
    /// Its predicate says no.
    Predicate,
    /// Its predicate could not be asked.
    Failed(String),
}

impl<H, E: ?Sized> Router<H, E> {
    /// Says which routes a type goes to, in which order, and why the others are not for it.
    ///
    /// It looks at every route. Predicates are not asked; [`explain_event`](Self::explain_event)
    /// does.
    ///
    /// ```
    /// use enact_signal_bus::{Router, priority};
    /// use enact_signal_core::{Pattern, SignalType};
    ///
    /// let mut router: Router<&str, SignalType> = Router::new();
    /// router
    ///     .on(Pattern::new("order.**")?, priority(90), "audit")
    ///     .on(Pattern::new("order.*.paid")?, priority(0), "book");
    /// assert_eq!(
    ///     router.explain(&SignalType::new("order.created")?).to_string(),
    ///     "order.created goes to 1 of 2 routes\n\
    ///      1. #1 `order.**` (priority 90)\n\
    ///      -  #2 `order.*.paid` (priority 0): the type is over before `paid`\n",
    /// );
    /// # Ok::<_, enact_signal_core::MalformedName>(())
    /// ```
    pub fn explain(&self, signal_type: &SignalType) -> Explanation {
        Explanation::of_type(self, signal_type)
    }

    /// Says of a signal what [`explain`](Self::explain) says of a type, and asks the predicates.
    ///
    /// ```
    /// use enact_signal_bus::{Router, Why, priority};
    /// use enact_signal_core::{Pattern, SignalType};
    ///
    /// let mut router: Router<&str, SignalType> = Router::new();
    /// router.on(Pattern::new("order.**")?, priority(90), "audit").when(|_| false);
    /// let explanation = router.explain_event(&SignalType::new("order.created")?);
    /// assert_eq!(explanation.others()[0].why(), &Why::Predicate);
    /// # Ok::<_, enact_signal_core::MalformedName>(())
    /// ```
    pub fn explain_event(&self, event: &E) -> Explanation
    where
        E: Routable,
    {
        Explanation::of_event(self, event)
    }
}

impl Explanation {
    pub(super) fn of_type<H, E: ?Sized>(router: &Router<H, E>, ty: &SignalType) -> Self {
        let mut buffer = Buffer::new();
        Self::of(
            router,
            ty,
            &router.route_type(ty, &mut buffer),
            &Why::MatchesWhen,
        )
    }

    pub(super) fn of_event<H, E>(router: &Router<H, E>, event: &E) -> Self
    where
        E: Routable + ?Sized,
    {
        let mut buffer = Buffer::new();
        let matches = router.route(event, &mut buffer);
        let failed = |id| {
            let mut failures = matches.failures().iter();
            failures.find(|failure: &&PredicateFailure| failure.route() == id)
        };
        let mut explanation = Self::of(router, event.ty(), &matches, &Why::Matches);
        for other in &mut explanation.others {
            if matches!(other.why, Why::Matches) {
                let failed = failed(other.id).map(ToString::to_string);
                other.why = failed.map_or(Why::Predicate, Why::Failed);
            }
        }
        explanation
    }

    fn of<H, E: ?Sized>(
        router: &Router<H, E>,
        ty: &SignalType,
        matches: &Matches<'_, H, E>,
        conditional: &Why,
    ) -> Self {
        let explained = |id, route: &super::Route<H, E>, why| Explained {
            id,
            pattern: route.pattern().clone(),
            priority: route.priority(),
            why,
        };
        let matching = matches.iter().map(|found| {
            let why = if found.route().has_predicate() {
                conditional.clone()
            } else {
                Why::Matches
            };
            explained(found.id(), found.route(), why)
        });
        let matching: Vec<_> = matching.collect();
        let mut known: Vec<_> = matching.iter().map(|explained| explained.id).collect();
        known.sort_unstable();
        let others = router
            .routes()
            .filter(|(id, _)| known.binary_search(id).is_err());
        let others = others.map(|(id, route)| explained(id, route, why(route.pattern(), ty)));
        Self {
            ty: ty.clone(),
            others: others.collect(),
            matching,
        }
    }

    /// The type of the signal.
    pub const fn ty(&self) -> &SignalType {
        &self.ty
    }

    /// The routes that it goes to, in their order.
    pub fn matching(&self) -> &[Explained] {
        &self.matching
    }

    /// All others, in the order in which they were added.
    pub fn others(&self) -> &[Explained] {
        &self.others
    }
}

impl Explained {
    /// Which route.
    pub const fn id(&self) -> RouteId {
        self.id
    }

    /// Its pattern.
    pub const fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// Its priority.
    pub const fn priority(&self) -> Priority {
        self.priority
    }

    /// Why it is a match or none.
    pub const fn why(&self) -> &Why {
        &self.why
    }
}

/// Why a pattern stands for a type or does not: how far it gets at best.
fn why(pattern: &Pattern, ty: &SignalType) -> Why {
    let given: Vec<&str> = ty.segments().collect();
    // The places in the type that the pattern can have come to.
    let mut places = vec![0];
    for segment in pattern.segments() {
        let next = step(segment, &places, &given);
        if next.is_empty() {
            let wanted = segment_text(segment);
            // A pattern that gets to the end of the type gets nearest there.
            let farthest = places.into_iter().max().unwrap_or_default();
            return if given.len() == farthest {
                Why::Over { wanted }
            } else {
                let segment = farthest;
                Why::Differs { segment, wanted }
            };
        }
        places = next;
    }
    let farthest = places.into_iter().max().unwrap_or_default();
    if farthest == given.len() {
        Why::Matches
    } else {
        Why::GoesOn { segment: farthest }
    }
}

/// The places that one segment of a pattern leads to.
fn step(segment: Segment<'_>, places: &[usize], given: &[&str]) -> Vec<usize> {
    match segment {
        Segment::Many => (places[0]..=given.len()).collect(),
        Segment::One => {
            let inside = places.iter().filter(|place| **place < given.len());
            inside.map(|place| place + 1).collect()
        }
        Segment::Exact(text) => {
            let fits = places
                .iter()
                .filter(|place| given.get(**place) == Some(&text));
            fits.map(|place| place + 1).collect()
        }
    }
}

fn segment_text(segment: Segment<'_>) -> String {
    match segment {
        Segment::Exact(text) => text.to_owned(),
        Segment::One => "*".to_owned(),
        Segment::Many => "**".to_owned(),
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ty, matching) = (&self.ty, self.matching.len());
        let all = matching + self.others.len();
        let routes = if all == 1 { "route" } else { "routes" };
        writeln!(f, "{ty} goes to {matching} of {all} {routes}")?;
        for (number, route) in (1..).zip(&self.matching) {
            let number = format!("{number}.");
            writeln!(f, "{number:<3}{}", Line(route, &self.ty))?;
        }
        for route in self.others.iter().take(SHOWN) {
            writeln!(f, "-  {}", Line(route, &self.ty))?;
        }
        match self.others.len().checked_sub(SHOWN) {
            Some(more @ 1..) => writeln!(f, "and {more} more that it does not go to"),
            _ => Ok(()),
        }
    }
}

/// A route in one line.
struct Line<'a>(&'a Explained, &'a SignalType);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(route, ty) = self;
        let Explained {
            id,
            pattern,
            priority,
            why,
        } = route;
        let found = |segment| ty.segments().nth(segment).unwrap_or_default();
        write!(f, "{id} `{pattern}` (priority {})", priority.number())?;
        match why {
            Why::Matches => Ok(()),
            Why::MatchesWhen => f.write_str(", if its predicate says yes"),
            Why::Differs { segment, wanted } => {
                let (number, found) = (segment + 1, found(*segment));
                write!(
                    f,
                    ": segment {number} of the type is `{found}`, not `{wanted}`"
                )
            }
            Why::Over { wanted } => write!(f, ": the type is over before `{wanted}`"),
            Why::GoesOn { segment } => {
                write!(f, ": the type goes on with `{}`", found(*segment))
            }
            Why::Predicate => f.write_str(": its predicate says no"),
            Why::Failed(words) => write!(f, ": {words}"),
        }
    }
}
