//! Whether a text is a type or a pattern, and what is wrong with it.

use super::mistake::{Mistake, MistakeKind};
use super::{MAX_BYTES, MAX_SEGMENTS, Name};

/// Checks that `text` is the type of a signal.
///
/// ```
/// use enact_grammar::signal::check_type;
///
/// const _: () = assert!(check_type("order.created").is_ok());
///
/// let mistake = check_type("order..created").unwrap_err();
/// assert_eq!(mistake.range(), 6..6);
/// ```
///
/// # Errors
///
/// The first mistake in the text.
pub const fn check_type(text: &str) -> Result<(), Mistake> {
    check(Name::Type, text)
}

/// Checks that `text` is a pattern.
///
/// ```
/// use enact_grammar::signal::check_pattern;
///
/// const _: () = assert!(check_pattern("order.*.**").is_ok());
///
/// let mistake = check_pattern("order.cr*").unwrap_err();
/// assert_eq!(mistake.range(), 6..9);
/// ```
///
/// # Errors
///
/// The first mistake in the text.
pub const fn check_pattern(text: &str) -> Result<(), Mistake> {
    check(Name::Pattern, text)
}

/// Checks that `text` is what it is to be.
///
/// ```
/// use enact_grammar::signal::{Name, check};
///
/// assert!(check(Name::Pattern, "order.*").is_ok());
/// assert!(check(Name::Type, "order.*").is_err());
/// ```
///
/// # Errors
///
/// The first mistake in the text.
pub const fn check(name: Name, text: &str) -> Result<(), Mistake> {
    if let Some(mistake) = whole(name, text.as_bytes()) {
        return Err(mistake);
    }
    let mut at = Place::START;
    while !at.is_over(text) {
        let (next, mistake) = segment(name, text.as_bytes(), at);
        if let Some(mistake) = mistake {
            return Err(mistake);
        }
        at = next;
    }
    Ok(())
}

/// Everything that keeps `text` from being what it is to be, from left to right.
///
/// A text that is empty or too long is told of once; its segments are not looked at.
///
/// ```
/// use enact_grammar::signal::{Name, mistakes};
///
/// let text = "or der.cr*";
/// let ranges: Vec<_> = mistakes(Name::Pattern, text).map(|mistake| mistake.range()).collect();
/// assert_eq!(ranges, [0..6, 7..10]);
/// ```
pub fn mistakes(name: Name, text: &str) -> impl Iterator<Item = Mistake> {
    let whole = whole(name, text.as_bytes());
    let mut at = whole.is_none().then_some(Place::START);
    let segments = std::iter::from_fn(move || {
        let here = at.filter(|at| !at.is_over(text))?;
        let (next, mistake) = segment(name, text.as_bytes(), here);
        at = Some(next);
        Some(mistake)
    });
    whole.into_iter().chain(segments.flatten())
}

/// Where the next segment begins, and what came before it.
#[derive(Clone, Copy)]
struct Place {
    start: usize,
    after_many: bool,
}

impl Place {
    const START: Self = Self {
        start: 0,
        after_many: false,
    };

    const fn is_over(self, text: &str) -> bool {
        self.start > text.len()
    }
}

/// What is wrong with a text before one looks at its segments.
const fn whole(name: Name, text: &[u8]) -> Option<Mistake> {
    let kind = if text.is_empty() {
        MistakeKind::Nothing
    } else if text.len() > MAX_BYTES {
        MistakeKind::TooLong
    } else if count(text) > MAX_SEGMENTS {
        MistakeKind::TooManySegments
    } else {
        return None;
    };
    Some(Mistake::new(name, kind, 0, text.len()))
}

const fn count(text: &[u8]) -> usize {
    let (mut at, mut segments) = (0, 1);
    while at < text.len() {
        if text[at] == b'.' {
            segments += 1;
        }
        at += 1;
    }
    segments
}

/// The place after the segment at `at`, and what is wrong with that segment.
const fn segment(name: Name, text: &[u8], at: Place) -> (Place, Option<Mistake>) {
    let Place { start, after_many } = at;
    let (mut end, mut stars, mut strange) = (start, 0, false);
    while end < text.len() && text[end] != b'.' {
        match text[end] {
            b'*' => stars += 1,
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' => (),
            _ => strange = true,
        }
        end += 1;
    }
    let length = end - start;
    let many = matches!(name, Name::Pattern) && length == 2 && stars == 2;
    let next = Place {
        start: end + 1,
        after_many: many,
    };
    let kind = if length == 0 {
        MistakeKind::Empty
    } else if strange {
        MistakeKind::Character
    } else if stars == 0 {
        return (next, None);
    } else if matches!(name, Name::Type) {
        MistakeKind::Wildcard
    } else if stars < length {
        MistakeKind::Glued
    } else if length > 2 {
        MistakeKind::Stars
    } else if many && after_many {
        MistakeKind::Twice
    } else {
        return (next, None);
    };
    (next, Some(Mistake::new(name, kind, start, end)))
}
