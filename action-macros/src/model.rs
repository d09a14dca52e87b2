//! What a derive has been told, with the tokens that told it.

use std::time::Duration;

use proc_macro2::{Span, TokenStream};
use syn::{Attribute, Expr, Generics, Ident, Path, PathSegment, Type, Visibility};

use enact_macro_support::docs::Description;
use enact_macro_support::keys::Key;
use enact_macro_support::retry::Retry;

/// Which derive is at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Action,
    Params,
}

impl Role {
    /// The attribute of the item.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::Action => "action",
            Self::Params => "params",
        }
    }
}

/// A struct or an enum with the derive on it.
pub(crate) struct Item {
    pub(crate) role: Role,
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) generics: Generics,
    pub(crate) description: Option<Description>,
    /// The attributes that the mirror repeats: docs, serde's and schemars'.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) root: Path,
    pub(crate) open: bool,
    pub(crate) no_new: bool,
    pub(crate) descriptions: Descriptions,
    pub(crate) checks: Vec<Path>,
    pub(crate) spec: SpecKeys,
    pub(crate) shape: Shape,
    pub(crate) serde: SerdeItem,
}

/// The keys that only an action has.
#[derive(Default)]
pub(crate) struct SpecKeys {
    pub(crate) name: Option<(String, TokenStream)>,
    pub(crate) title: Option<String>,
    pub(crate) category: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) writes: Vec<String>,
    pub(crate) writing: Option<Key>,
    pub(crate) effect: Option<Effect>,
    pub(crate) timeout: Option<(Duration, Key)>,
    pub(crate) deadline: Option<(Duration, Key)>,
    pub(crate) grace: Option<Duration>,
    pub(crate) undo_timeout: Option<Duration>,
    pub(crate) retry: Option<(Retry, Key)>,
    pub(crate) undo: Option<Key>,
    /// The question, where it gives one.
    pub(crate) confirm: Option<(Option<String>, Key)>,
    pub(crate) dry_run: Option<Key>,
    pub(crate) needs: Vec<Type>,
}

/// What running does to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Read,
    Idempotent,
    Write,
}

/// Whether fields may go without a description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Descriptions {
    /// Models go by them.
    Needed,
    /// `terse`: no model reads them.
    Free,
}

/// What the item is made of.
pub(crate) enum Shape {
    /// `struct A { … }` and `struct A;`, which reads as `{}`.
    Record(Vec<Field>),
    /// `struct A(…)`.
    Tuple(Vec<Field>),
    Enum(Vec<Variant>),
}

/// One variant of an enum.
pub(crate) struct Variant {
    pub(crate) ident: Ident,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) wire: String,
    /// Where the wire name is given.
    pub(crate) renamed: Option<Key>,
    pub(crate) aliases: Vec<(String, Key)>,
    pub(crate) skipped: bool,
    /// Whether it stands without its name, by an attribute of its own.
    pub(crate) untagged: bool,
    pub(crate) style: Style,
    pub(crate) fields: Vec<Field>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    Unit,
    Tuple,
    Record,
}

/// One field.
pub(crate) struct Field {
    /// The name, or none in a tuple.
    pub(crate) ident: Option<Ident>,
    pub(crate) index: usize,
    pub(crate) ty: Type,
    pub(crate) attrs: Vec<Attribute>,
    /// Whether it has a doc comment.
    pub(crate) described: bool,
    pub(crate) wire: String,
    /// Where the wire name is given.
    pub(crate) renamed: Option<Key>,
    pub(crate) aliases: Vec<(String, Key)>,
    /// The key that says so.
    pub(crate) flatten: Option<Key>,
    pub(crate) reading: Reading,
    pub(crate) default: Option<FieldDefault>,
    pub(crate) examples: Vec<Expr>,
    pub(crate) rules: Rules,
}

/// How a field is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// By its type, which is a param.
    Typed,
    /// By serde, and its schema is all that is known.
    Opaque,
    /// By a function of serde's, so that nothing is known.
    Elsewhere,
    /// Not at all.
    Skipped,
}

/// `default` or `default = …`.
pub(crate) enum FieldDefault {
    /// serde's own, which may be any function.
    Serde,
    Trait(Span),
    Is(Expr),
}

/// The rules of a field, of its items or of its keys.
#[derive(Default)]
pub(crate) struct Rules {
    pub(crate) min: Option<(Number, Key)>,
    pub(crate) max: Option<(Number, Key)>,
    pub(crate) exclusive_min: Option<(Number, Key)>,
    pub(crate) exclusive_max: Option<(Number, Key)>,
    pub(crate) multiple_of: Option<(Number, Key)>,
    pub(crate) len: Option<(u64, Option<u64>, Key)>,
    pub(crate) pattern: Option<(String, Key)>,
    pub(crate) format: Option<(enact_grammar::format::Format, Key)>,
    pub(crate) unique: Option<Key>,
    pub(crate) one_of: Option<(Vec<Literal>, Key)>,
    pub(crate) items: Option<(Box<Self>, Key)>,
    pub(crate) keys: Option<(Box<Self>, Key)>,
    pub(crate) secret: Option<Key>,
    pub(crate) class: Option<(String, Key)>,
    pub(crate) checks: Vec<(Path, Key)>,
}

/// A number as it is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Number {
    Int(i64),
    Uint(u64),
    Float(f64),
}

/// A value that `one_of` lists.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    Text(String),
    Number(Number),
}

/// What serde's attributes on the item say.
#[derive(Default)]
pub(crate) struct SerdeItem {
    pub(crate) tag: Option<(String, Key)>,
    pub(crate) content: Option<(String, Key)>,
    pub(crate) untagged: Option<Key>,
    pub(crate) default: Option<Key>,
    pub(crate) denies: Option<Key>,
    /// The name of the schema, where it is given.
    pub(crate) renamed: Option<String>,
    /// Whether the schema is written out wherever it is used.
    pub(crate) inline: bool,
    pub(crate) transparent: bool,
    /// The type that is read in place of this one: `from` or `try_from`.
    pub(crate) from: Option<(String, Key)>,
    /// The type that is written in place of this one.
    pub(crate) into: Option<(String, Key)>,
}

impl SerdeItem {
    /// Whether serde decides the shape.
    pub(crate) fn is_elsewhere(&self) -> bool {
        self.transparent || self.from.is_some()
    }
}

impl Item {
    /// Every field, those of variants too.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &Field> {
        let (own, variants): (&[Field], &[Variant]) = match &self.shape {
            Shape::Record(fields) | Shape::Tuple(fields) => (fields, &[]),
            Shape::Enum(variants) => (&[], variants),
        };
        own.iter()
            .chain(variants.iter().flat_map(|variant| &variant.fields))
    }
}

impl Item {
    /// The fields that are read at all, where the item is.
    pub(crate) fn read_fields(&self) -> impl Iterator<Item = &Field> {
        let skipped = |field: &Field| match &self.shape {
            Shape::Record(_) | Shape::Tuple(_) => false,
            Shape::Enum(variants) => variants.iter().any(|variant| {
                variant.skipped
                    && variant
                        .fields
                        .iter()
                        .any(|other| std::ptr::eq(other, field))
            }),
        };
        self.fields()
            .filter(move |field| !field.is_skipped() && !skipped(field))
    }

    /// The fields that are read by their types' own rules.
    pub(crate) fn typed_fields(&self) -> impl Iterator<Item = &Field> {
        self.read_fields().filter(|field| field.is_typed())
    }
}

impl Field {
    /// Whether what is in it stands beside it.
    pub(crate) fn is_flattened(&self) -> bool {
        self.flatten.is_some()
    }

    /// Whether it is never read.
    pub(crate) fn is_skipped(&self) -> bool {
        self.reading == Reading::Skipped
    }

    /// Whether it is read by its type, and not by a function or not at all.
    pub(crate) fn is_typed(&self) -> bool {
        matches!(self.reading, Reading::Typed | Reading::Opaque)
    }

    /// Whether the type is spelled `Option<…>`, which serde's derive goes by too.
    pub(crate) fn is_option(&self) -> bool {
        let Some(segment) = last_segment(&self.ty) else {
            return false;
        };
        // A type of the user's own that is called so holds nothing.
        segment.ident == "Option" && !segment.arguments.is_empty()
    }

    /// The name in bindings: not its own, which would hide a function that is called so.
    pub(crate) fn binding(&self) -> Ident {
        quote::format_ident!("__field_{}", self.index)
    }
}

/// The last part of a type's path, out of the invisible group around a macro's fragment.
pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ty {
        Type::Path(path) => path.path.segments.last(),
        Type::Group(group) => last_segment(&group.elem),
        Type::Paren(paren) => last_segment(&paren.elem),
        _ => None,
    }
}
