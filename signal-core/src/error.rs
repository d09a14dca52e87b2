//! Why a signal could not be sealed, written, read or opened.

use std::error::Error;
use std::fmt;

use enact_action_core::Violations;

use crate::envelope::shown_bare;

/// Why a signal could not be sealed, written, read or opened.
///
/// None of it goes away by trying again: the bytes, the types or the limits must change.
#[derive(Debug)]
pub struct SignalError(Box<Cause>);

#[derive(Debug)]
struct Cause {
    kind: Kind,
    what: String,
    defects: Vec<Defect>,
    violations: Option<Violations>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

/// What kind of thing went wrong, each with a stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// What came, or was drafted, is no CloudEvent: see [`SignalError::defects`].
    Malformed,
    /// The payload breaks its own rules: see [`SignalError::violations`].
    Invalid,
    /// The envelope carries a signal of another type or version than was asked for.
    Mismatch,
    /// It is larger than the limits allow.
    TooLarge,
    /// It is in a format or a version that is not read here, or that can't be written so.
    Unsupported,
    /// The payload's own serialization failed.
    Unwritable,
}

impl Kind {
    /// The code as it stands in JSON and metrics.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "signal.malformed",
            Self::Invalid => "signal.invalid",
            Self::Mismatch => "signal.mismatch",
            Self::TooLarge => "signal.too_large",
            Self::Unsupported => "signal.unsupported",
            Self::Unwritable => "signal.unwritable",
        }
    }
}

/// One attribute that is not as CloudEvents asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Defect {
    /// The attribute's name: the beginning of a long one, and what is odd in it escaped.
    pub attribute: String,
    /// What is wrong with it, and what to write instead.
    pub what: String,
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.attribute, self.what)
    }
}

impl SignalError {
    pub(crate) fn new(kind: Kind, what: impl Into<String>) -> Self {
        Self(Box::new(Cause {
            kind,
            what: what.into(),
            defects: Vec::new(),
            violations: None,
            source: None,
        }))
    }

    pub(crate) fn malformed(mut defects: Vec<Defect>) -> Self {
        for defect in &mut defects {
            defect.attribute = shown_bare(&defect.attribute);
        }
        let mut error = Self::new(Kind::Malformed, "this is no CloudEvent");
        error.0.defects = defects;
        error
    }

    pub(crate) fn invalid(what: String, violations: Violations) -> Self {
        let mut error = Self::new(Kind::Invalid, what);
        error.0.violations = Some(violations);
        error
    }

    pub(crate) fn too_large(what: &str, found: usize, allowed: usize, unit: &str) -> Self {
        let what = format!("{what} has {found} {unit}, and {allowed} are allowed");
        Self::new(Kind::TooLarge, what)
    }

    pub(crate) fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What kind of thing went wrong.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The kind's stable code.
    pub fn code(&self) -> &'static str {
        self.0.kind.code()
    }

    /// The attributes that are wrong, all of them; none, but where it is [`Kind::Malformed`].
    pub fn defects(&self) -> &[Defect] {
        &self.0.defects
    }

    /// The payload's violations, where it is [`Kind::Invalid`].
    pub fn violations(&self) -> Option<&Violations> {
        self.0.violations.as_ref()
    }
}

impl fmt::Display for SignalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.what)?;
        for (index, defect) in self.0.defects.iter().enumerate() {
            f.write_str(if index == 0 { ": " } else { "; " })?;
            defect.fmt(f)?;
        }
        match &self.0.violations {
            Some(violations) => write!(f, ":\n{violations}"),
            None => Ok(()),
        }
    }
}

impl Error for SignalError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let source = self.0.source.as_deref()?;
        Some(source)
    }
}
