//! A portable regular expression, compiled.

use regex::{Regex, RegexBuilder};

use crate::portable::{PatternError, write_out};

/// What a compiled pattern may weigh; a tenth of what other validators allow by default.
const SIZE_LIMIT: usize = 1 << 20;

/// A regular expression that means the same here and wherever its schema is read.
///
/// It matches anywhere in a string, as in ECMA-262 with the `u` flag; `^` and `$` are the ends of
/// the string.
#[derive(Clone, Debug)]
pub struct Pattern {
    source: String,
    regex: Regex,
}

impl Pattern {
    /// Compiles a portable pattern.
    ///
    /// # Errors
    ///
    /// Returns an error if the pattern is not [portable](crate::portable::check_portable), or if
    /// its repetitions make it larger than a mebibyte.
    pub fn new(pattern: &str) -> Result<Self, PatternError> {
        let regex = RegexBuilder::new(&write_out(pattern)?)
            .size_limit(SIZE_LIMIT)
            .build()
            .map_err(|_| PatternError::too_large(pattern))?;
        Ok(Self {
            source: pattern.to_owned(),
            regex,
        })
    }

    /// The pattern as its author wrote it.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The pattern as a schema should show it, with `.`, `\d`, `\w` and `\s` written out.
    ///
    /// Engines differ in what those stand for. This text is also what is compiled here, so both
    /// sides run the same classes.
    pub fn published(&self) -> &str {
        self.regex.as_str()
    }

    /// Whether the pattern matches somewhere in `text`.
    pub fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}
