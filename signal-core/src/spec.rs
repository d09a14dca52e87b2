//! What a signal says of itself: a constant, known while compiling.

use enact_action_core::spec::SourcePlace;
use serde_json::Value;

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
    /// The URI of its schema.
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
pub(crate) const URN: &str = "urn:enact:signal:";

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
}

/// The version that a schema's URI tells of a type: only those that are made of versions do.
pub(crate) fn version(ty: &str, dataschema: &str) -> Option<u32> {
    let rest = dataschema.strip_prefix(URN)?;
    rest.strip_prefix(ty)?.strip_prefix(':')?.parse().ok()
}
