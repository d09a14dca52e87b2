//! What `#[signal(…)]` has been told, with the tokens that told it.

use proc_macro2::TokenStream;
use syn::{Attribute, DeriveInput, Fields, Ident, LitStr, Path, Type};

use enact_macro_support::docs::Description;
use enact_macro_support::keys::Key;

/// A struct or an enum with the attribute on it.
pub(crate) struct Item {
    /// The item without the attribute, and without those of its variants.
    pub(crate) input: DeriveInput,
    pub(crate) root: Path,
    pub(crate) keys: Keys,
    pub(crate) description: Option<Description>,
    pub(crate) shape: Shape,
    /// Serde's `rename_all_fields`, where the shape is several.
    pub(crate) case: Option<Key>,
}

/// What the item is.
pub(crate) enum Shape {
    /// One signal: a struct, or an enum whose variants are of one type.
    One,
    /// One of several signals.
    Several(Vec<Variant>),
    Union,
}

/// One signal of an enum.
pub(crate) struct Variant {
    pub(crate) ident: Ident,
    /// Its `cfg`s.
    pub(crate) gate: Vec<Attribute>,
    /// What the struct that stands for it is told, as are its fields.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) fields: Fields,
    pub(crate) description: Option<Description>,
    pub(crate) kind: Kind,
    /// The conditions under which serde's attributes of its own rename it.
    pub(crate) renamed: Vec<TokenStream>,
    /// The same, for its fields.
    pub(crate) cased: Vec<TokenStream>,
}

/// Whose signal a variant is.
pub(crate) enum Kind {
    /// Its own: it says its type.
    Own(Box<Keys>),
    /// That of what it holds.
    Held(Box<Type>),
    /// Nobody's, which has had its error.
    Faulty,
}

/// The keys of one signal.
#[derive(Default)]
pub(crate) struct Keys {
    pub(crate) ty: Option<LitStr>,
    /// Whether `type` is there, be it broken.
    pub(crate) typed: Option<Key>,
    pub(crate) source: Option<LitStr>,
    pub(crate) version: Option<u32>,
    pub(crate) dataschema: Option<LitStr>,
    pub(crate) extensions: Vec<Extension>,
    /// Keys that are those of params: `check`, `open`, `no_new`.
    pub(crate) params: Vec<Key>,
}

/// An attribute that each signal of a type carries.
pub(crate) struct Extension {
    pub(crate) name: Key,
    pub(crate) value: Value,
}

/// The value of an extension.
#[derive(Clone)]
pub(crate) enum Value {
    Boolean(bool),
    Integer(i32),
    String(String),
    Broken,
}

impl Item {
    /// Whether it is a union, of which nothing can be made.
    pub(crate) fn is_union(&self) -> bool {
        matches!(self.shape, Shape::Union)
    }
}
