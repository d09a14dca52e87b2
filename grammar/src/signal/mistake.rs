//! What keeps a text from being a type or a pattern, and what to write instead.

use std::ops::Range;

use super::{MAX_BYTES, MAX_SEGMENTS, Name};

/// One thing that keeps a text from being a type or a pattern.
///
/// It knows where, but not the text itself, so that it can be made while compiling;
/// [`explain`](Self::explain) is given the text again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mistake {
    name: Name,
    kind: MistakeKind,
    start: usize,
    end: usize,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MistakeKind {
    /// There is no text.
    Nothing,
    /// The text has more than [`MAX_BYTES`] bytes.
    TooLong,
    /// The text has more than [`MAX_SEGMENTS`] segments.
    TooManySegments,
    /// A segment is empty: there is a dot too many.
    Empty,
    /// A segment has a character that none can have.
    Character,
    /// A type has a star.
    Wildcard,
    /// A segment of a pattern has a star beside other characters.
    Glued,
    /// A segment of a pattern is three stars or more.
    Stars,
    /// `**` comes twice in a row, which means what it means once.
    Twice,
}

impl Mistake {
    pub(super) const fn new(name: Name, kind: MistakeKind, start: usize, end: usize) -> Self {
        Self {
            name,
            kind,
            start,
            end,
        }
    }

    /// What is wrong.
    pub const fn kind(self) -> MistakeKind {
        self.kind
    }

    /// What the text was to be.
    pub const fn name(self) -> Name {
        self.name
    }

    /// Which bytes of the text are wrong: a segment, or all of them.
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The mistake in words: the bad segment, quoted, its place, and what to write instead.
    ///
    /// `text` is what was checked.
    ///
    /// ```
    /// use enact_grammar::signal::check_pattern;
    ///
    /// let text = "order.cr*";
    /// let mistake = check_pattern(text).unwrap_err();
    /// assert_eq!(
    ///     mistake.explain(text),
    ///     "in the pattern `order.cr*`, bytes 6..9, `cr*` has a star beside other characters; \
    ///      a wildcard is a whole segment, so write `*` alone or the segment in full",
    /// );
    /// ```
    pub fn explain(self, text: &str) -> String {
        let (noun, range) = (self.name.noun(), self.range());
        let segment = text.get(self.range()).unwrap_or_default().escape_debug();
        let (what, instead) = match self.kind {
            MistakeKind::Nothing => return self.nothing(),
            MistakeKind::TooLong | MistakeKind::TooManySegments => return self.too_much(text),
            MistakeKind::Empty => return self.empty(text),
            MistakeKind::Character => return self.character(text),
            MistakeKind::Wildcard => (
                "has a star",
                "wildcards are for patterns, so write the segment in full",
            ),
            MistakeKind::Glued => (
                "has a star beside other characters",
                "a wildcard is a whole segment, so write `*` alone or the segment in full",
            ),
            MistakeKind::Stars => (
                "has too many stars",
                "write `*` for one segment or `**` for any number of them",
            ),
            MistakeKind::Twice => (
                "follows another `**`",
                "one `**` already stands for any number of segments, so leave this one out",
            ),
        };
        let text = text.escape_debug();
        format!("in the {noun} `{text}`, bytes {range:?}, `{segment}` {what}; {instead}")
    }

    fn nothing(self) -> String {
        let (noun, example) = match self.name {
            Name::Type => ("signal type", "`order.created`"),
            Name::Pattern => ("pattern", "`order.created`, `order.*` or `order.**`"),
        };
        format!("a {noun} has one segment at least; write one such as {example}")
    }

    fn too_much(self, text: &str) -> String {
        let noun = self.name.noun();
        let beginning: String = text.chars().take(32).flat_map(char::escape_debug).collect();
        let (length, most, unit) = match self.kind {
            MistakeKind::TooLong => (text.len(), MAX_BYTES, "bytes"),
            _ => (text.split('.').count(), MAX_SEGMENTS, "segments"),
        };
        format!(
            "the {noun} that begins with `{beginning}` has {length} {unit}; write {most} at most"
        )
    }

    fn empty(self, text: &str) -> String {
        let (noun, at) = (self.name.noun(), self.start);
        let (place, instead) = match (at, at == text.len()) {
            (_, true) => ("after the last dot".to_owned(), "leave that dot out"),
            (0, _) => ("before the first dot".to_owned(), "leave that dot out"),
            _ => (format!("at byte {at}"), "write one dot instead of two"),
        };
        let text = text.escape_debug();
        format!("in the {noun} `{text}`, the segment {place} is empty; {instead}")
    }

    fn character(self, text: &str) -> String {
        let (noun, range) = (self.name.noun(), self.range());
        let segment = text.get(self.range()).unwrap_or_default();
        let strange = |letter: &char| !letter.is_ascii_alphanumeric() && !"_-*".contains(*letter);
        let letter = segment.chars().find(strange).unwrap_or_default();
        let (text, segment) = (text.escape_debug(), segment.escape_debug());
        format!(
            "in the {noun} `{text}`, bytes {range:?}, `{segment}` has {letter:?}; segments have \
             letters of A-Z and a-z, digits, `_` and `-`"
        )
    }
}
