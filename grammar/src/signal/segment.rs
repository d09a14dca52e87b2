//! The segments of types and patterns.

/// One segment of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Segment<'a> {
    /// That segment and no other.
    Exact(&'a str),
    /// `*`: exactly one segment.
    One,
    /// `**`: any number of segments, none included.
    Many,
}

impl<'a> Segment<'a> {
    fn of(text: &'a str) -> Self {
        match text {
            "*" => Self::One,
            "**" => Self::Many,
            exact => Self::Exact(exact),
        }
    }
}

/// The segments of a pattern, from left to right.
///
/// The text is taken to be one; see [`check_pattern`](super::check_pattern). A type is a pattern
/// that stands for itself.
///
/// ```
/// use enact_grammar::signal::{Segment, segments};
///
/// let found: Vec<_> = segments("order.*.**").collect();
/// assert_eq!(found, [Segment::Exact("order"), Segment::One, Segment::Many]);
/// ```
pub fn segments(pattern: &str) -> impl Iterator<Item = Segment<'_>> + Clone {
    pattern.split('.').map(Segment::of)
}
