//! What a signal says of itself: a constant, known while compiling.

use enact_action_core::spec::SourcePlace;
use serde_json::Value;

use crate::envelope::Envelope;

/// What a signal says of itself; `#[signal]` writes it.
///
/// ```
/// use enact_signal_core::Spec;
///
/// const SPEC: Spec = Spec::new("order.created").source("/orders").version(2);
/// assert_eq!(SPEC.source, "/orders");
/// ```
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Spec {
    /// The type under which it travels, such as `order.created`.
    pub ty: &'static str,
    /// Where it comes from, unless its draft says otherwise: a URI-reference.
    pub source: &'static str,
    /// Its version, which counts incompatible changes.
    pub version: Option<u32>,
    /// The URI of its schema; where there is none and there is a version, one is made of that.
    pub dataschema: Option<&'static str>,
    /// What it means: the doc comment.
    pub description: &'static str,
    /// The extensions that each one carries.
    pub extensions: &'static [(&'static str, Constant)],
    /// The JSON Schema of its payload.
    pub schema: Option<fn() -> &'static Value>,
    /// Where it is written.
    pub place: Option<SourcePlace>,
}

/// The value of an extension that each signal of a type carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named after what it holds")]
pub enum Constant {
    Boolean(bool),
    Integer(i32),
    String(&'static str),
}

/// What the URI of a schema begins with where only a version was given.
const URN: &str = "urn:enact:signal:";

impl Spec {
    /// The spec of a signal of that type with everything else at its default; its source is `/`.
    pub const fn new(ty: &'static str) -> Self {
        Self {
            ty,
            source: "/",
            version: None,
            dataschema: None,
            description: "",
            extensions: &[],
            schema: None,
            place: None,
        }
    }

    /// The same from that source.
    #[must_use]
    pub const fn source(self, source: &'static str) -> Self {
        Self { source, ..self }
    }

    /// The same in that version.
    #[must_use]
    pub const fn version(self, version: u32) -> Self {
        Self {
            version: Some(version),
            ..self
        }
    }

    /// The same with that URI of its schema.
    #[must_use]
    pub const fn dataschema(self, dataschema: &'static str) -> Self {
        Self {
            dataschema: Some(dataschema),
            ..self
        }
    }

    /// Whether an envelope carries it: its type, and no version that is told and is another.
    pub(crate) fn fits(&self, envelope: &Envelope) -> bool {
        self.ty == envelope.ty().as_str() && self.reads(envelope.version())
    }

    /// Whether what says that version, or none, may be read as this one.
    pub(crate) fn reads(&self, found: Option<u32>) -> bool {
        match (self.version, found) {
            (Some(wanted), Some(found)) => wanted == found,
            _ => true,
        }
    }

    /// Whether an envelope of the one may be taken for the other.
    pub(crate) const fn blurs(&self, other: &Self) -> bool {
        if !equal(self.ty, other.ty) {
            return false;
        }
        match (self.told(), other.told()) {
            (Some(one), Some(other)) => one == other,
            _ => true,
        }
    }

    /// The version that its envelopes tell.
    const fn told(&self) -> Option<u32> {
        match self.dataschema {
            Some(uri) if !begins(uri, URN) => None,
            _ => self.version,
        }
    }
}

/// Whether two texts are one, known while compiling.
pub(crate) const fn equal(one: &str, other: &str) -> bool {
    one.len() == other.len() && begins(one, other)
}

/// Whether a text begins with another, known while compiling.
const fn begins(text: &str, with: &str) -> bool {
    let (text, with) = (text.as_bytes(), with.as_bytes());
    if text.len() < with.len() {
        return false;
    }
    let mut at = 0;
    while at < with.len() {
        if text[at] != with[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// The URI of a schema of which only a version is known.
pub(crate) fn urn(ty: &str, version: u32) -> String {
    format!("{URN}{ty}:{version}")
}

/// The version that a schema's URI tells of a type: only those that are made of versions do.
pub(crate) fn version(ty: &str, dataschema: &str) -> Option<u32> {
    let rest = dataschema.strip_prefix(URN)?;
    rest.strip_prefix(ty)?.strip_prefix(':')?.parse().ok()
}
