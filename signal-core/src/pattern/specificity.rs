//! How narrow a pattern is.

use enact_grammar::signal::Segment;

/// How many segments the first word has room for, at two bits each.
const FIRST: usize = 27;

/// How narrow a pattern is: the narrower of two is the smaller.
///
/// Patterns are compared segment by segment, from the left: a segment that is itself comes before
/// `*`, and `*` before `**`. Where one of them is over, it comes before `**` and after anything
/// else: so `order` is before `order.**`, and `**.paid` before `**`.
///
/// Two patterns of the same shape, such as `order.*` and `invoice.*`, are equally specific.
///
/// ```
/// use enact_signal_core::Pattern;
///
/// let mut patterns = ["**", "*.paid", "order.**", "order.*", "order.paid", "order"]
///     .map(|text| Pattern::new(text).unwrap());
/// patterns.sort_by_key(Pattern::specificity);
/// let sorted = patterns.each_ref().map(Pattern::as_str);
/// assert_eq!(sorted, ["order.paid", "order.*", "order", "order.**", "*.paid", "**"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Specificity {
    first: u64,
    rest: Box<[u8]>,
}

impl Specificity {
    pub(super) fn of<'a>(segments: impl Iterator<Item = Segment<'a>>) -> Self {
        let end = std::iter::once(2);
        let mut classes = segments.map(class).chain(end);
        let first = (0..FIRST).fold(0, |first, _| {
            (first << 2) | u64::from(classes.next().unwrap_or_default())
        });
        let rest = classes.collect();
        Self { first, rest }
    }

    /// What decides between all patterns of fewer than 27 segments, in the lower 54 bits.
    #[doc(hidden)]
    pub const fn __first(&self) -> u64 {
        self.first
    }

    /// Whether there is more to compare than [`__first`](Self::__first).
    #[doc(hidden)]
    pub const fn __has_rest(&self) -> bool {
        !self.rest.is_empty()
    }
}

/// The end of a pattern is 2.
fn class(segment: Segment<'_>) -> u8 {
    match segment {
        Segment::Exact(_) => 0,
        Segment::One => 1,
        Segment::Many => 3,
    }
}
