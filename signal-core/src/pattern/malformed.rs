//! Why a text is no type and no pattern.

use std::error::Error;
use std::fmt;
use std::ops::Range;

use enact_grammar::signal::{Mistake, MistakeKind, Name};

/// Why a text is not the type of a signal, or not a pattern.
///
/// ```
/// use enact_signal_core::{MistakeKind, SignalType};
///
/// let error = SignalType::new("order.*").unwrap_err();
/// assert_eq!((error.kind(), error.range()), (MistakeKind::Wildcard, 6..7));
/// assert_eq!(error.code(), "signal.malformed_type");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MalformedName {
    mistake: Mistake,
    /// Bounded, however long the text was.
    words: Box<str>,
}

impl MalformedName {
    pub(super) fn new(mistake: Mistake, text: &str) -> Self {
        let words = mistake.explain(text).into();
        Self { mistake, words }
    }

    /// What is wrong.
    pub fn kind(&self) -> MistakeKind {
        self.mistake.kind()
    }

    /// Which bytes of the text are wrong: a segment, or all of them.
    pub fn range(&self) -> Range<usize> {
        self.mistake.range()
    }

    /// What programs know the error by: `signal.malformed_type` or `signal.malformed_pattern`.
    pub fn code(&self) -> &'static str {
        match self.mistake.name() {
            Name::Type => "signal.malformed_type",
            Name::Pattern => "signal.malformed_pattern",
        }
    }
}

impl fmt::Display for MalformedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words)
    }
}

impl Error for MalformedName {}
